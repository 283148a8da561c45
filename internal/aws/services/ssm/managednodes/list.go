package managednodes

import (
	"context"
	"slices"
	"strings"

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
		return "", 0, &types.InvalidNextToken{Message: text("The specified token isn't valid.")}
	}
	return after, limit, nil
}

// scan shows the records after a key in order until show returns false; more
// tells whether that happened.
func scan[R any](tx *store.Tx, t *store.Table[R], scope store.Scope, after string, show func(*R) bool) (more bool, err error) {
	for {
		page, err := t.List(tx, scope, store.Page{After: after, Limit: batch})
		if err != nil {
			return false, err
		}
		for _, r := range page {
			if !show(r) {
				return true, nil
			}
		}
		if len(page) < batch {
			return false, nil
		}
		after = t.Key(page[len(page)-1])
	}
}

func compare(a, b string) int { return strings.Compare(a, b) }

// asked is what a list is asked for: its operation, and the page of it.
type asked struct {
	operation string
	token     *string
	most      *int32
	usual     int // records of a page that names no number
}

// reported is a page of the managed nodes that have reported and pass all
// filters, each as the operation shows it, and where the next page begins.
func reported[V any](ctx context.Context, s *Service, page asked, filters []filter, shown func(*managedNode, types.PingStatus) V) (list []V, next *string, err error) {
	after, limit, err := place(page.operation, page.token, page.most, page.usual)
	if err != nil {
		return nil, nil, err
	}
	var last string
	more := false
	err = s.st.View(ctx, func(tx *store.Tx) error {
		list = []V{}
		more, err = scan(tx, &managedNodes, scopeOf(api.CallFrom(ctx)), after, func(n *managedNode) bool {
			known := s.facts(n)
			if n.LastPing.IsZero() || slices.ContainsFunc(filters, func(f filter) bool { return !f.fits(known) }) {
				return true
			}
			if len(list) == limit {
				return false
			}
			list, last = append(list, shown(n, known.status)), n.ID
			return true
		})
		return err
	})
	if err != nil || !more {
		return list, nil, err
	}
	return list, text(api.Token(page.operation, last)), nil
}
