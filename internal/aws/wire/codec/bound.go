package codec

import (
	"net/http"
	"net/textproto"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"

	"tamachi/internal/aws/model"
)

// maxValues is how many values of one query parameter are read.
const maxValues = 10_000

// Bound reads the members that REST protocols bind to the path, the query
// string and headers.
type Bound struct {
	Labels map[string]string
	// Wrong is the fault of a text that is not of its member's type; nil lets
	// the member count as absent.
	Wrong func(m *model.Member, text string) error
}

// Read reads the member of f into its field of v. ok is false for a member
// that travels in the body.
func (x Bound) Read(f *model.Field, v reflect.Value, r *Request) (given, ok bool, err error) {
	field := v.Field(f.Index)
	switch f.Member.Location {
	case "uri":
		text, found := x.Labels[f.Member.Wire]
		given, err = x.simple(f, field, text, found)
	case "querystring":
		given, err = x.query(f, field, r.Query)
	case "header":
		given, err = x.header(f, field, r.Header)
	case "headers":
		given = x.prefixed(f, field, r.Header)
	default:
		return false, false, nil
	}
	return given, true, err
}

func (x Bound) simple(f *model.Field, field reflect.Value, text string, given bool) (bool, error) {
	if !given {
		return false, nil
	}
	if !utf8.ValidString(text) || !SetText(f.Binding, field, text) {
		return false, x.Wrong(f.Member, text)
	}
	return true, nil
}

// query reads a parameter: a simple value, or a list of them.
func (x Bound) query(f *model.Field, field reflect.Value, q url.Values) (bool, error) {
	switch f.Binding.Shape.Type {
	case model.List:
		return x.list(f, field, q[f.Member.Wire])
	case model.Map, model.Structure:
		return false, nil // no model of ours binds one
	}
	return x.simple(f, field, q.Get(f.Member.Wire), q.Has(f.Member.Wire))
}

// header reads a header: a simple value, or a list of them, separated by
// commas or in several lines.
func (x Bound) header(f *model.Field, field reflect.Value, h http.Header) (bool, error) {
	if f.Binding.Shape.Type != model.List {
		text := h.Get(f.Member.Wire)
		return x.simple(f, field, text, text != "")
	}
	var values []string
	for _, line := range h.Values(f.Member.Wire) {
		for part := range strings.SplitSeq(line, ",") {
			if part = strings.TrimSpace(part); part != "" {
				values = append(values, part)
			}
		}
	}
	return x.list(f, field, values)
}

func (x Bound) list(f *model.Field, field reflect.Value, values []string) (bool, error) {
	if len(values) == 0 {
		return false, nil
	}
	if len(values) > maxValues {
		return false, x.Wrong(f.Member, "a list of too many values")
	}
	list := reflect.MakeSlice(f.Binding.Type, len(values), len(values))
	for i, text := range values {
		if !utf8.ValidString(text) || !SetText(f.Binding.Elem, list.Index(i), text) {
			return false, x.Wrong(f.Member, text)
		}
	}
	field.Set(list)
	return true, nil
}

// prefixed reads the headers whose names begin with the member's prefix. Names
// of headers have no case; the map's keys are written small.
func (x Bound) prefixed(f *model.Field, field reflect.Value, h http.Header) bool {
	prefix := textproto.CanonicalMIMEHeaderKey(f.Member.Wire)
	found := reflect.MakeMap(f.Binding.Type)
	for name, values := range h {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok || len(values) == 0 {
			continue
		}
		text := reflect.New(f.Binding.Type.Elem()).Elem()
		if SetText(f.Binding.Elem, text, strings.Join(values, ",")) {
			found.SetMapIndex(reflect.ValueOf(strings.ToLower(rest)).Convert(f.Binding.Type.Key()), text)
		}
	}
	if found.Len() == 0 {
		return false
	}
	field.Set(found)
	return true
}

// WriteBound writes a member that the model binds to a header or to the
// status; others it leaves alone.
func WriteBound(f *model.Field, field reflect.Value, r *Response) {
	switch f.Member.Location {
	case "header":
		if f.Binding.Shape.Type == model.List {
			texts := make([]string, field.Len())
			for i := range texts {
				texts[i] = Text(f.Binding.Elem, field.Index(i), "rfc822")
			}
			r.Header.Set(f.Member.Wire, strings.Join(texts, ", "))
			return
		}
		r.Header.Set(f.Member.Wire, Text(f.Binding, field, stampOf(f.Member, "rfc822")))
	case "headers":
		for _, k := range sortedKeys(field) {
			r.Header.Set(f.Member.Wire+k.String(), Text(f.Binding.Elem, field.MapIndex(k), "rfc822"))
		}
	case "statusCode":
		if f.Binding.Pointer {
			field = field.Elem()
		}
		if code := field.Int(); code >= 200 && code < 600 {
			r.Status = int(code)
		}
	}
}
