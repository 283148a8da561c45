package kms

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ciphertext is what a request wants decrypted.
type ciphertext struct {
	blob      []byte
	context   map[string]string
	key       string // as the request names it; may be empty for symmetric ones
	algorithm types.EncryptionAlgorithmSpec
	modifiers []types.DryRunModifierType
	operation string
}

func (c *ciphertext) symmetric() bool {
	return c.algorithm == types.EncryptionAlgorithmSpecSymmetricDefault
}

// blind: a dry run that leaves the ciphertext out.
func (c *ciphertext) blind() bool {
	return slices.Contains(c.modifiers, types.DryRunModifierTypeIgnoreCiphertext)
}

// locate finds the material that a symmetric ciphertext names.
func (c *ciphertext) locate(tx *store.Tx) (*material, error) {
	b, ok := parseBlob(c.blob)
	if !ok {
		return nil, badCiphertext()
	}
	m, err := materials.Get(tx, store.Scope{}, b.material)
	if errors.Is(err, store.ErrNotFound) {
		return nil, foreignCiphertext()
	}
	return m, err
}

// target is the key that decrypts: the one that is named, else the one that the
// ciphertext names. m is nil where the current material is meant.
func (c *ciphertext) target(tx *store.Tx, call *api.Call) (k *Key, m *material, err error) {
	if c.key != "" {
		if k, err = find(tx, call, c.key); err != nil {
			return nil, nil, err
		}
	}
	if !c.symmetric() || c.blind() {
		if k == nil {
			return nil, nil, invalid("KeyId is required when the ciphertext does not identify the KMS key.")
		}
		return k, nil, nil
	}
	if m, err = c.locate(tx); err != nil {
		if k != nil {
			return k, nil, badCiphertext()
		}
		return nil, nil, err
	}
	if k == nil {
		if m.Region != call.Region {
			return nil, nil, foreignCiphertext()
		}
		k, err = keys.Get(tx, m.scope(), m.Key)
	}
	return k, m, err
}

// decrypt opens a ciphertext; the material that did it is named for symmetric
// keys.
func (s *Service) decrypt(ctx context.Context, c *ciphertext) (k *Key, plain []byte, material string, err error) {
	if len(c.blob) == 0 && !c.blind() {
		return nil, nil, "", invalid("1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null")
	}
	var secret []byte
	err = s.store.View(ctx, func(tx *store.Tx) error {
		found, m, err := c.target(tx, api.CallFrom(ctx))
		if err != nil {
			return err
		}
		k = found
		if m != nil && m.Key != k.ID {
			return wrongKey()
		}
		if err := k.usableFor(types.KeyUsageTypeEncryptDecrypt, c.operation); err != nil {
			return err
		}
		if err := encrypts(k, c.algorithm, c.context); err != nil {
			return err
		}
		if m == nil {
			secret, err = s.current(tx, k)
			return err
		}
		if len(m.Sealed) == 0 {
			return invalidState(k.ARN(), "pending import")
		}
		material = m.ID
		secret, err = s.secret(m)
		return err
	})
	if err != nil || c.blind() {
		return k, nil, material, err
	}
	plain, ok, err := c.open(secret)
	if err == nil && !ok {
		err = badCiphertext()
	}
	return k, plain, material, err
}

func (c *ciphertext) open(secret []byte) (plain []byte, ok bool, err error) {
	if !c.symmetric() {
		return decryptRSA(secret, c.algorithm, c.blob)
	}
	b, ok := parseBlob(c.blob)
	if !ok {
		return nil, false, nil
	}
	return decrypt(secret, b, c.context)
}

// check is the check on the key that decrypts. Where none is to be found the
// check is on every key, so that the operation can say so to those who may.
func (s *Service) checkCiphertext(ctx context.Context, c *ciphertext, a ask) (check api.Check, id string, err error) {
	call := api.CallFrom(ctx)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if c.key != "" {
			if k, err := find(tx, call, c.key); err == nil {
				id = k.ID
			}
			check, err = checkOn(tx, call, c.key, a)
			return err
		}
		k, _, err := c.target(tx, call)
		if k == nil || err != nil {
			if _, ours := errors.AsType[smithy.APIError](err); err == nil || ours {
				check = api.Check{Action: a.action, Resource: keyARN(store.In(call.Place()), "*"), Keys: a.allKeys(call, nil), Sets: a.allSets()}
				return nil
			}
			return err
		}
		id = k.ID
		check, err = a.check(tx, call, k)
		return err
	})
	return check, id, err
}
