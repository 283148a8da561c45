package statemanager

import (
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// batch is how many records a filtered list reads at once.
const batch = 200

// place reads a list's paging: the key to go on after, and how many to give.
func place(operation string, token *string, wanted *int32, usual int) (after string, limit int, err error) {
	limit = usual
	if wanted != nil {
		limit = int(*wanted)
	}
	if token == nil || *token == "" {
		return "", limit, nil
	}
	after, ok := api.After(operation, *token)
	if !ok {
		return "", 0, &types.InvalidNextToken{Message: new("The specified token isn't valid.")}
	}
	return after, limit, nil
}

// collect shows records in the order of the list until limit of them were
// shown, and returns the token of the next page.
func collect[R any](operation string, limit int, p store.Page, t *store.Table[R], read func(store.Page) ([]*R, error), show func(*R) (bool, error)) (*string, error) {
	p.Limit = batch
	shown := 0
	for {
		page, err := read(p)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if shown == limit {
				return new(api.Token(operation, p.After)), nil
			}
			took, err := show(r)
			if err != nil {
				return nil, err
			}
			if took {
				shown++
			}
			p.After = t.Key(r)
		}
		if len(page) < batch {
			return nil, nil
		}
	}
}
