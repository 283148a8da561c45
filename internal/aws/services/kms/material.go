package kms

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/seal"
	"tamachi/internal/store"
)

// material is what a key computes with, sealed. A rotated key has several:
// the old ones still decrypt.
type material struct {
	ID      string // 64 hexadecimal digits, unique everywhere: ciphertexts name it
	Account string
	Region  string
	Key     string
	Sealed  []byte `json:",omitempty"` // empty once imported material was deleted or has expired
	Made    time.Time
	// Rotated and Kind say when and how it came to be current; of the first
	// material they are empty.
	Rotated time.Time          `json:",omitzero"`
	Kind    types.RotationType `json:",omitempty"`
	// Description, Expires and Imported are of imported material.
	Description string    `json:",omitempty"`
	Expires     time.Time `json:",omitzero"`
	Imported    bool      `json:",omitempty"`
}

var materials = store.Table[material]{
	Name: "kms.materials", Reach: store.Plane, Key: func(m *material) string { return m.ID },
	Indexes: map[string]func(*material) string{
		"key": func(m *material) string { return m.Key },
		"generation": func(m *material) string { // of the data key that sealed it
			id, _ := seal.Generation(m.Sealed)
			return id
		},
	},
}

// materialIDBytes is how long the id of a material is in a ciphertext.
const materialIDBytes = 32

func (m *material) scope() store.Scope { return store.In(m.Account, m.Region) }

// purpose binds the sealed secret to its record.
func (m *material) purpose() string {
	return "kms.material/" + m.Account + "/" + m.Region + "/" + m.Key + "/" + m.ID
}

// newMaterial seals a secret for a key. The record is not yet in the store.
func (s *Service) newMaterial(k *Key, secret []byte, now time.Time) (*material, error) {
	id := make([]byte, materialIDBytes)
	_, _ = rand.Read(id) // never fails (Go 1.24)
	m := &material{ID: hex.EncodeToString(id), Account: k.Account, Region: k.Region, Key: k.ID, Made: now}
	var err error
	if m.Sealed, err = s.box.Seal(m.purpose(), secret); err != nil {
		return nil, fmt.Errorf("seal the material of key %s: %w", k.ID, err)
	}
	return m, nil
}

// secret opens a material.
func (s *Service) secret(m *material) ([]byte, error) {
	b, err := s.box.Open(m.purpose(), m.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open the material of key %s: %w", m.Key, err)
	}
	return b, nil
}

// current opens the current material of a key.
func (s *Service) current(tx *store.Tx, k *Key) ([]byte, error) {
	m, err := materials.Get(tx, store.Scope{}, k.Material)
	if err != nil {
		return nil, fmt.Errorf("material of key %s: %w", k.ID, err)
	}
	return s.secret(m)
}

// materialsOf lists the materials of a key, the oldest first.
func materialsOf(tx *store.Tx, k *Key) ([]*material, error) {
	list, err := materials.By(tx, store.Scope{}, "key", k.ID, store.Page{})
	slices.SortStableFunc(list, func(x, y *material) int {
		return cmp.Or(x.Made.Compare(y.Made), cmp.Compare(x.ID, y.ID))
	})
	return list, err
}

// rotate makes a material current.
func (k *Key) rotate(m *material, kind types.RotationType, now time.Time) {
	m.Kind, m.Rotated = kind, now
	k.Material = m.ID
}

// errRing marks a store whose secrets are sealed by data keys that are gone.
var errRing = errors.New("the keys of the KMS room were sealed by another ring of keys: put back the folder `keys` that belongs to this database")
