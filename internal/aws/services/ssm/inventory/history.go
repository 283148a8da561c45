package inventory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"tamachi/internal/store"
)

// change is how what a node has of one type became another: history that
// AWS does not keep.
type change struct {
	Node    string
	Kind    string
	At      time.Time
	Added   []map[string]string `json:",omitempty"`
	Removed []map[string]string `json:",omitempty"`
}

var changes = store.Table[change]{
	Name: "ssm.inventorychanges", Reach: store.Regional,
	Key: func(c *change) string { return c.Node + "/" + c.Kind + "/" + c.At.UTC().Format(stampForm) },
	Indexes: map[string]func(*change) string{
		"node": func(c *change) string { return c.Node },
		"day":  func(c *change) string { return c.At.UTC().Format(time.DateOnly) },
	},
}

// stampForm sorts as the times do.
const stampForm = "2006-01-02T15:04:05.000000000Z"

// compare returns the entries of b that a lacks and those of a that b lacks.
func compare(a, b []map[string]string) (added, removed []map[string]string) {
	count := map[string]int{}
	for _, e := range a {
		count[line(e)]++
	}
	for _, e := range b {
		if count[line(e)] == 0 {
			added = append(added, e)
			continue
		}
		count[line(e)]--
	}
	for _, e := range a {
		if count[line(e)] > 0 {
			count[line(e)]--
			removed = append(removed, e)
		}
	}
	return added, removed
}

// Change is what differs on a node between two moments, in one type.
type Change struct {
	Node, Kind     string
	Added, Removed []map[string]string
}

// Changes compares two moments: what nodes, or the one that is named, have at
// the second and not at the first, and the reverse. What came and went in
// between is not in it.
func (s *Service) Changes(ctx context.Context, account, region, node, kind string, from, to time.Time) ([]Change, error) {
	scope := store.In(account, region)
	var all []*change
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		if node == "" {
			all, err = changes.List(tx, scope, store.Page{})
			return err
		}
		all, err = changes.By(tx, scope, "node", node, store.Page{})
		return err
	})
	if err != nil {
		return nil, err
	}
	return net(all, kind, from, to), nil
}

// net adds up changes, in the order of their keys, within a span.
func net(all []*change, kind string, from, to time.Time) []Change {
	type place struct{ node, kind string }
	sums := map[place]map[string]int{}
	entries := map[string]map[string]string{}
	for _, c := range all {
		if (kind != "" && c.Kind != kind) || !c.At.After(from) || c.At.After(to) {
			continue
		}
		at := place{c.Node, c.Kind}
		if sums[at] == nil {
			sums[at] = map[string]int{}
		}
		for _, e := range c.Added {
			sums[at][line(e)]++
			entries[line(e)] = e
		}
		for _, e := range c.Removed {
			sums[at][line(e)]--
			entries[line(e)] = e
		}
	}
	var out []Change
	for at, sum := range sums {
		c := Change{Node: at.node, Kind: at.kind}
		for _, l := range slices.Sorted(maps.Keys(sum)) {
			switch {
			case sum[l] > 0:
				c.Added = append(c.Added, entries[l])
			case sum[l] < 0:
				c.Removed = append(c.Removed, entries[l])
			}
		}
		if len(c.Added)+len(c.Removed) > 0 {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Node, b.Node), strings.Compare(a.Kind, b.Kind))
	})
	return out
}
