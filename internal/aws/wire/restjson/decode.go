package restjson

import (
	"reflect"
	"unicode/utf8"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

func decode(op *model.Operation, r *codec.Request, in any) (model.Presence, error) {
	b, err := model.Bind(op.Input, reflect.TypeOf(in))
	if err != nil {
		return model.NewPresence(op.Input), err
	}
	p, err := body(op.Input, b, r, in)
	if err != nil {
		return p, err
	}
	bound := codec.Bound{Labels: codec.Labels(op, r.Path), Wrong: wrong}
	v := reflect.ValueOf(in).Elem()
	for i := range b.Fields {
		f := &b.Fields[i]
		given, ok, err := bound.Read(f, v, r)
		if err != nil {
			return p, err
		}
		if ok {
			p.Set(f.Member, given)
		}
	}
	return p, nil
}

func wrong(m *model.Member, _ string) error {
	s := m.Shape
	if s.Type == model.List {
		s = s.Member.Shape
	}
	return codec.NotConvertible(codec.CodeSerialization, s)
}

// body reads the payload member, or the JSON object of the members that are
// bound to nothing else.
func body(s *model.Shape, b *model.Binding, r *codec.Request, in any) (model.Presence, error) {
	p := model.NewPresence(s)
	if len(r.Body) == 0 {
		return p, nil
	}
	if s.Payload == "" {
		if !s.HasBody() {
			return p, nil
		}
		return codec.ReadJSON(r.Body, s, in)
	}
	m := s.Lookup(s.Payload)
	f := b.Fields[m.Index]
	v := reflect.ValueOf(in).Elem().Field(f.Index)
	switch m.Shape.Type {
	case model.Blob:
		v.SetBytes(r.Body)
	case model.String:
		if !utf8.Valid(r.Body) || !codec.SetText(f.Binding, v, string(r.Body)) {
			return p, &codec.Fault{Code: codec.CodeSerialization}
		}
	default:
		if err := codec.ReadJSONValue(r.Body, f.Binding, v); err != nil {
			return p, err
		}
	}
	p.Set(m, true)
	return p, nil
}
