package iam

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Administrator is the user that the plane's owner signs as. It holds a secret.
type Administrator struct {
	Caller api.Caller
	Secret string
}

const (
	administratorName   = "administrator"
	administratorPolicy = "arn:aws:iam::aws:policy/AdministratorAccess"
)

// Bootstrap makes an account's root user and its administrator when they are
// not there, and returns the administrator with an active key. Who owns the
// data folder always gets in, as AWS's root user does: an administrator that
// was deleted, or has no active key left, gets a new one at the next start.
func (s *Service) Bootstrap(ctx context.Context, account string) (Administrator, error) {
	sc := store.Scope{Account: account}
	now := s.clock.Now().UTC().Truncate(time.Second)
	var out Administrator
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := s.foundRoot(tx, sc, now)
		if err != nil {
			return err
		}
		u, err := s.ensureAdministrator(tx, sc, r, now)
		if err != nil {
			return err
		}
		k, err := s.ensureKey(tx, sc, u, now)
		if err != nil {
			return err
		}
		out = Administrator{Caller: k.caller(u), Secret: k.Secret}
		return nil
	})
	if err != nil {
		return Administrator{}, fmt.Errorf("make the administrator of %s: %w", account, err)
	}
	return out, nil
}

// foundRoot returns the account's root user, and makes it when it is new.
func (s *Service) foundRoot(tx *store.Tx, sc store.Scope, now time.Time) (*root, error) {
	r, err := roots.Get(tx, sc, rootKey)
	if errors.Is(err, store.ErrNotFound) {
		r = &root{Created: now}
		err = roots.Put(tx, sc, r)
	}
	return r, err
}

func (s *Service) ensureAdministrator(tx *store.Tx, sc store.Scope, r *root, now time.Time) (*user, error) {
	if r.Administrator != "" {
		u, err := userByID(tx, sc, r.Administrator)
		if !errors.Is(err, store.ErrNotFound) {
			return u, err
		}
	}
	u, err := users.Get(tx, sc, strings.ToLower(administratorName))
	if errors.Is(err, store.ErrNotFound) {
		u = &user{ID: "AIDA" + s.ids.Upper(17), Name: administratorName, Path: "/", Created: now}
		err = users.Put(tx, sc, u)
	}
	if err != nil {
		return nil, err
	}
	r.Administrator = u.ID
	return u, errors.Join(roots.Put(tx, sc, r), attachManaged(tx, sc, u.ID, administratorPolicy))
}

// ensureKey returns the user's oldest active key, else a new one. A plane of
// the time before there were users hands its administrator's key over.
func (s *Service) ensureKey(tx *store.Tx, sc store.Scope, u *user, now time.Time) (*accessKey, error) {
	have, err := keysOf(tx, u.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range have {
		if k.Active {
			return k, nil
		}
	}
	k := &accessKey{ID: longTerm + s.ids.Upper(16), Secret: s.ids.Secret(40), Account: sc.Account, User: u.ID, Created: now, Active: true}
	if s.ports.Former != nil && len(have) == 0 {
		id, secret, err := s.ports.Former.Administrator(tx, sc.Account)
		if err != nil {
			return nil, err
		}
		if id != "" {
			k.ID, k.Secret = id, secret
		}
	}
	return k, accessKeys.Put(tx, store.Scope{}, k)
}
