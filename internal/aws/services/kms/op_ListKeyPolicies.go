package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListKeyPolicies lists the names of a key's policies: always the one.
func (s *Service) ListKeyPolicies(ctx context.Context, in *kms.ListKeyPoliciesInput) (*kms.ListKeyPoliciesOutput, error) {
	p, err := readPage("ListKeyPolicies", in.Marker, in.Limit, 100, 1000)
	if err != nil {
		// The model of this one has no InvalidMarkerException.
		return nil, invalid("The marker is not valid.")
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		_, err := findKey(tx, api.CallFrom(ctx), *in.KeyId)
		return err
	})
	if err != nil {
		return nil, err
	}
	names := api.Behind([]string{defaultPolicyName}, p.after, func(s string) string { return s })
	return &kms.ListKeyPoliciesOutput{PolicyNames: names}, nil
}

func (s *Service) listKeyPoliciesChecks(ctx context.Context, in *kms.ListKeyPoliciesInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:ListKeyPolicies", home: true})
}
