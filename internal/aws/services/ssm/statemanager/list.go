package statemanager

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// batch is how many records a filtered list reads at once.
const batch = 200

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
