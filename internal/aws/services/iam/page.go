package iam

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// defaultItems is how many items a page has when MaxItems is not given (IAM
// API Reference, MaxItems of any list).
const defaultItems = 100

// asked is the paging part of a list's input.
type asked struct {
	operation string
	marker    *string
	maxItems  *int32
}

// shown is the paging part of a list's output.
type shown struct {
	truncated bool
	marker    *string
}

// start reads where the page begins and how long it may be.
func (a asked) start() (after string, limit int, err error) {
	limit = defaultItems
	if a.maxItems != nil {
		limit = int(*a.maxItems)
	}
	if a.marker == nil {
		return "", limit, nil
	}
	after, ok := api.After(a.operation, *a.marker)
	if !ok {
		return "", 0, validation("Invalid Marker.")
	}
	return after, limit, nil
}

// end says that the page is cut after a key.
func (a asked) end(after string) shown {
	return shown{truncated: true, marker: new(api.Token(a.operation, after))}
}

// pageOf lists the records of a table that wanted lets through (all, when nil),
// a page of them.
func pageOf[R any](tx *store.Tx, t *store.Table[R], sc store.Scope, a asked, wanted func(*R) bool) ([]*R, shown, error) {
	after, limit, err := a.start()
	if err != nil {
		return nil, shown{}, err
	}
	var out []*R
	for {
		rows, err := t.List(tx, sc, store.Page{After: after, Limit: limit + 1})
		if err != nil {
			return nil, shown{}, err
		}
		for _, r := range rows {
			after = t.Key(r)
			if wanted != nil && !wanted(r) {
				continue
			}
			if len(out) == limit {
				return out, a.end(t.Key(out[limit-1])), nil
			}
			out = append(out, r)
		}
		if len(rows) <= limit {
			return out, shown{}, nil
		}
	}
}

// listBelow lists the records of a table whose path begins with a prefix, as the
// list shows them.
func listBelow[R, S any](ctx context.Context, s *Service, t *store.Table[R], a asked, prefix *string, path func(*R) string, show func(r *R, account string) *S) ([]S, shown, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	out, p := []S{}, shown{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, page, err := pageOf(tx, t, sc, a, below(prefix, path))
		for _, r := range found {
			out = append(out, *show(r, sc.Account))
		}
		p = page
		return err
	})
	return out, p, err
}

// below wants what has a path that begins with a prefix.
func below[R any](prefix *string, path func(*R) string) func(*R) bool {
	return func(r *R) bool { return strings.HasPrefix(path(r), pathOr(prefix)) }
}

// pageFrom cuts a page from a list that is in memory, in the order of key.
func pageFrom[R any](all []R, a asked, key func(R) string) ([]R, shown, error) {
	after, limit, err := a.start()
	if err != nil {
		return nil, shown{}, err
	}
	slices.SortFunc(all, func(x, y R) int { return cmp.Compare(key(x), key(y)) })
	from := 0
	if after != "" {
		from, _ = slices.BinarySearchFunc(all, after, func(r R, after string) int {
			if key(r) <= after {
				return -1
			}
			return 1
		})
	}
	all = all[from:]
	if len(all) <= limit {
		return all, shown{}, nil
	}
	return all[:limit], a.end(key(all[limit-1])), nil
}
