package eventbridge

import (
	"context"
	"errors"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// byName reads a record of a Region by its name; words are AWS's for one that is
// not there.
func byName[R any](tx *store.Tx, sc store.Scope, of *store.Table[R], name, words string) (*R, error) {
	r, err := of.Get(tx, sc, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, missing(words, name)
	}
	return r, err
}

// on is the check of an action on a resource of a kind by its name.
func on(ctx context.Context, action, kind string, name *string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	return []api.Check{known(api.Check{Action: action, Resource: arn.New("events", call.Region, call.Account, kind+"/"+deref(name)).String()})}, nil
}

// listNamed is one page of the records of a Region in the order of their names,
// of those that have the prefix and that show lets through.
func listNamed[R, T any](ctx context.Context, s *Service, p page, of *store.Table[R], prefix *string, show func(tx *store.Tx, r *R) (one T, ok bool, err error)) (out []T, next *string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		out, next = []T{}, nil
		list, err := of.List(tx, store.In(api.CallFrom(ctx).Place()), store.Page{After: p.after})
		last := ""
		for _, r := range list {
			if !p.takes(of.Key(r), deref(prefix)) {
				continue
			}
			one, ok, err := show(tx, r)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if p.full(len(out)) {
				next = p.token(last)
				return nil
			}
			out, last = append(out, one), of.Key(r)
		}
		return err
	})
	return out, next, err
}
