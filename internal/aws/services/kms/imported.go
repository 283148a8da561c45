package kms

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/store"
)

const (
	// tokenLasts is how long an import token is good (API reference,
	// GetParametersForImport).
	tokenLasts = 24 * time.Hour
	// mostValid is how far ahead imported material may expire (ImportKeyMaterial:
	// ValidTo).
	mostValid = 365 * 24 * time.Hour

	importPurpose = "kms.import-token"
)

// importToken is what GetParametersForImport hands out sealed: the private key
// that unwraps what comes back, and what it is for.
type importToken struct {
	Account, Region, Key string
	Algorithm            types.AlgorithmSpec
	Private              []byte // PKCS #8
	Until                time.Time
}

// importable refuses keys that take no material from outside.
func (k *Key) importable(operation string) error {
	if k.Origin != types.OriginTypeExternal {
		return unsupportedFor(operation, k)
	}
	return nil
}

// unwrap opens the material that a request brings.
func (s *Service) unwrap(k *Key, token, wrapped []byte, now time.Time) ([]byte, error) {
	var t importToken
	b, err := s.box.Open(importPurpose, token)
	if err != nil || json.Unmarshal(b, &t) != nil || t.Key != k.ID || t.Account != k.Account || t.Region != k.Region {
		return nil, &types.InvalidImportTokenException{Message: new("The import token is not valid for key " + k.ARN() + ".")}
	}
	if now.After(t.Until) {
		return nil, &types.ExpiredImportTokenException{Message: new("The import token has expired.")}
	}
	a := types.EncryptionAlgorithmSpec(t.Algorithm) // the OAEP names are the same
	secret, ok, err := decryptRSA(t.Private, a, wrapped)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, badCiphertext()
	case len(secret) != 32:
		return nil, &types.IncorrectKeyMaterialException{Message: new("The key material of a symmetric encryption key must be 256 bits long.")}
	}
	return secret, nil
}

// importedID is the id of a material: the same for the same key and material
// (ImportKeyMaterial: KeyMaterialId).
func importedID(k *Key, secret []byte) string {
	sum := sha256.Sum256(slices.Concat([]byte("tamachi kms material\x00"+k.ARN()+"\x00"), secret))
	return hex.EncodeToString(sum[:])
}

// tally brings the key up to date with its materials: whether one is missing,
// and when the first expires.
func (k *Key) tally(tx *store.Tx) error {
	list, err := materialsOf(tx, k)
	if err != nil {
		return err
	}
	k.Missing, k.Expires = false, time.Time{}
	for _, m := range list {
		if len(m.Sealed) == 0 {
			k.Missing = true
			continue
		}
		if !m.Expires.IsZero() && (k.Expires.IsZero() || m.Expires.Before(k.Expires)) {
			k.Expires = m.Expires
		}
	}
	return nil
}

// expire drops the materials whose time is over; the key waits for them again.
func (k *Key) expire(tx *store.Tx, now time.Time) error {
	list, err := materialsOf(tx, k)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.Expires.IsZero() || m.Expires.After(now) {
			continue
		}
		if err := k.drop(tx, m); err != nil {
			return err
		}
	}
	return k.tally(tx)
}

// drop removes imported material. What nothing was encrypted with is forgotten.
func (k *Key) drop(tx *store.Tx, m *material) error {
	if m.ID == k.Pending {
		k.Pending = ""
		return materials.Delete(tx, store.Scope{}, m.ID)
	}
	m.Sealed, m.Expires = nil, time.Time{}
	return materials.Put(tx, store.Scope{}, m)
}

// rotateToPending makes the material current that was imported to rotate to.
func (s *Service) rotateToPending(tx *store.Tx, k *Key) error {
	if k.Pending == "" {
		return invalidState(k.ARN(), "not pending rotation: import new key material first")
	}
	m, err := materials.Get(tx, store.Scope{}, k.Pending)
	if err != nil {
		return err
	}
	k.Pending = ""
	return s.turn(tx, k, m, types.RotationTypeOnDemand, s.clock.Now())
}
