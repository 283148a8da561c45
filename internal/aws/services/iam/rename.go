package iam

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// rename stores what change makes of a record, below another key where it has
// another name, which free says nobody has.
func rename[R any](tx *store.Tx, t *store.Table[R], sc store.Scope, r *R, change func(), free func() error) error {
	was := t.Key(r)
	change()
	if t.Key(r) != was {
		if err := free(); err != nil {
			return err
		}
		if err := t.Delete(tx, sc, was); err != nil {
			return err
		}
	}
	return t.Put(tx, sc, r)
}

// renamed is a record as a rename will find it: the one of a name, else absent.
// The caller of a rename needs the right on the ARN before and the one after
// (IAM User Guide, "Rename an IAM user", "Rename an IAM user group").
func renamed[R any](ctx context.Context, s *Service, t *store.Table[R], name string, absent *R) (*R, error) {
	r := absent
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, err := t.Get(tx, store.Scope{Account: api.CallFrom(ctx).Account}, strings.ToLower(name))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			r = found
		}
		return err
	})
	return r, err
}

// set gives a member a new value, where there is one.
func set(member, value *string) {
	if value != nil {
		*member = *value
	}
}
