package awsquery

import (
	"reflect"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// Style is what two protocols of forms differ in.
type Style struct {
	// Name is the name of a member in a form.
	Name func(*model.Member) string
	// Flat lists and maps have no level of their own: Filter.1, not
	// Filter.member.1.
	Flat bool
}

// plain is the style of the query protocol.
var plain = Style{Name: func(m *model.Member) string { return m.Wire }}

// Read reads the form of a request into in, a pointer to a struct that holds
// shape, and reports which members were given. The error is a *codec.Fault.
func (s Style) Read(r *codec.Request, shape *model.Shape, in any) (model.Presence, error) {
	f, err := parse(r)
	if err != nil {
		return model.NewPresence(shape), err
	}
	return s.decode(f, shape, in)
}

func (s Style) decode(f *field, shape *model.Shape, in any) (model.Presence, error) {
	p := model.NewPresence(shape)
	b, err := model.Bind(shape, reflect.TypeOf(in))
	if err != nil {
		return p, err
	}
	v := reflect.ValueOf(in).Elem()
	for i := range b.Fields {
		bound := &b.Fields[i]
		child := f.child(s.Name(bound.Member))
		if child == nil {
			continue
		}
		p.Set(bound.Member, true)
		if err := s.value(child, bound.Member, bound.Binding, v.Field(bound.Index)); err != nil {
			return p, err
		}
	}
	return p, nil
}

// value reads one member, element or entry; m is its use in the model.
func (s Style) value(f *field, m *model.Member, b *model.Binding, v reflect.Value) error {
	switch b.Shape.Type {
	case model.Structure:
		if f.given && f.text != "" {
			return malformed("Unexpected simple value for " + m.Wire + ".")
		}
		if b.Cases != nil {
			return s.union(f, b, v)
		}
		if b.Pointer {
			p := reflect.New(b.Type)
			v.Set(p)
			v = p.Elem()
		}
		return s.structure(f, b, v)
	case model.List:
		return s.list(s.inner(f, m, b.Shape, wireOr(b.Shape.Member, "member")), b, v)
	case model.Map:
		return s.mapping(s.inner(f, m, b.Shape, "entry"), b, v)
	}
	if !f.given || len(f.children) > 0 {
		return malformed("Unexpected complex value for " + m.Wire + ".")
	}
	if !codec.SetText(b, v, f.text) {
		return codec.NotConvertible(codec.CodeMalformedInput, b.Shape)
	}
	return nil
}

func (s Style) structure(f *field, b *model.Binding, v reflect.Value) error {
	for i := range b.Fields {
		bound := &b.Fields[i]
		child := f.child(s.Name(bound.Member))
		if child == nil {
			continue
		}
		if err := s.value(child, bound.Member, bound.Binding, v.Field(bound.Index)); err != nil {
			return err
		}
	}
	return nil
}

func (s Style) union(f *field, b *model.Binding, v reflect.Value) error {
	for i := range b.Cases {
		c := &b.Cases[i]
		child := f.child(s.Name(c.Member))
		if child == nil {
			continue
		}
		if !v.IsNil() {
			return malformed("Exactly one member of a union must be given")
		}
		held := reflect.New(c.Struct)
		if err := s.value(child, c.Member, c.Binding, held.Elem().FieldByName("Value")); err != nil {
			return err
		}
		v.Set(held)
	}
	if v.IsNil() {
		return malformed("Exactly one member of a union must be given")
	}
	return nil
}

// list reads name.member.N, or name.N where it is flattened. A name with
// nothing below is an empty list.
func (s Style) list(f *field, b *model.Binding, v reflect.Value) error {
	elements, err := f.numbered()
	if err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(b.Type, len(elements), len(elements)))
	for i, e := range elements {
		if err := s.value(e, b.Shape.Member, b.Elem, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// mapping reads name.entry.N.key and name.entry.N.value.
func (s Style) mapping(f *field, b *model.Binding, v reflect.Value) error {
	entries, err := f.numbered()
	if err != nil {
		return err
	}
	v.Set(reflect.MakeMapWithSize(b.Type, len(entries)))
	for _, e := range entries {
		k := e.child(wireOr(b.Shape.Key, "key"))
		if k == nil || !k.given {
			return malformed("An entry of a map has no key.")
		}
		key := reflect.New(b.Type.Key()).Elem()
		key.SetString(k.text)
		element := reflect.New(b.Type.Elem()).Elem()
		if held := e.child(wireOr(b.Shape.Value, "value")); held != nil {
			if err := s.value(held, b.Shape.Value, b.Elem, element); err != nil {
				return err
			}
		}
		v.SetMapIndex(key, element)
	}
	return nil
}

func wireOr(m *model.Member, own string) string {
	if m.HasWire() {
		return m.Wire
	}
	return own
}
