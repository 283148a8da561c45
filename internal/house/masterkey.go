package house

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tamachi/internal/config"
	"tamachi/internal/seal"
	"tamachi/internal/store"
)

// openKeys opens what seals the store's secrets. The master key lies beside
// the database, never in it.
func (h *House) openKeys(ctx context.Context) (err error) {
	if err := h.findKeys(ctx); err != nil {
		return err
	}
	h.box, err = openBox(h.o.Config)
	if errors.Is(err, seal.ErrMaster) {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	return err
}

// findKeys refuses a folder that was sealed by keys which are gone: others in
// their place would open nothing, and hide that these are wanted.
func (h *House) findKeys(ctx context.Context) error {
	folder := filepath.Join(h.o.Config.Data, "keys")
	if _, err := os.Stat(filepath.Join(folder, "ring.json")); h.o.Config.Lab || !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return h.store.View(ctx, func(tx *store.Tx) error {
		_, err := bodyKeys.Get(tx, store.Scope{}, "blobs")
		if err == nil {
			return fmt.Errorf("%w: the keys that seal this data folder are not in %s; put that folder back, each backup has it", ErrCannotStart, folder)
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
}

func openBox(c config.Config) (*seal.Box, error) {
	if c.Lab {
		return seal.Memory(), nil
	}
	o := seal.Options{Folder: filepath.Join(c.Data, "keys")}
	for path, into := range map[string]*[]byte{c.MasterPassphraseFile: &o.Passphrase, c.OldMasterPassphraseFile: &o.Old} {
		if path == "" {
			continue
		}
		var err error
		if *into, err = seal.ReadPassphrase(path); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCannotStart, err)
		}
	}
	return seal.Open(o)
}

// reseal ends a change of the master key: what older data keys sealed is sealed
// anew, and then they are forgotten. A start that is cut short does it again.
func (h *House) reseal(ctx context.Context) error {
	if err := h.rooms.kms.Reseal(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	if err := h.rooms.events.Reseal(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	if err := h.rooms.directories.Reseal(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	if err := h.rooms.bridge.Reseal(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	if err := h.notices.Reseal(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	return h.box.Forget()
}
