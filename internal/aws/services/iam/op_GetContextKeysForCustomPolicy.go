package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// GetContextKeysForCustomPolicy lists the condition keys that policies ask for.
func (s *Service) GetContextKeysForCustomPolicy(_ context.Context, in *iam.GetContextKeysForCustomPolicyInput) (*iam.GetContextKeysForCustomPolicyOutput, error) {
	m := &simulation{names: map[*policy.Document]source{}}
	all, err := m.documents("PolicyInputList", in.PolicyInputList, policy.Parse)
	if err != nil {
		return nil, err
	}
	return &iam.GetContextKeysForCustomPolicyOutput{ContextKeyNames: contextKeys(all)}, nil
}

// contextKeys are the condition keys of policies.
func contextKeys(all []policy.Policy) []string {
	documents := make([]*policy.Document, len(all))
	for i, p := range all {
		documents[i] = p.Document
	}
	return append([]string{}, policy.ContextKeys(documents...)...)
}

func (s *Service) getContextKeysForCustomPolicyChecks(context.Context, *iam.GetContextKeysForCustomPolicyInput) ([]api.Check, error) {
	return api.OnAny("iam:GetContextKeysForCustomPolicy"), nil
}
