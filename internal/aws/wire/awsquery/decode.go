package awsquery

import (
	"reflect"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

func decode(f *field, shape *model.Shape, in any) (model.Presence, error) {
	p := model.NewPresence(shape)
	b, err := model.Bind(shape, reflect.TypeOf(in))
	if err != nil {
		return p, err
	}
	v := reflect.ValueOf(in).Elem()
	for i := range b.Fields {
		bound := &b.Fields[i]
		child := f.child(bound.Member.Wire)
		if child == nil {
			continue
		}
		p.Set(bound.Member, true)
		if err := value(child, bound.Member, bound.Binding, v.Field(bound.Index)); err != nil {
			return p, err
		}
	}
	return p, nil
}

// value reads one member, element or entry; m is its use in the model.
func value(f *field, m *model.Member, b *model.Binding, v reflect.Value) error {
	switch b.Shape.Type {
	case model.Structure:
		if f.given && f.text != "" {
			return malformed("Unexpected simple value for " + m.Wire + ".")
		}
		if b.Cases != nil {
			return union(f, b, v)
		}
		if b.Pointer {
			p := reflect.New(b.Type)
			v.Set(p)
			v = p.Elem()
		}
		return structure(f, b, v)
	case model.List:
		return list(f.inner(m, b.Shape, wireOr(b.Shape.Member, "member")), b, v)
	case model.Map:
		return mapping(f.inner(m, b.Shape, "entry"), b, v)
	}
	if !f.given || len(f.children) > 0 {
		return malformed("Unexpected complex value for " + m.Wire + ".")
	}
	if !codec.SetText(b, v, f.text) {
		return codec.NotConvertible(codec.CodeMalformedInput, b.Shape)
	}
	return nil
}

func structure(f *field, b *model.Binding, v reflect.Value) error {
	for i := range b.Fields {
		bound := &b.Fields[i]
		child := f.child(bound.Member.Wire)
		if child == nil {
			continue
		}
		if err := value(child, bound.Member, bound.Binding, v.Field(bound.Index)); err != nil {
			return err
		}
	}
	return nil
}

func union(f *field, b *model.Binding, v reflect.Value) error {
	for i := range b.Cases {
		c := &b.Cases[i]
		child := f.child(c.Member.Wire)
		if child == nil {
			continue
		}
		if !v.IsNil() {
			return malformed("Exactly one member of a union must be given")
		}
		held := reflect.New(c.Struct)
		if err := value(child, c.Member, c.Binding, held.Elem().FieldByName("Value")); err != nil {
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
func list(f *field, b *model.Binding, v reflect.Value) error {
	elements, err := f.numbered()
	if err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(b.Type, len(elements), len(elements)))
	for i, e := range elements {
		if err := value(e, b.Shape.Member, b.Elem, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// mapping reads name.entry.N.key and name.entry.N.value.
func mapping(f *field, b *model.Binding, v reflect.Value) error {
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
			if err := value(held, b.Shape.Value, b.Elem, element); err != nil {
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
