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
