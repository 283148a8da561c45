package iam

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/store"
)

// What the room gives to others: sts and organizations.

// Managed returns the text of the default version of a managed policy that an
// account may use, or ErrNoPolicy.
func (s *Service) Managed(ctx context.Context, account, policyARN string) (document string, err error) {
	if !isPolicyARN(policyARN) {
		return "", ErrNoPolicy
	}
	sc := store.Scope{Account: account}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		m, err := lookManaged(tx, sc, policyARN)
		if err != nil {
			return err
		}
		v, err := m.findVersion(tx, sc, versionID(m.Default))
		if err != nil {
			return err
		}
		document = v.Document
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", ErrNoPolicy
	}
	return document, err
}

// Found makes a new account's root user and the role by which the management
// account gets in, in the transaction that makes the account.
// Source: AWS Organizations User Guide, "Accessing member accounts that have
// OrganizationAccountAccessRole".
func (s *Service) Found(tx *store.Tx, account, management, roleName string) error {
	sc := store.Scope{Account: account}
	now := s.clock.Now().UTC().Truncate(time.Second)
	if _, err := s.foundRoot(tx, sc, now); err != nil {
		return err
	}
	r := &role{
		ID: "AROA" + s.ids.Upper(17), Name: roleName, Path: "/", MaxSession: hour, Created: now,
		Trust: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + rootARN(management) + `"},"Action":"sts:AssumeRole"}]}`,
	}
	if err := addRole(tx, sc, r); err != nil {
		return err
	}
	return attachManaged(tx, sc, r.ID, administratorPolicy)
}

// Founded tells whether an account was made on this plane.
func (s *Service) Founded(tx *store.Tx, account string) (bool, error) {
	if len(account) != 12 {
		return false, nil
	}
	_, err := roots.Get(tx, store.Scope{Account: account}, rootKey)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
