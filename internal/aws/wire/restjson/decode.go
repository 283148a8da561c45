package restjson

import (
	"net/textproto"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// maxValues is how many values of one query parameter are read.
const maxValues = 10_000

func decode(op *model.Operation, r *codec.Request, in any) (model.Presence, error) {
	b, err := model.Bind(op.Input, reflect.TypeOf(in))
	if err != nil {
		return model.NewPresence(op.Input), err
	}
	p, err := body(op.Input, b, r, in)
	if err != nil {
		return p, err
	}
	var labels map[string]string
	if strings.Contains(op.URI, "{") {
		labels = parse(op).labels(r.Path)
	}
	v := reflect.ValueOf(in).Elem()
	for i := range b.Fields {
		f := &b.Fields[i]
		var given bool
		var err error
		switch f.Member.Location {
		case "uri":
			text, ok := labels[f.Member.Wire]
			given, err = simple(f, v, text, ok)
		case "querystring":
			given, err = query(f, v, r.Query)
		case "header":
			text := r.Header.Get(f.Member.Wire)
			given, err = simple(f, v, text, text != "")
		case "headers":
			given = prefixed(f, v, r)
		default:
			continue
		}
		if err != nil {
			return p, err
		}
		p.Set(f.Member, given)
	}
	return p, nil
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

func simple(f *model.Field, v reflect.Value, text string, ok bool) (bool, error) {
	if !ok {
		return false, nil
	}
	if !utf8.ValidString(text) || !codec.SetText(f.Binding, v.Field(f.Index), text) {
		return false, codec.NotConvertible(codec.CodeSerialization, f.Binding.Shape)
	}
	return true, nil
}

// query reads a parameter: a simple value, a list of them, or all parameters
// that no other member names.
func query(f *model.Field, v reflect.Value, q url.Values) (bool, error) {
	field := v.Field(f.Index)
	switch f.Binding.Shape.Type {
	case model.List:
		values := q[f.Member.Wire]
		if len(values) == 0 {
			return false, nil
		}
		if len(values) > maxValues {
			return false, &codec.Fault{Code: codec.CodeSerialization, Message: "The query string repeats a parameter too often."}
		}
		list := reflect.MakeSlice(f.Binding.Type, len(values), len(values))
		for i, text := range values {
			if !utf8.ValidString(text) || !codec.SetText(f.Binding.Elem, list.Index(i), text) {
				return false, codec.NotConvertible(codec.CodeSerialization, f.Binding.Elem.Shape)
			}
		}
		field.Set(list)
		return true, nil
	case model.Map, model.Structure:
		return false, nil // no model of ours binds one
	}
	return simple(f, v, q.Get(f.Member.Wire), q.Has(f.Member.Wire))
}

// prefixed reads the headers whose names begin with the member's prefix.
func prefixed(f *model.Field, v reflect.Value, r *codec.Request) bool {
	prefix := textproto.CanonicalMIMEHeaderKey(f.Member.Wire)
	field := v.Field(f.Index)
	found := reflect.MakeMap(f.Binding.Type)
	for name, values := range r.Header {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok || len(values) == 0 {
			continue
		}
		text := reflect.New(f.Binding.Type.Elem()).Elem()
		if codec.SetText(f.Binding.Elem, text, values[0]) {
			found.SetMapIndex(reflect.ValueOf(rest).Convert(f.Binding.Type.Key()), text)
		}
	}
	if found.Len() == 0 {
		return false
	}
	field.Set(found)
	return true
}
