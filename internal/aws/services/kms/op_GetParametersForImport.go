package kms

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetParametersForImport returns a public key to wrap material with, and the
// token that goes with it.
func (s *Service) GetParametersForImport(ctx context.Context, in *kms.GetParametersForImportInput) (*kms.GetParametersForImportOutput, error) {
	var k *Key
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		k, err = findKey(tx, api.CallFrom(ctx), *in.KeyId)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := k.importable("GetParametersForImport"); err != nil {
		return nil, err
	}
	if err := k.kept(); err != nil {
		return nil, err
	}
	// The RSA_AES algorithms are for private keys (GetParametersForImport:
	// WrappingAlgorithm), of which none can be imported here.
	if in.WrappingAlgorithm != types.AlgorithmSpecRsaesOaepSha1 && in.WrappingAlgorithm != types.AlgorithmSpecRsaesOaepSha256 {
		return nil, unsupported("WrappingAlgorithm " + string(in.WrappingAlgorithm) + " is not supported for key spec " + string(k.Spec) + ".")
	}
	if rsaBits[types.KeySpec(in.WrappingKeySpec)] == 0 {
		return nil, unsupported("WrappingKeySpec " + string(in.WrappingKeySpec) + " is not supported in this Region.")
	}
	private, public, err := makePair(types.KeySpec(in.WrappingKeySpec))
	if err != nil {
		return nil, err
	}
	until := s.clock.Now().Add(tokenLasts)
	b, err := json.Marshal(importToken{k.Account, k.Region, k.ID, in.WrappingAlgorithm, private, until})
	if err != nil {
		return nil, err
	}
	token, err := s.box.Seal(importPurpose, b)
	if err != nil {
		return nil, err
	}
	return &kms.GetParametersForImportOutput{KeyId: new(k.ARN()), ImportToken: token, PublicKey: public, ParametersValidTo: &until}, nil
}

func (s *Service) getParametersForImportChecks(ctx context.Context, in *kms.GetParametersForImportInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:GetParametersForImport", home: true,
		keys: with("kms:WrappingAlgorithm", string(in.WrappingAlgorithm), "kms:WrappingKeySpec", string(in.WrappingKeySpec)),
	})
}
