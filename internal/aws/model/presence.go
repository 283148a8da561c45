package model

import "reflect"

// maxMembers is how many members a structure may have for Presence to fit.
const maxMembers = 128

// Presence tells which top-level members of an input were given; the zero
// value of a Go field cannot. The zero Presence has none.
type Presence struct {
	shape *Shape
	bits  [maxMembers / 64]uint64
}

// NewPresence is a Presence of no member of a structure.
func NewPresence(s *Shape) Presence { return Presence{shape: s} }

// Has tells whether the member was given; its model name is asked for.
func (p Presence) Has(member string) bool {
	if p.shape == nil {
		return false
	}
	m := p.shape.byName[member]
	return m != nil && p.has(m)
}

func (p Presence) has(m *Member) bool {
	return p.shape != nil && p.bits[m.Index/64]&(1<<(m.Index%64)) != 0
}

// Set notes that a member of the structure was given, or was not after all.
func (p *Presence) Set(m *Member, given bool) {
	bit := uint64(1) << (m.Index % 64)
	if given {
		p.bits[m.Index/64] |= bit
		return
	}
	p.bits[m.Index/64] &^= bit
}

// Given is the Presence of an input that no client sent: an engine's, a
// test's. Every field that is not its zero value counts as given.
func (o *Operation) Given(in any) Presence {
	p := NewPresence(o.Input)
	v := reflect.Indirect(reflect.ValueOf(in))
	if v.Kind() != reflect.Struct {
		return p
	}
	for _, m := range o.Input.Members {
		if f := v.FieldByName(m.Field()); f.IsValid() && !f.IsZero() {
			p.Set(m, true)
		}
	}
	return p
}
