package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RotateKeyOnDemand makes new material current at once; the old one goes on
// decrypting. The schedule of rotation by time stays.
func (s *Service) RotateKeyOnDemand(ctx context.Context, in *kms.RotateKeyOnDemandInput) (*kms.RotateKeyOnDemandOutput, error) {
	k, err := s.change(ctx, *in.KeyId, func(tx *store.Tx, k *Key) error {
		if err := k.rotatable("RotateKeyOnDemand"); err != nil {
			return err
		}
		if err := k.usable(); err != nil {
			return err
		}
		if k.Rotated >= maxOnDemand {
			return &types.LimitExceededException{Message: new("The key " + k.ARN() + " was rotated on demand 25 times, which is the quota.")}
		}
		k.Rotated++
		if k.Origin == types.OriginTypeExternal {
			return s.rotateToPending(tx, k)
		}
		return s.renew(tx, k, types.RotationTypeOnDemand, s.clock.Now())
	})
	if err != nil {
		return nil, err
	}
	return &kms.RotateKeyOnDemandOutput{KeyId: new(k.ARN())}, nil
}

func (s *Service) rotateKeyOnDemandChecks(ctx context.Context, in *kms.RotateKeyOnDemandInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:RotateKeyOnDemand", home: true})
}
