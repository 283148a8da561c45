package house

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"

	"tamachi/internal/aws/services/s3"
	"tamachi/internal/blob"
	"tamachi/internal/seal"
	"tamachi/internal/store"
)

// bodyKey is the stored record of the key that the files of bodies are sealed
// with, itself sealed by the box of keys, which lies outside the store.
type bodyKey struct{ Sealed []byte }

var bodyKeys = store.Table[bodyKey]{
	Name:  "house.bodykeys",
	Reach: store.Plane,
	Key:   func(*bodyKey) string { return "blobs" },
}

// bodyKeyPurpose binds the sealed key to what it is for.
const bodyKeyPurpose = "house bodies"

// openBodies opens the folder of S3's bodies and the room over it.
func (h *House) openBodies(ctx context.Context) (*s3.Service, error) {
	key, err := bodyKeyOf(ctx, h.store, h.box)
	if err != nil {
		return nil, fmt.Errorf("read the key of bodies: %w", err)
	}
	if h.o.Config.Lab {
		return s3.New(h.store, h.o.IDs, h.o.Clock, s3.Ports{Blobs: blob.NewMemory(h.o.IDs), Access: callerAccess{h}}), nil
	}
	folder, err := blob.Open(blob.Options{Path: filepath.Join(h.o.Config.Data, "blobs"), Key: key, IDs: h.o.IDs})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	room := s3.New(h.store, h.o.IDs, h.o.Clock, s3.Ports{Blobs: folder, Access: callerAccess{h}})
	if err := room.Recover(ctx); err != nil {
		return nil, fmt.Errorf("look after bodies of an earlier run: %w", err)
	}
	return room, nil
}

// bodyKeyOf returns the key of bodies, and makes one for a new folder. It is
// sealed anew at each start, so that a change of the master key reaches it.
func bodyKeyOf(ctx context.Context, st *store.Store, box *seal.Box) (key []byte, err error) {
	err = st.Update(ctx, func(tx *store.Tx) error {
		found, err := bodyKeys.Get(tx, store.Scope{}, "blobs")
		switch {
		case errors.Is(err, store.ErrNotFound):
			key = make([]byte, 32)
			if _, err := rand.Read(key); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			if key, err = box.Open(bodyKeyPurpose, found.Sealed); err != nil {
				return err
			}
		}
		sealed, err := box.Seal(bodyKeyPurpose, key)
		if err != nil {
			return err
		}
		return bodyKeys.Put(tx, store.Scope{}, &bodyKey{Sealed: sealed})
	})
	return key, err
}
