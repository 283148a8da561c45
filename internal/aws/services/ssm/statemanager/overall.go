package statemanager

import (
	"slices"
	"time"

	"tamachi/internal/store"
)

// Overall is how the associations of a node stand together.
type Overall struct {
	Status, Details string         // what summary says of all; empty when there are none
	Counts          map[string]int // associations by detailed status
	Documents       []string       // that they apply
	LastRun         time.Time      // zero until then
	LastSuccess     time.Time
}

// Overall says how the associations of a node stand.
func (s *Service) Overall(tx *store.Tx, scope store.Scope, node string) (Overall, error) {
	own, err := bindings.By(tx, scope, "node", node, store.Page{})
	if err != nil || len(own) == 0 {
		return Overall{}, err
	}
	o := Overall{Counts: map[string]int{}}
	for _, b := range own {
		a, err := associations.Get(tx, scope, b.Association)
		if missing(err) {
			continue // being forgotten
		}
		if err != nil {
			return Overall{}, err
		}
		if !slices.Contains(o.Documents, a.Document) {
			o.Documents = append(o.Documents, a.Document)
		}
		o.Counts[b.Details]++
		o.LastRun, o.LastSuccess = later(o.LastRun, b.LastRun), later(o.LastSuccess, b.LastSuccess)
	}
	if len(o.Counts) > 0 {
		o.Status, o.Details = summary(o.Counts)
	}
	return o, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
