package codec

import (
	"bytes"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"tamachi/internal/aws/model"
)

// scratch holds buffers in which bodies grow, so that an answer costs one
// allocation of its right size.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// maxScratch is the largest buffer that is kept.
const maxScratch = 1 << 20

// WriteJSON is appendJSON into a slice of its own.
func WriteJSON(shape *model.Shape, of any) ([]byte, error) {
	kept := scratch.Get().(*[]byte)
	text, err := appendJSON((*kept)[:0], shape, of)
	body := bytes.Clone(text)
	if cap(text) <= maxScratch {
		*kept = text
		scratch.Put(kept)
	}
	return body, err
}

// JSONFault is the body of an error in the JSON protocols: "__type", the
// message, and the modelled error's other members.
func JSONFault(svc *model.Service, f *Fault) []byte {
	name := f.Code
	if shape, ok := f.Shape(svc); ok && svc.QueryCompatible {
		name = shape.Name // a header tells the code
	}
	dst := AppendQuoted([]byte(`{"__type":`), name)
	return appendFault(dst, svc, f)
}

// RESTFault is JSONFault without "__type", which a header tells in REST.
func RESTFault(svc *model.Service, f *Fault) []byte {
	return appendFault([]byte{'{'}, svc, f)
}

func appendFault(dst []byte, svc *model.Service, f *Fault) []byte {
	shape, modelled := svc.ErrorShape(f.Code)
	if f.Message != "" {
		dst = appendComma(dst)
		dst = AppendQuoted(dst, messageName(f, shape))
		dst = append(dst, ':')
		dst = AppendQuoted(dst, f.Message)
	}
	if modelled && f.Modelled != nil {
		dst = appendErrorMembers(dst, shape, f.Modelled)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Extra)) {
		dst = AppendQuoted(appendComma(dst), name)
		dst = AppendQuoted(append(dst, ':'), f.Extra[name])
	}
	return append(dst, '}')
}

func appendComma(dst []byte) []byte {
	if dst[len(dst)-1] == '{' {
		return dst
	}
	return append(dst, ',')
}

// messageName is "message" or "Message": the model's, where it has one. What
// the framework itself refuses is written with a capital letter.
func messageName(f *Fault, shape *model.Shape) string {
	if shape != nil {
		for _, m := range shape.Members {
			if IsMessage(m) {
				return m.Wire
			}
		}
	}
	if f.Code == CodeSerialization {
		return "Message"
	}
	return "message"
}

// IsMessage tells whether a member of an exception is its message.
func IsMessage(m *model.Member) bool { return strings.EqualFold(m.Name, "message") }

// exception is an error struct with its binding, unless it does not fit.
func exception(shape *model.Shape, of any) (*model.Binding, reflect.Value, bool) {
	v := reflect.ValueOf(of)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil, v, false
	}
	b, err := model.Bind(shape, v.Type())
	return b, v.Elem(), err == nil
}

// appendErrorMembers writes the members of an exception other than its
// message. A struct that does not fit the model writes none: the error itself
// must reach the client.
func appendErrorMembers(dst []byte, shape *model.Shape, of any) []byte {
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
		mark := len(dst)
		dst = AppendQuoted(appendComma(dst), f.Member.Wire)
		dst = append(dst, ':')
		var err error
		if dst, err = appendValue(dst, f.Binding, f.Member.TimestampFormat(), field, 1); err != nil {
			dst = dst[:mark]
		}
	}
	return dst
}

// ErrorHeaders are the members of an exception that the model binds to headers,
// as name and text.
func ErrorHeaders(shape *model.Shape, of any) map[string]string {
	b, v, ok := exception(shape, of)
	if !ok {
		return nil
	}
	headers := map[string]string{}
	for i := range b.Fields {
		f := &b.Fields[i]
		field := v.Field(f.Index)
		if f.Member.Location == "header" && !f.Binding.Absent(field) {
			headers[f.Member.Wire] = Text(f.Binding, field, stampOf(f.Member, "rfc822"))
		}
	}
	return headers
}
