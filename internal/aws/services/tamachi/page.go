package tamachi

import (
	"context"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// pageSize is how many results a page has where nothing is said.
const pageSize = 100

func limitOf(n *int32) int { return limitOr(n, pageSize) }

func limitOr(n *int32, usual int) int {
	if n == nil {
		return usual
	}
	return int(*n)
}

// placeOf is where a token of a list lets it go on.
func placeOf(list string, token *string) (string, error) {
	if value(token) == "" {
		return "", nil
	}
	place, ok := api.After(list, *token)
	if !ok {
		return "", &smithy.GenericAPIError{Code: "ValidationException", Message: "The specified token isn't valid."}
	}
	return place, nil
}

// beyond asks the store for what a page shows and for one more, which tells
// whether there is a next page.
func beyond(place string, limit int) store.Page { return store.Page{After: place, Limit: limit + 1} }

// ofDirectory is one page of a directory's records in a table that has them by
// its index "directory".
func ofDirectory[R, T any](ctx context.Context, s *Service, of *store.Table[R], p place, show func(*R) T) (shown []T, next *string, err error) {
	list, limit := p.operation+" "+*p.directory, limitOf(p.most)
	after, err := placeOf(list, p.token)
	if err != nil {
		return nil, nil, err
	}
	var found []*R
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		found, err = of.By(tx, store.In(api.CallFrom(ctx).Place()), "directory", *p.directory, beyond(after, limit))
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	shown = []T{}
	found, next = api.Cut(list, found, limit, of.Key)
	for _, r := range found {
		shown = append(shown, show(r))
	}
	return shown, next, nil
}

// place is where in a list of a directory a call wants to read.
type place struct {
	operation        string
	directory, token *string
	most             *int32
}
