package kms

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/store"
)

// moment is an entry of what is due: a key that is to be deleted or rotated, or
// whose material expires. Its key begins with the time, so that the first
// entries are the next.
type moment struct {
	At      string // UTC, in a form that sorts
	Account string
	Region  string
	Key     string
}

var due = store.Table[moment]{Name: "kms.due", Reach: store.Plane, Key: (*moment).key}

func (m *moment) key() string { return m.At + "/" + m.Account + "/" + m.Region + "/" + m.Key }

func (m *moment) scope() store.Scope { return store.In(m.Account, m.Region) }

const sortable = "2006-01-02T15:04:05.000Z"

// next is when time brings work for the key; zero when it does not.
// Source: AWS KMS Developer Guide, "Rotate AWS KMS keys": a key that is disabled
// or pending deletion is not rotated.
func (k *Key) next() time.Time {
	var first time.Time
	for _, t := range []time.Time{k.Deletion, k.rotatesAt(), k.Expires} {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

func (k *Key) rotatesAt() time.Time {
	if k.Period == 0 || k.State() != types.KeyStateEnabled {
		return time.Time{}
	}
	return k.Rotates
}

// put stores a key, and its entry of what is due.
func (s *Service) put(tx *store.Tx, k *Key) error {
	wanted := ""
	at := k.next()
	m := &moment{At: at.UTC().Format(sortable), Account: k.Account, Region: k.Region, Key: k.ID}
	if !at.IsZero() {
		wanted = m.key()
	}
	if wanted != k.Due {
		if k.Due != "" {
			if err := due.Delete(tx, store.Scope{}, k.Due); err != nil {
				return err
			}
		}
		if wanted != "" {
			if err := due.Put(tx, store.Scope{}, m); err != nil {
				return err
			}
		}
		k.Due = wanted
	}
	return keys.Put(tx, k.scope(), k)
}

// Upkeep deletes the keys whose waiting period is over, rotates those that are
// due and drops imported material that has expired. It returns when the next is
// due.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	return store.Agenda[moment]{Table: &due, At: (*moment).at}.Attend(ctx, s.store, s.clock, s.attend)
}

func (m *moment) at() (time.Time, error) {
	at, err := time.Parse(sortable, m.At)
	if err != nil {
		return at, fmt.Errorf("read what is due: %w", err)
	}
	return at, nil
}

// attend does what is due for one key.
func (s *Service) attend(ctx context.Context, m *moment) error {
	now := s.clock.Now()
	return s.store.Update(ctx, func(tx *store.Tx) error {
		k, err := keys.Get(tx, m.scope(), m.Key)
		if errors.Is(err, store.ErrNotFound) {
			return due.Delete(tx, store.Scope{}, m.key())
		}
		if err != nil {
			return err
		}
		passed := func(t time.Time) bool { return !t.IsZero() && !t.After(now) }
		switch {
		case passed(k.Deletion):
			if err := s.note(tx, k, deleteKey, "", now); err != nil {
				return err
			}
			return remove(tx, k)
		case passed(k.Expires):
			if err := k.expire(tx, now); err != nil {
				return err
			}
			if err := s.note(tx, k, deleteMaterial, "", now); err != nil {
				return err
			}
		case passed(k.rotatesAt()):
			if err := s.rotateByTime(tx, k, now); err != nil {
				return err
			}
		}
		return s.put(tx, k)
	})
}

// rotateByTime gives a key new material and the next date.
func (s *Service) rotateByTime(tx *store.Tx, k *Key, now time.Time) error {
	if err := s.renew(tx, k, types.RotationTypeAutomatic, now); err != nil {
		return err
	}
	for !k.Rotates.After(now) {
		k.Rotates = k.Rotates.AddDate(0, 0, int(k.Period))
	}
	return nil
}

// renew makes material for a key and makes it current.
func (s *Service) renew(tx *store.Tx, k *Key, kind types.RotationType, now time.Time) error {
	secret, _, err := makeSecret(k.Spec)
	if err != nil {
		return err
	}
	m, err := s.newMaterial(k, secret, now)
	if err != nil {
		return err
	}
	return s.turn(tx, k, m, kind, now)
}

// turn makes material current.
func (s *Service) turn(tx *store.Tx, k *Key, m *material, kind types.RotationType, now time.Time) error {
	k.rotate(m, kind, now)
	if err := materials.Put(tx, store.Scope{}, m); err != nil {
		return err
	}
	return s.note(tx, k, rotateKey, string(kind), now)
}

// remove deletes a key with all that belongs to it.
func remove(tx *store.Tx, k *Key) error {
	list, err := materialsOf(tx, k)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := materials.Delete(tx, store.Scope{}, m.ID); err != nil {
			return err
		}
	}
	names, err := aliasNames(tx, k)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := aliases.Delete(tx, k.scope(), name); err != nil {
			return err
		}
	}
	given, err := grants.By(tx, k.scope(), "key", k.ID, store.Page{})
	if err != nil {
		return err
	}
	for _, g := range given {
		if err := grants.Delete(tx, k.scope(), g.Key+"/"+g.ID); err != nil {
			return err
		}
	}
	if k.Due != "" {
		if err := due.Delete(tx, store.Scope{}, k.Due); err != nil {
			return err
		}
	}
	return keys.Delete(tx, k.scope(), k.ID)
}
