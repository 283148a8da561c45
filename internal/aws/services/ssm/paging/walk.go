package paging

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	// batch is how many records a filtered list reads at once.
	batch = 100
	// mostLooked bounds what one call reads of records that do not fit its
	// filters: it may answer with few or none, and a token, as AWS's lists may.
	mostLooked = 5000
)

// Walk reads a long list record by record.
type Walk[R any] struct {
	Operation string
	Page      store.Page // the part and the order; After from the token
	Limit     int        // of what one call shows
	Filtered  bool       // not every record will be shown
	Key       func(*R) string
	Next      func(store.Page) ([]*R, error)
}

// Collect hands records to show until enough of them were shown, and returns
// the token of the next page.
func (w Walk[R]) Collect(show func(*R) (bool, error)) (*string, error) {
	shown, looked, last := 0, 0, ""
	for {
		w.Page.Limit = min(batch, w.Limit-shown+1) // one more tells whether there is another page
		if w.Filtered {
			w.Page.Limit = batch
		}
		page, err := w.Next(w.Page)
		if err != nil {
			return nil, err
		}
		for _, r := range page {
			if shown == w.Limit || looked == mostLooked {
				return new(api.Token(w.Operation, last)), nil
			}
			took, err := show(r)
			if err != nil {
				return nil, err
			}
			if took {
				shown++
			}
			looked++
			last = w.Key(r)
		}
		if len(page) < w.Page.Limit {
			return nil, nil
		}
		w.Page.After = last
	}
}
