package kms

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateKey makes a key with fresh material, or, of origin EXTERNAL, one that
// waits for its material.
func (s *Service) CreateKey(ctx context.Context, in *kms.CreateKeyInput) (*kms.CreateKeyOutput, error) {
	k, err := s.newKey(ctx, in)
	if err != nil {
		return nil, err
	}
	var secret []byte
	if k.Origin == types.OriginTypeAwsKms {
		if secret, k.Public, err = makeSecret(k.Spec); err != nil {
			return nil, err
		}
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if secret == nil {
			return s.put(tx, k)
		}
		return s.add(tx, k, secret)
	})
	if err != nil {
		return nil, err
	}
	return &kms.CreateKeyOutput{KeyMetadata: k.metadata()}, nil
}

// newKey is the key that a request describes, or why it cannot be.
func (s *Service) newKey(ctx context.Context, in *kms.CreateKeyInput) (*Key, error) {
	call := api.CallFrom(ctx)
	name, err := specWanted(in)
	if err != nil {
		return nil, err
	}
	usage, err := usageOf(name, in.KeyUsage)
	if err != nil {
		return nil, err
	}
	if err := originOffered(in, name); err != nil {
		return nil, err
	}
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	k := &Key{
		ID: s.ids.UUID(), Account: call.Account, Region: call.Region, Created: s.clock.Now(), Description: text(in.Description),
		Spec: name, Usage: usage, Origin: types.OriginTypeAwsKms, Manager: types.KeyManagerTypeCustomer, Policy: defaultPolicy(call.Account), Tags: tags,
	}
	if in.Origin != "" {
		k.Origin = in.Origin
	}
	if in.Policy != nil {
		k.Policy = *in.Policy
	}
	return k, checkPolicy(call, k, k.Policy, in.BypassPolicyLockoutSafetyCheck)
}

// specWanted reads KeySpec and the name it had before.
func specWanted(in *kms.CreateKeyInput) (types.KeySpec, error) {
	old := types.KeySpec(in.CustomerMasterKeySpec) //nolint:staticcheck // older clients send it
	switch {
	case in.KeySpec != "" && old != "":
		return "", invalid("You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.")
	case in.KeySpec != "":
		return in.KeySpec, nil
	case old != "":
		return old, nil
	}
	return types.KeySpecSymmetricDefault, nil
}

func originOffered(in *kms.CreateKeyInput, name types.KeySpec) error {
	switch {
	case in.MultiRegion != nil && *in.MultiRegion:
		return unsupported("Multi-Region keys are not supported here.")
	case in.CustomKeyStoreId != nil || in.XksKeyId != nil ||
		in.Origin == types.OriginTypeAwsCloudhsm || in.Origin == types.OriginTypeExternalKeyStore:
		return unsupported("Custom key stores are not supported here.")
	case in.Origin == types.OriginTypeExternal && name != types.KeySpecSymmetricDefault:
		return unsupported("Key material for KeySpec " + string(name) + " cannot be imported here.")
	}
	return nil
}

func (s *Service) createKeyChecks(ctx context.Context, in *kms.CreateKeyInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	keys, sets := tagKeys(plainTags(in.Tags))
	name, err := specWanted(in)
	if err != nil {
		name = in.KeySpec
	}
	origin, usage := in.Origin, in.KeyUsage
	if origin == "" {
		origin = types.OriginTypeAwsKms
	}
	if usage == "" {
		usage = types.KeyUsageTypeEncryptDecrypt
	}
	maps.Copy(keys, with(
		"kms:KeySpec", string(name), "kms:KeyUsage", string(usage), "kms:KeyOrigin", string(origin),
		"kms:MultiRegion", flag(in.MultiRegion != nil && *in.MultiRegion),
		"kms:BypassPolicyLockoutSafetyCheck", flag(in.BypassPolicyLockoutSafetyCheck),
	))
	checks := onAll(call, "kms:CreateKey", keys, sets)
	if len(in.Tags) > 0 {
		checks = append(checks, api.Check{
			Action: "kms:TagResource", Resource: keyARN(store.In(call.Place()), "*"), Keys: checks[0].Keys, Sets: checks[0].Sets,
		})
	}
	return checks, nil
}
