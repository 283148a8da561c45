package directoryservice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tamachi/internal/store"
)

// sealSecret makes the kept form of a password or another secret.
func (s *Service) sealSecret(purpose, secret string) ([]byte, error) {
	b, err := json.Marshal(secret)
	if err != nil {
		return nil, err
	}
	return s.ports.Box.Seal(purpose, b)
}

// openSecret reads what sealSecret made.
func (s *Service) openSecret(purpose string, sealed []byte) (secret string, err error) {
	b, err := s.ports.Box.Open(purpose, sealed)
	if err != nil {
		return "", err
	}
	err = json.Unmarshal(b, &secret)
	return secret, err
}

// Reseal seals anew what an older data key of the box sealed, and seals what an
// older version of the plane kept in clear. House calls it at each start.
func (s *Service) Reseal(ctx context.Context) error {
	found, err := s.inClear(ctx)
	if err != nil || !found && len(s.ports.Box.Old()) == 0 {
		return err
	}
	return s.st.Update(ctx, func(tx *store.Tx) error {
		return errors.Join(
			resealEach(tx, &credentials, "", "", s.resealCredential),
			resealEach(tx, &directories, "", "", s.resealDirectory),
			resealEach(tx, &factors, "kind", factorKind, s.resealFactor),
		)
	})
}

// inClear tells whether a password is in clear still.
func (s *Service) inClear(ctx context.Context) (found bool, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		rows, err := credentials.Everywhere(tx, "", "")
		found = slices.ContainsFunc(rows, func(r store.Row[credential]) bool { return r.Record.Clear != "" })
		return err
	})
	return found, err
}

// resealEach keeps the records of a table of which again sealed something.
func resealEach[R any](tx *store.Tx, table *store.Table[R], index, value string, again func(*R) (sealed bool, err error)) error {
	rows, err := table.Everywhere(tx, index, value)
	if err != nil {
		return err
	}
	for _, r := range rows {
		sealed, err := again(r.Record)
		if err != nil {
			return err
		}
		if !sealed {
			continue
		}
		if err := table.Put(tx, r.Scope, r.Record); err != nil {
			return err
		}
	}
	return nil
}

// resealCredential seals a password anew, or one that is in clear; the
// customer's account has none.
func (s *Service) resealCredential(c *credential) (sealed bool, err error) {
	password := c.Clear
	if len(c.Sealed) > 0 {
		if password, err = s.open(c); err != nil {
			return false, err
		}
	}
	if password == "" {
		return false, nil
	}
	return true, s.keep(c, password)
}

func (s *Service) resealDirectory(r *record) (sealed bool, err error) {
	if r.Connect != nil {
		c := *r.Connect
		if c.Sealed, err = s.anew(connectPurpose(r.ID), c.Sealed); err != nil {
			return false, fmt.Errorf("seal the service account of %s anew: %w", r.ID, err)
		}
		r.Connect = &c
	}
	if r.Radius != nil {
		c := *r.Radius
		if c.Sealed, err = s.anew(radiusPurpose(r.ID), c.Sealed); err != nil {
			return false, fmt.Errorf("seal the shared secret of %s anew: %w", r.ID, err)
		}
		r.Radius = &c
	}
	return r.Connect != nil || r.Radius != nil, nil
}

func (s *Service) resealFactor(f *factor) (sealed bool, err error) {
	if f.Sealed, err = s.anew(f.purpose(), f.Sealed); err != nil {
		return false, fmt.Errorf("seal the second factor of %s anew: %w", f.User, err)
	}
	return true, nil
}

// anew seals by the newest data key of the box what any of them sealed.
func (s *Service) anew(purpose string, sealed []byte) ([]byte, error) {
	opened, err := s.ports.Box.Open(purpose, sealed)
	if err != nil {
		return nil, err
	}
	return s.ports.Box.Seal(purpose, opened)
}
