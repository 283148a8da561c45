package managednodes

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// batch is how many records a filtered list reads at once.
const batch = 200

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

// reported is a page of the managed nodes of a scope that have reported and
// pass all filters, each as the operation shows it, and where the next page
// begins.
func reported[V any](ctx context.Context, s *Service, page asked, filters []filter, shown func(facts) V) (list []V, next *string, err error) {
	after, limit, err := paging.Place(page.operation, page.token, page.most, page.usual)
	if err != nil {
		return nil, nil, err
	}
	more := false
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		var last string
		list, last, more, err = pass(tx, s, store.In(api.CallFrom(ctx).Place()), after, limit, filters, shown)
		next = text(api.Token(page.operation, last))
		return err
	})
	if err != nil || !more {
		return list, nil, err
	}
	return list, next, nil
}

// pass shows at most so many nodes of a scope after a key, and tells the last
// one's key and whether there are more.
func pass[V any](tx *store.Tx, s *Service, scope store.Scope, after string, limit int, filters []filter, shown func(facts) V) (list []V, last string, more bool, err error) {
	list = []V{}
	var problem error
	more, err = scan(tx, &managedNodes, scope, after, func(n *managedNode) bool {
		known := s.facts(scope, n)
		if n.LastPing.IsZero() || slices.ContainsFunc(filters, func(f filter) bool { return !f.late() && !f.fits(known) }) {
			return true
		}
		if known.standing, problem = s.standing(tx, scope, n.ID); problem != nil {
			return false
		}
		if slices.ContainsFunc(filters, func(f filter) bool { return f.late() && !f.fits(known) }) {
			return true
		}
		if len(list) == limit {
			return false
		}
		list, last = append(list, shown(known)), n.ID
		return true
	})
	return list, last, more, cmp.Or(problem, err)
}

// standing is how a node's associations stand.
func (s *Service) standing(tx *store.Tx, scope store.Scope, node string) (Standing, error) {
	if s.ports.Associations == nil {
		return Standing{}, nil
	}
	return s.ports.Associations.Standing(tx, scope, node)
}
