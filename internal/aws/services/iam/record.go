package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// finder finds the record of a name, or answers NoSuchEntity.
type finder[R any] func(tx *store.Tx, sc store.Scope, name string) (*R, error)

// alter changes a record of the caller's account.
func alter[R any](ctx context.Context, s *Service, of *store.Table[R], find finder[R], name string, change func(*store.Tx, store.Scope, *R) error) error {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, sc, name)
		if err != nil {
			return err
		}
		if err := change(tx, sc, r); err != nil {
			return err
		}
		return of.Put(tx, sc, r)
	})
}

// checkNamed is a check on a record by its name in any case: as seen completes
// it where the record is there, else on the name's ARN.
func checkNamed[R any](ctx context.Context, s *Service, of *store.Table[R], action, kind, name string, seen func(c *api.Check, r *R, account string)) (api.Check, error) {
	account := api.CallFrom(ctx).Account
	c := api.Check{Action: action, Resource: entityARN(account, kind, "/", name)}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		r, err := of.Get(tx, store.Scope{Account: account}, strings.ToLower(name))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			seen(&c, r, account)
		}
		return err
	})
	return c, err
}

// listTags shows a page of the tags of a record.
func listTags[R any](ctx context.Context, s *Service, find finder[R], name string, tags func(*R) map[string]string, a asked) (page []types.Tag, end shown, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		r, err := find(tx, store.Scope{Account: api.CallFrom(ctx).Account}, name)
		if err != nil {
			return err
		}
		page, end, err = pageFrom(tagList(tags(r)), a, func(t types.Tag) string { return *t.Key })
		return err
	})
	return page, end, err
}
