package inventory

import (
	"maps"
	"slices"
	"strings"

	"tamachi/internal/store"
)

// item is what a node has of one type.
type item struct {
	Node     string
	Kind     string
	Version  string // of the type's schema
	Captured string // as given: 2026-11-22T08:00:00Z
	Hash     string `json:",omitempty"` // as given
	Entries  []map[string]string
}

var items = store.Table[item]{
	Name: "ssm.inventory", Reach: store.Regional,
	Key: func(i *item) string { return i.Node + "/" + i.Kind },
	Indexes: map[string]func(*item) string{
		"node": func(i *item) string { return i.Node },
		"kind": func(i *item) string { return i.Kind },
	},
}

// facts is a node's AWS:InstanceInformation.
func facts(m Machine) *item {
	return &item{Node: m.ID, Kind: instanceInformation, Version: "1.0", Captured: m.Reported, Entries: []map[string]string{m.Facts}}
}

// labels is a node's AWS:Tag.
func labels(m Machine) *item {
	out := &item{Node: m.ID, Kind: tagKind, Version: "1.0", Captured: m.Reported}
	for _, k := range slices.Sorted(maps.Keys(m.Tags)) {
		out.Entries = append(out.Entries, map[string]string{"Key": k, "Value": m.Tags[k]})
	}
	return out
}

// made returns what the service itself makes of a type; ok is false for the
// types that agents report.
func made(m Machine, kind string) (i *item, ok bool) {
	switch kind {
	case instanceInformation:
		return facts(m), true
	case tagKind:
		return labels(m), true
	}
	return nil, false
}

// itemOf is what a node has of a type; nil if it never reported it.
func itemOf(tx *store.Tx, scope store.Scope, m Machine, kind string) (*item, error) {
	if i, ok := made(m, kind); ok {
		return i, nil
	}
	i, err := items.Get(tx, scope, m.ID+"/"+kind)
	if missing(err) {
		return nil, nil
	}
	return i, err
}

// size is how much an item counts against the limits.
func (i *item) size() int {
	n := 0
	for _, e := range i.Entries {
		for k, v := range e {
			n += len(k) + len(v) + 6 // quotes, colon, comma
		}
	}
	return n
}

// line is an entry in a form that can be compared.
func line(e map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(e)) {
		b.WriteString(k + "\x00" + e[k] + "\x00")
	}
	return b.String()
}
