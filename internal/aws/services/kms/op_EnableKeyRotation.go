package kms

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// EnableKeyRotation gives a key new material every period.
func (s *Service) EnableKeyRotation(ctx context.Context, in *kms.EnableKeyRotationInput) (*kms.EnableKeyRotationOutput, error) {
	_, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error {
		if err := k.rotatesAlone("EnableKeyRotation"); err != nil {
			return err
		}
		days := k.Period
		if in.RotationPeriodInDays != nil {
			days = *in.RotationPeriodInDays
		}
		if days == 0 {
			days = yearly
		}
		if days != k.Period { // else a repeat must not put the date off
			k.Period, k.Rotates = days, s.clock.Now().AddDate(0, 0, int(days))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &kms.EnableKeyRotationOutput{}, nil
}

func (s *Service) enableKeyRotationChecks(ctx context.Context, in *kms.EnableKeyRotationInput) ([]api.Check, error) {
	a := ask{action: "kms:EnableKeyRotation", home: true}
	if in.RotationPeriodInDays != nil {
		a.keys = with("kms:RotationPeriodInDays", fmt.Sprint(*in.RotationPeriodInDays))
	}
	return s.on(ctx, text(in.KeyId), a)
}
