package house

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"tamachi/internal/config"
	"tamachi/internal/seal"
)

// openKeys opens what seals the store's secrets. The master key lies beside
// the database, never in it.
func (h *House) openKeys(context.Context) (err error) {
	h.box, err = openBox(h.o.Config)
	if errors.Is(err, seal.ErrMaster) {
		return fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	return err
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
