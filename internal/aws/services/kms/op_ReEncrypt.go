package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
)

// ReEncrypt opens a ciphertext and encrypts what was in it under another key,
// context or algorithm.
func (s *Service) ReEncrypt(ctx context.Context, in *kms.ReEncryptInput) (*kms.ReEncryptOutput, error) {
	if err := onlyDry(in.DryRun, in.DryRunModifiers); err != nil {
		return nil, err
	}
	to := algorithm(in.DestinationEncryptionAlgorithm)
	k, secret, err := s.begin(ctx, use{
		key: *in.DestinationKeyId, tokens: in.GrantTokens, usage: types.KeyUsageTypeEncryptDecrypt, operation: "ReEncrypt",
		fits: func(k *Key) error { return encrypts(k, to, in.DestinationEncryptionContext) },
	})
	if err != nil {
		return nil, err
	}
	c := reEncryptCiphertext(in)
	source, plain, material, err := s.decrypt(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := dryRun(in.DryRun); err != nil {
		return nil, err
	}
	blob, err := k.seal(secret, to, plain, in.DestinationEncryptionContext)
	if err != nil {
		return nil, err
	}
	out := &kms.ReEncryptOutput{
		CiphertextBlob: blob, SourceKeyId: new(source.ARN()), KeyId: new(k.ARN()),
		SourceEncryptionAlgorithm: c.algorithm, DestinationEncryptionAlgorithm: to,
	}
	if material != "" {
		out.SourceKeyMaterialId = &material
	}
	if k.symmetric() {
		out.DestinationKeyMaterialId = &k.Material
	}
	return out, nil
}

func reEncryptCiphertext(in *kms.ReEncryptInput) *ciphertext {
	return &ciphertext{
		blob: in.CiphertextBlob, context: in.SourceEncryptionContext, key: text(in.SourceKeyId), operation: "ReEncrypt",
		algorithm: algorithm(in.SourceEncryptionAlgorithm), modifiers: in.DryRunModifiers,
	}
}

func (s *Service) reEncryptChecks(ctx context.Context, in *kms.ReEncryptInput) ([]api.Check, error) {
	from, id, err := s.checkCiphertext(ctx, reEncryptCiphertext(in), ask{
		action: "kms:ReEncryptFrom", grant: types.GrantOperationReEncryptFrom, context: in.SourceEncryptionContext,
		keys: with("kms:EncryptionAlgorithm", string(algorithm(in.SourceEncryptionAlgorithm))),
	})
	if err != nil {
		return nil, err
	}
	to, err := s.on(ctx, text(in.DestinationKeyId), ask{
		action: "kms:ReEncryptTo", grant: types.GrantOperationReEncryptTo, context: in.DestinationEncryptionContext,
		keys: with("kms:EncryptionAlgorithm", string(algorithm(in.DestinationEncryptionAlgorithm))),
	})
	if err != nil {
		return nil, err
	}
	same := flag(id != "" && from.Resource == to[0].Resource)
	from.Keys["kms:ReEncryptOnSameKey"], to[0].Keys["kms:ReEncryptOnSameKey"] = same, same
	return append([]api.Check{from}, to...), nil
}
