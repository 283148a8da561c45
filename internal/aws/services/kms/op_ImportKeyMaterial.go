package kms

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ImportKeyMaterial brings material from outside into a key: its first, one
// that it had, or one to rotate to.
func (s *Service) ImportKeyMaterial(ctx context.Context, in *kms.ImportKeyMaterialInput) (*kms.ImportKeyMaterialOutput, error) {
	now := s.clock.Now()
	expires, err := expiry(in, now)
	if err != nil {
		return nil, err
	}
	var id string
	k, err := s.change(ctx, *in.KeyId, func(tx *store.Tx, k *Key) error {
		if err := k.importable("ImportKeyMaterial"); err != nil {
			return err
		}
		if err := k.kept(); err != nil {
			return err
		}
		secret, err := s.unwrap(k, in.ImportToken, in.EncryptedKeyMaterial, now)
		if err != nil {
			return err
		}
		id = importedID(k, secret)
		m, err := s.placeFor(tx, k, id, in)
		if err != nil {
			return err
		}
		if m.Made.IsZero() {
			m.Made = now
		}
		if in.KeyMaterialDescription != nil {
			m.Description = *in.KeyMaterialDescription
		}
		m.Expires = expires
		if m.Sealed, err = s.box.Seal(m.purpose(), secret); err != nil {
			return err
		}
		if err := materials.Put(tx, store.Scope{}, m); err != nil {
			return err
		}
		return k.tally(tx)
	})
	if err != nil {
		return nil, err
	}
	return &kms.ImportKeyMaterialOutput{KeyId: new(k.ARN()), KeyMaterialId: &id}, nil
}

// expiry reads when the material is to expire; zero for never.
func expiry(in *kms.ImportKeyMaterialInput, now time.Time) (time.Time, error) {
	if in.ExpirationModel == types.ExpirationModelTypeKeyMaterialDoesNotExpire {
		if in.ValidTo != nil {
			return time.Time{}, invalid("A validTo date cannot be specified when the expiration model is KEY_MATERIAL_DOES_NOT_EXPIRE.")
		}
		return time.Time{}, nil
	}
	if in.ValidTo == nil {
		return time.Time{}, invalid("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES")
	}
	if !in.ValidTo.After(now) || in.ValidTo.After(now.Add(mostValid)) {
		return time.Time{}, invalid("The validTo date must be in the future and at most 365 days away.")
	}
	return *in.ValidTo, nil
}

// placeFor is the record that the material goes into.
func (s *Service) placeFor(tx *store.Tx, k *Key, id string, in *kms.ImportKeyMaterialInput) (*material, error) {
	incorrect := func(text string) error { return &types.IncorrectKeyMaterialException{Message: &text} }
	m, err := materials.Get(tx, store.Scope{}, id)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	known := err == nil
	isNew := in.ImportType == types.ImportTypeNewKeyMaterial || in.ImportType == "" && k.Material == ""
	switch {
	case isNew && in.KeyMaterialId != nil:
		return nil, invalid("KeyMaterialId cannot be specified when ImportType is NEW_KEY_MATERIAL.")
	case in.KeyMaterialId != nil && *in.KeyMaterialId != id:
		return nil, incorrect("The key material is not the one with the given key material ID.")
	case !isNew && !known:
		return nil, incorrect("The key material is not one that was imported into key " + k.ARN() + " before.")
	case isNew && known:
		return nil, incorrect("The key material was imported into key " + k.ARN() + " before.")
	case known:
		return m, nil
	case k.Pending != "":
		return nil, invalidState(k.ARN(), "pending rotation")
	}
	if k.Material == "" {
		k.Material = id
	} else {
		k.Pending = id
	}
	return &material{ID: id, Account: k.Account, Region: k.Region, Key: k.ID, Imported: true}, nil
}

func (s *Service) importKeyMaterialChecks(ctx context.Context, in *kms.ImportKeyMaterialInput) ([]api.Check, error) {
	model := in.ExpirationModel
	if model == "" {
		model = types.ExpirationModelTypeKeyMaterialExpires
	}
	a := ask{action: "kms:ImportKeyMaterial", home: true, keys: with("kms:ExpirationModel", string(model))}
	if in.ValidTo != nil {
		a.keys["kms:ValidTo"] = in.ValidTo.UTC().Format(time.RFC3339)
	}
	return s.on(ctx, text(in.KeyId), a)
}
