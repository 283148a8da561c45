package kms

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

const (
	yearly       = 365
	maxOnDemand  = 25 // rotations on demand of a key (API reference, RotateKeyOnDemand)
	rotationPage = 100
)

// rotatesBy refuses rotation of what cannot be rotated.
func (k *Key) rotatable(operation string) error {
	if err := k.kept(); err != nil {
		return err
	}
	if !k.symmetric() || k.Manager == types.KeyManagerTypeAws {
		return unsupportedFor(operation, k)
	}
	return nil
}

// rotatesAlone refuses rotation by time of imported material too.
func (k *Key) rotatesAlone(operation string) error {
	if err := k.rotatable(operation); err != nil {
		return err
	}
	if k.Origin != types.OriginTypeAwsKms {
		return unsupportedFor(operation, k)
	}
	return k.usable()
}

// asState is how a refusal of an AWS managed key reads where the operation's
// model has no UnsupportedOperationException.
func asState(err error, k *Key) error {
	if _, ok := errors.AsType[*types.UnsupportedOperationException](err); ok {
		return &types.KMSInvalidStateException{Message: new(k.ARN() + " is an AWS managed key, which its account cannot change.")}
	}
	return err
}
