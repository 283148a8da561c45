package iam

import (
	"context"
	"errors"
	"strings"
	"time"

	"tamachi/internal/store"
)

// RoleFacts is what assuming a role needs to know of it.
type RoleFacts struct {
	ID, ARN, Name string
	Trust         string // the trust policy as it was given
	MaxSession    time.Duration
	Tags          map[string]string
}

// What other rooms ask for and is not there.
var (
	ErrNoRole   = errors.New("no such role")
	ErrNoPolicy = errors.New("no such policy")
)

// Role returns a role of an account by its name, or ErrNoRole.
func (s *Service) Role(ctx context.Context, account, name string) (RoleFacts, error) {
	var out RoleFacts
	err := s.store.View(ctx, func(tx *store.Tx) error {
		r, err := roles.Get(tx, store.Scope{Account: account}, strings.ToLower(name))
		if err != nil {
			return err
		}
		out = RoleFacts{
			ID: r.ID, ARN: r.arn(account), Name: r.Name, Trust: r.Trust, Tags: r.Tags,
			MaxSession: time.Duration(r.MaxSession) * time.Second,
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		err = ErrNoRole
	}
	return out, err
}

// KeyAccount returns the account of a long-term key, active or not, or
// ErrUnknownKey.
func (s *Service) KeyAccount(ctx context.Context, accessKeyID string) (string, error) {
	account := ""
	err := s.store.View(ctx, func(tx *store.Tx) error {
		k, err := accessKeys.Get(tx, store.Scope{}, accessKeyID)
		if err == nil {
			account = k.Account
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		err = ErrUnknownKey
	}
	return account, err
}
