package kms

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/store"
)

// dropMaterial removes the material that was imported; the key waits for it
// again.
func (k *Key) dropMaterial(tx *store.Tx) error {
	list, err := materialsOf(tx, k)
	if err != nil {
		return err
	}
	for _, m := range list {
		m.Sealed = nil
		if err := materials.Put(tx, store.Scope{}, m); err != nil {
			return err
		}
	}
	k.Material, k.Pending, k.Expires = "", "", time.Time{}
	return nil
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
	k.rotate(m, types.RotationTypeOnDemand, s.clock.Now())
	return materials.Put(tx, store.Scope{}, m)
}
