package codec

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"tamachi/internal/aws/model"
)

// AppendXML writes the members of a struct that holds shape, a pointer to it,
// as XML elements without one around them all. Absent members are left out.
func AppendXML(dst []byte, shape *model.Shape, of any) ([]byte, error) {
	rv := reflect.ValueOf(of)
	if of == nil || rv.Kind() == reflect.Pointer && rv.IsNil() {
		return dst, nil
	}
	b, err := model.Bind(shape, rv.Type())
	if err != nil {
		return dst, err
	}
	if b.Pointer {
		rv = rv.Elem()
	}
	return appendElements(dst, b, rv, 1)
}

func appendElements(dst []byte, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return dst, fmt.Errorf("the answer nests deeper than %d levels", MaxDepth)
	}
	if b.Cases != nil {
		c, held, ok := b.Case(v)
		if !ok {
			return dst, fmt.Errorf("union %s holds an unknown %s", b.Shape.Name, v.Elem().Type())
		}
		return appendMember(dst, c.Member, c.Binding, held, depth)
	}
	var err error
	for i := range b.Fields {
		f := &b.Fields[i]
		field := v.Field(f.Index)
		if f.Member.Location != "" || f.Member.Attribute || f.Binding.Absent(field) {
			continue
		}
		if dst, err = appendMember(dst, f.Member, f.Binding, field, depth); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// appendMember writes a member's element, or one for each entry of a flattened
// list or map.
func appendMember(dst []byte, m *model.Member, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	flat := m.Flattened || b.Shape.Flattened
	switch {
	case flat && b.Shape.Type == model.List:
		return appendRepeated(dst, m.Wire, b, v, depth+1)
	case flat && b.Shape.Type == model.Map:
		return appendEntries(dst, m.Wire, b, v, depth+1)
	}
	return appendElement(dst, m.Wire, m, b, v, depth)
}

func appendElement(dst []byte, name string, m *model.Member, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	if b.Pointer && b.Shape.Type == model.Structure {
		v = v.Elem()
	}
	if m.Space == nil && !b.Shape.Attributed {
		dst = OpenTag(dst, name)
	} else {
		dst = appendOpen(dst, name, m.Space, b, v)
	}
	var err error
	switch b.Shape.Type {
	case model.Structure:
		dst, err = appendElements(dst, b, v, depth+1)
	case model.List:
		dst, err = appendRepeated(dst, nameOr(b.Shape.Member, "member"), b, v, depth+1)
	case model.Map:
		dst, err = appendEntries(dst, "entry", b, v, depth+1)
	default:
		dst = AppendXMLText(dst, Text(b, v, stampOf(m, "iso8601")))
	}
	return CloseTag(dst, name), err
}

// AppendXMLElement writes a value as one element of a name and namespace.
func AppendXMLElement(dst []byte, name string, space *model.Namespace, b *model.Binding, v reflect.Value) ([]byte, error) {
	return appendElement(dst, name, &model.Member{Shape: b.Shape, Wire: name, Space: space}, b, v, 1)
}

// appendOpen writes a start tag with the namespace and the attributes of a
// structure.
func appendOpen(dst []byte, name string, space *model.Namespace, b *model.Binding, v reflect.Value) []byte {
	dst = append(dst, '<')
	dst = append(dst, name...)
	if space != nil {
		attribute := "xmlns"
		if space.Prefix != "" {
			attribute = "xmlns:" + space.Prefix
		}
		dst = AppendXMLAttribute(dst, attribute, space.URI)
	}
	if b.Shape.Attributed && b.Cases == nil {
		for i := range b.Fields {
			f := &b.Fields[i]
			if field := v.Field(f.Index); f.Member.Attribute && !f.Binding.Absent(field) {
				dst = AppendXMLAttribute(dst, f.Member.Wire, Text(f.Binding, field, stampOf(f.Member, "iso8601")))
			}
		}
	}
	return append(dst, '>')
}

// AppendXMLAttribute writes an attribute with a blank before it.
func AppendXMLAttribute(dst []byte, name, value string) []byte {
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, '=', '"')
	start := len(dst)
	dst = AppendXMLText(dst, value)
	if bytes.ContainsAny(dst[start:], "\"\t\n") { // attributes lose these otherwise (XML 1.0, 3.3.3)
		safe := strings.NewReplacer(`"`, "&quot;", "\t", "&#x9;", "\n", "&#xA;").Replace(string(dst[start:]))
		dst = append(dst[:start], safe...)
	}
	return append(dst, '"')
}

func appendRepeated(dst []byte, name string, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return dst, fmt.Errorf("the answer nests deeper than %d levels", MaxDepth)
	}
	var err error
	for i := range v.Len() {
		if dst, err = appendElement(dst, name, b.Shape.Member, b.Elem, v.Index(i), depth); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func appendEntries(dst []byte, name string, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return dst, fmt.Errorf("the answer nests deeper than %d levels", MaxDepth)
	}
	key := nameOr(b.Shape.Key, "key")
	var err error
	for _, k := range sortedKeys(v) {
		dst = OpenTag(dst, name)
		dst = OpenTag(dst, key)
		dst = AppendXMLText(dst, k.String())
		dst = CloseTag(dst, key)
		if dst, err = appendElement(dst, nameOr(b.Shape.Value, "value"), b.Shape.Value, b.Elem, v.MapIndex(k), depth); err != nil {
			return dst, err
		}
		dst = CloseTag(dst, name)
	}
	return dst, nil
}

// nameOr is the name that the model gives to a list's or map's part, or the
// protocol's own.
func nameOr(m *model.Member, own string) string {
	if m.HasWire() {
		return m.Wire
	}
	return own
}

// OpenTag and CloseTag write the tags of an element without attributes.
func OpenTag(dst []byte, name string) []byte {
	dst = append(dst, '<')
	dst = append(dst, name...)
	return append(dst, '>')
}

// CloseTag writes an end tag.
func CloseTag(dst []byte, name string) []byte {
	dst = append(dst, '<', '/')
	dst = append(dst, name...)
	return append(dst, '>')
}

// AppendXMLText writes character data. What XML 1.0 cannot carry becomes
// U+FFFD; a carriage return is written as a reference, since parsers turn a
// bare one into a line feed (XML 1.0, 2.11).
func AppendXMLText(dst []byte, text string) []byte {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '\r':
			dst = append(dst, "&#xD;"...)
		case r < ' ' && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
			dst = append(dst, "\ufffd"...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// AppendXMLExtra writes a fault's further members.
func AppendXMLExtra(dst []byte, f *Fault) []byte {
	for _, name := range slices.Sorted(maps.Keys(f.Extra)) {
		dst = OpenTag(dst, name)
		dst = AppendXMLText(dst, f.Extra[name])
		dst = CloseTag(dst, name)
	}
	return dst
}

// AppendXMLErrorMembers writes the members of an exception other than its
// message. A struct that does not fit the model writes none: the error itself
// must reach the client.
func AppendXMLErrorMembers(dst []byte, shape *model.Shape, of any) []byte {
	b, v, ok := exception(shape, of)
	if !ok {
		return dst
	}
	for i := range b.Fields {
		f := &b.Fields[i]
		field := v.Field(f.Index)
		if IsMessage(f.Member) || f.Member.Location != "" || f.Binding.Absent(field) {
			continue
		}
		if longer, err := appendMember(dst, f.Member, f.Binding, field, 1); err == nil {
			dst = longer
		}
	}
	return dst
}
