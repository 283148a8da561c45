package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetKeyRotationStatus says whether and when a key rotates by time.
func (s *Service) GetKeyRotationStatus(ctx context.Context, in *kms.GetKeyRotationStatusInput) (*kms.GetKeyRotationStatusOutput, error) {
	var k *Key
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		k, err = findKey(tx, api.CallFrom(ctx), *in.KeyId)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !k.symmetric() {
		return nil, unsupportedFor("GetKeyRotationStatus", k)
	}
	out := &kms.GetKeyRotationStatusOutput{KeyId: new(k.ARN())}
	if k.Period > 0 && k.Deletion.IsZero() {
		out.KeyRotationEnabled, out.RotationPeriodInDays, out.NextRotationDate = true, &k.Period, &k.Rotates
	}
	return out, nil
}

func (s *Service) getKeyRotationStatusChecks(ctx context.Context, in *kms.GetKeyRotationStatusInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:GetKeyRotationStatus"})
}
