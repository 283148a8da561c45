package codec

import (
	"bytes"
	"reflect"
	"strings"
	"sync"

	"tamachi/internal/aws/model"
)

// scratch holds buffers in which bodies grow, so that an answer costs one
// allocation of its right size.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// maxScratch is the largest buffer that is kept.
const maxScratch = 1 << 20

// WriteJSON is AppendJSON into a slice of its own.
func WriteJSON(shape *model.Shape, of any) ([]byte, error) {
	kept := scratch.Get().(*[]byte)
	text, err := AppendJSON((*kept)[:0], shape, of)
	body := bytes.Clone(text)
	if cap(text) <= maxScratch {
		*kept = text
		scratch.Put(kept)
	}
	return body, err
}

// JSONFault is the body of an error in the JSON protocols.
func JSONFault(svc *model.Service, f *Fault) []byte {
	dst := AppendQuoted([]byte(`{"__type":`), f.Code)
	shape, modelled := svc.ErrorShape(f.Code)
	if f.Message != "" {
		dst = append(dst, ',')
		dst = AppendQuoted(dst, messageName(f, shape))
		dst = append(dst, ':')
		dst = AppendQuoted(dst, f.Message)
	}
	if modelled && f.Modelled != nil {
		dst = appendMembers(dst, shape, f.Modelled)
	}
	return append(dst, '}')
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

// appendMembers writes the members of an exception other than its message. A
// struct that does not fit the model writes none: the error itself must reach
// the client.
func appendMembers(dst []byte, shape *model.Shape, of any) []byte {
	b, err := model.Bind(shape, reflect.TypeOf(of))
	if err != nil || !b.Pointer || reflect.ValueOf(of).IsNil() {
		return dst
	}
	v := reflect.ValueOf(of).Elem()
	for i := range b.Fields {
		f := &b.Fields[i]
		field := v.Field(f.Index)
		if IsMessage(f.Member) || f.Member.Location != "" || f.Binding.Absent(field) {
			continue
		}
		mark := len(dst)
		dst = append(dst, ',')
		dst = AppendQuoted(dst, f.Member.Wire)
		dst = append(dst, ':')
		if dst, err = appendValue(dst, f.Binding, f.Member.TimestampFormat(), field, 1); err != nil {
			dst = dst[:mark]
		}
	}
	return dst
}
