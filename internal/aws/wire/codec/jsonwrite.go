package codec

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"tamachi/internal/aws/model"
)

// appendJSON writes the members of a struct that holds shape, a pointer to it,
// as a JSON object. Absent members are left out; bare numbers and booleans are
// always written. Members
// bound to headers and the like are left out.
func appendJSON(dst []byte, shape *model.Shape, of any) ([]byte, error) {
	rv := reflect.ValueOf(of)
	if of == nil || rv.Kind() == reflect.Pointer && rv.IsNil() {
		return append(dst, '{', '}'), nil
	}
	b, err := model.Bind(shape, rv.Type())
	if err != nil {
		return dst, err
	}
	if b.Pointer {
		rv = rv.Elem()
	}
	return appendStructure(dst, b, rv, 1)
}

// AppendJSONValue writes one value of a binding.
func AppendJSONValue(dst []byte, b *model.Binding, v reflect.Value) ([]byte, error) {
	return appendValue(dst, b, b.Shape.Timestamp, v, 1)
}

func appendStructure(dst []byte, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return dst, fmt.Errorf("the answer nests deeper than %d levels", MaxDepth)
	}
	var err error
	dst = append(dst, '{')
	start := len(dst)
	for i := range b.Fields {
		f := &b.Fields[i]
		if f.Member.Location != "" {
			continue
		}
		field := v.Field(f.Index)
		if f.Binding.Absent(field) {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, f.Member.JSONKey()...)
		if dst, err = appendValue(dst, f.Binding, f.Member.TimestampFormat(), field, depth); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func appendValue(dst []byte, b *model.Binding, stamp string, v reflect.Value, depth int) ([]byte, error) {
	if b.Pointer {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		v = v.Elem()
	}
	switch b.Shape.Type {
	case model.String:
		return AppendQuoted(dst, v.String()), nil
	case model.Structure:
		if b.Cases != nil {
			return appendUnion(dst, b, v, depth)
		}
		return appendStructure(dst, b, v, depth+1)
	case model.List:
		return appendList(dst, b, v, depth+1)
	case model.Map:
		return appendMap(dst, b, v, depth+1)
	case model.Integer, model.Long:
		return strconv.AppendInt(dst, v.Int(), 10), nil
	case model.Boolean:
		return strconv.AppendBool(dst, v.Bool()), nil
	case model.Float, model.Double:
		return appendFloat(dst, v.Float(), v.Type().Bits()), nil
	case model.Timestamp:
		return appendStamp(dst, stamp, v.Interface().(time.Time)), nil
	case model.Blob:
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, v.Bytes())
		return append(dst, '"'), nil
	}
	return dst, fmt.Errorf("shape %s has a type that JSON cannot carry", b.Shape.Name)
}

func appendUnion(dst []byte, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	c, held, ok := b.Case(v)
	if !ok {
		return dst, fmt.Errorf("union %s holds an unknown %s", b.Shape.Name, v.Elem().Type())
	}
	if depth > MaxDepth {
		return dst, fmt.Errorf("the answer nests deeper than %d levels", MaxDepth)
	}
	dst = append(dst, '{')
	dst = append(dst, c.Member.JSONKey()...)
	dst, err := appendValue(dst, c.Binding, c.Member.TimestampFormat(), held, depth+1)
	return append(dst, '}'), err
}

func appendList(dst []byte, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return dst, fmt.Errorf("the answer nests deeper than %d levels", MaxDepth)
	}
	var err error
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendValue(dst, b.Elem, b.Shape.Member.TimestampFormat(), v.Index(i), depth); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

// appendMap writes the entries in the order of their keys, so that equal
// answers are equal bytes.
func appendMap(dst []byte, b *model.Binding, v reflect.Value, depth int) ([]byte, error) {
	if depth > MaxDepth {
		return dst, fmt.Errorf("the answer nests deeper than %d levels", MaxDepth)
	}
	var err error
	dst = append(dst, '{')
	for i, key := range sortedKeys(v) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendQuoted(dst, key.String())
		dst = append(dst, ':')
		if dst, err = appendValue(dst, b.Elem, b.Shape.Value.TimestampFormat(), v.MapIndex(key), depth); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

// sortedKeys are the keys of a map of strings, in their order.
func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		switch x, y := a.String(), b.String(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return keys
}

// appendFloat writes a double as AWS does, a whole one too with a digit after its
// point: of it the CLI makes 70.0 and not 70.
func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	at := len(dst)
	dst = strconv.AppendFloat(dst, f, 'g', -1, bits)
	if !bytes.ContainsAny(dst[at:], ".e") {
		dst = append(dst, ".0"...)
	}
	return dst
}

// appendStamp writes a timestamp: epoch seconds with up to three decimals
// unless the model asks for text.
func appendStamp(dst []byte, format string, t time.Time) []byte {
	switch format {
	case "iso8601", "rfc822":
		return AppendQuoted(dst, formatTime(format, t))
	}
	return AppendEpoch(dst, t)
}

// AppendEpoch writes seconds since 1970 with as many of three decimals as are
// not zero.
func AppendEpoch(dst []byte, t time.Time) []byte {
	milli := t.UnixMilli()
	if milli < 0 {
		dst, milli = append(dst, '-'), -milli
	}
	dst = strconv.AppendInt(dst, milli/1000, 10)
	rest := milli % 1000
	if rest == 0 {
		return dst
	}
	dst = append(dst, '.', byte('0'+rest/100), byte('0'+rest/10%10), byte('0'+rest%10))
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// formatTime writes a timestamp as text: "rfc822" as HTTP dates are, anything
// else as ISO 8601 in UTC with milliseconds where there are any.
func formatTime(format string, t time.Time) string {
	t = t.UTC().Truncate(time.Millisecond)
	switch format {
	case "rfc822":
		return t.Format("Mon, 02 Jan 2006 15:04:05 GMT")
	case "unixTimestamp":
		return string(AppendEpoch(nil, t))
	}
	return t.Format("2006-01-02T15:04:05.999Z")
}

const hexDigits = "0123456789abcdef"

// AppendQuoted writes a string as JSON. What is no UTF-8 becomes U+FFFD.
func AppendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			dst = append(dst, s[start:i]...)
			dst = appendEscape(dst, c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, s[start:i]...)
			dst = append(dst, "\ufffd"...)
			start = i + 1
		}
		i += size
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// plain are the bytes that a JSON string holds as they are.
var plain = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
