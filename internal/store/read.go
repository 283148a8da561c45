package store

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// reader reads the very form that json.Marshal gives a value of its type: no
// space, fields in their order, no name but theirs. It reads nothing else; then
// it reports false and json.Unmarshal decides what the text means. A value's
// fields must be zero before.
//
// encoding/json checks each text before it reads it, looks every name up, and
// was 60 % of the processor time of listing desktops; this takes a fifth of it.
type reader func(in *input, v reflect.Value) bool

// input is the text of a record, and how far it was read.
type input struct {
	text string
	at   int
	keep bool // strings may be parts of text
}

// longKept is how long a text may be of which strings keep all alive.
const longKept = 2 << 10

// readInto reads a record; false means that it is not what json.Marshal writes
// today, and v may hold parts of it.
func (r reader) readInto(text string, v reflect.Value) bool {
	in := &input{text: text, keep: len(text) <= longKept}
	return r(in, v) && in.at == len(text)
}

// take passes over s.
func (in *input) take(s string) bool {
	if !strings.HasPrefix(in.text[in.at:], s) {
		return false
	}
	in.at += len(s)
	return true
}

// readers makes the readers of types, each once; a type may hold itself.
type readers map[reflect.Type]*reader

func (rs readers) of(t reflect.Type) reader {
	if known := rs[t]; known != nil {
		return func(in *input, v reflect.Value) bool { return (*known)(in, v) }
	}
	made := new(reader)
	rs[t] = made
	*made = rs.make(t)
	return *made
}

// ownReader tells whether a type reads itself, or is read in a way of its own.
func ownReader(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t == reflect.TypeFor[json.Number]() || p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func (rs readers) make(t reflect.Type) reader {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return readTime
	case t.Kind() == reflect.Pointer:
		return rs.pointer(t)
	case ownReader(t):
		return readAny
	}
	switch t.Kind() {
	case reflect.String:
		return readString
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return readUint
	case reflect.Float64:
		return readFloat
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			if t.Elem() == reflect.TypeFor[byte]() {
				return readBytes
			}
			return readAny
		}
		return rs.slice(t)
	case reflect.Map:
		if t.Key() != reflect.TypeFor[string]() {
			return readAny
		}
		return rs.table(t)
	case reflect.Struct:
		return rs.fields(t)
	default:
		return readAny
	}
}

// pointer reads null, or what is pointed to.
func (rs readers) pointer(t reflect.Type) reader {
	to := rs.of(t.Elem())
	return func(in *input, v reflect.Value) bool {
		if in.take("null") {
			return true
		}
		v.Set(reflect.New(t.Elem()))
		return to(in, v.Elem())
	}
}

func (rs readers) slice(t reflect.Type) reader {
	one := rs.of(t.Elem())
	return func(in *input, v reflect.Value) bool {
		if in.take("null") {
			return true
		}
		if !in.take("[") {
			return false
		}
		if in.take("]") {
			v.Set(reflect.MakeSlice(t, 0, 0))
			return true
		}
		for {
			n := v.Len()
			if n == v.Cap() {
				v.Grow(1)
			}
			v.SetLen(n + 1)
			v.Index(n).SetZero()
			if !one(in, v.Index(n)) {
				return false
			}
			if in.take("]") {
				return true
			}
			if !in.take(",") {
				return false
			}
		}
	}
}

// table reads a map by strings.
func (rs readers) table(t reflect.Type) reader {
	one := rs.of(t.Elem())
	return func(in *input, v reflect.Value) bool {
		if in.take("null") {
			return true
		}
		if !in.take("{") {
			return false
		}
		v.Set(reflect.MakeMap(t))
		if in.take("}") {
			return true
		}
		key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		for {
			value.SetZero()
			if !readString(in, key) || !in.take(":") || !one(in, value) {
				return false
			}
			v.SetMapIndex(key, value)
			if in.take("}") {
				return true
			}
			if !in.take(",") {
				return false
			}
		}
	}
}

// field is a struct's field as it is written: `"Name":` and its value.
type field struct {
	begin string
	at    int
	read  reader
}

// fields reads a struct. One with embedded fields or options that say how a
// value is written is left to encoding/json.
func (rs readers) fields(t reflect.Type) reader {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || slices.Contains(strings.Split(options, ","), "string") {
			return readAny
		}
		if !f.IsExported() || f.Tag.Get("json") == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		begin := `"` + name + `":`
		quoted, err := json.Marshal(name)
		twice := slices.ContainsFunc(all, func(f field) bool { return f.begin == begin })
		if err != nil || string(quoted)+":" != begin || twice {
			return readAny
		}
		all = append(all, field{begin, i, rs.of(f.Type)})
	}
	return func(in *input, v reflect.Value) bool {
		if !in.take("{") {
			return false
		}
		if in.take("}") {
			return true
		}
		for i := range all {
			f := &all[i]
			if !in.take(f.begin) {
				continue // it was left out, as empty
			}
			if !f.read(in, v.Field(f.at)) {
				return false
			}
			if in.take("}") {
				return true
			}
			if !in.take(",") {
				return false
			}
		}
		return false
	}
}

func readBool(in *input, v reflect.Value) bool {
	if in.take("true") {
		v.SetBool(true)
		return true
	}
	return in.take("false")
}

// readString reads a string that is written as it is.
func readString(in *input, v reflect.Value) bool {
	s, ok := in.plain()
	if !ok {
		return readAny(in, v)
	}
	if !in.keep {
		s = strings.Clone(s)
	}
	v.SetString(s)
	return true
}

// plain is the string that comes next, without its quotes; not ok, and not
// read, when it holds an escape or what no text holds.
func (in *input) plain() (s string, ok bool) {
	if in.at >= len(in.text) || in.text[in.at] != '"' {
		return "", false
	}
	ascii := true
	for i := in.at + 1; i < len(in.text); i++ {
		switch c := in.text[i]; {
		case c == '"':
			s = in.text[in.at+1 : i]
			if !ascii && !utf8.ValidString(s) {
				return "", false
			}
			in.at = i + 1
			return s, true
		case c == '\\' || c < ' ':
			return "", false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", false
}

func readBytes(in *input, v reflect.Value) bool {
	if in.take("null") {
		return true
	}
	s, ok := in.plain()
	if !ok {
		return false
	}
	b, err := base64.StdEncoding.DecodeString(s)
	v.SetBytes(b)
	return err == nil
}

// number is the number that comes next, and whether it is an integer.
// RFC 8259, section 6.
func (in *input) number() (text string, whole bool) {
	begin, whole := in.at, true
	_ = in.take("-")
	switch {
	case in.take("0"):
	case !in.digits():
		return "", false
	}
	if in.take(".") {
		whole = false
		if !in.digits() {
			return "", false
		}
	}
	if in.take("e") || in.take("E") {
		whole = false
		_ = in.take("-") || in.take("+")
		if !in.digits() {
			return "", false
		}
	}
	return in.text[begin:in.at], whole
}

// digits passes over one or more of them.
func (in *input) digits() bool {
	begin := in.at
	for in.at < len(in.text) && in.text[in.at] >= '0' && in.text[in.at] <= '9' {
		in.at++
	}
	return in.at > begin
}

func readInt(in *input, v reflect.Value) bool {
	text, whole := in.number()
	n, err := strconv.ParseInt(text, 10, 64)
	if !whole || err != nil || v.OverflowInt(n) {
		return false
	}
	v.SetInt(n)
	return true
}

func readUint(in *input, v reflect.Value) bool {
	text, whole := in.number()
	n, err := strconv.ParseUint(text, 10, 64)
	if !whole || err != nil || v.OverflowUint(n) {
		return false
	}
	v.SetUint(n)
	return true
}

func readFloat(in *input, v reflect.Value) bool {
	text, _ := in.number()
	n, err := strconv.ParseFloat(text, 64)
	v.SetFloat(n)
	return err == nil
}

// readTime gives a time's own reader its text.
func readTime(in *input, v reflect.Value) bool {
	begin := in.at
	if _, ok := in.plain(); !ok {
		return false
	}
	t, ok := v.Addr().Interface().(*time.Time)
	return ok && t.UnmarshalJSON([]byte(in.text[begin:in.at])) == nil
}

// readAny leaves a value of any kind to encoding/json.
func readAny(in *input, v reflect.Value) bool {
	begin := in.at
	return in.skip() && json.Unmarshal([]byte(in.text[begin:in.at]), v.Addr().Interface()) == nil
}

// skip passes over a value, whose inside encoding/json will look at.
func (in *input) skip() bool {
	depth := 0
	for in.at < len(in.text) {
		switch in.text[in.at] {
		case '"':
			if !in.skipString() {
				return false
			}
			if depth == 0 {
				return true
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return true // the end of a number or a word, and of what it is in
			}
			if depth--; depth == 0 {
				in.at++
				return true
			}
		case ',':
			if depth == 0 {
				return true
			}
		}
		in.at++
	}
	return depth == 0
}

func (in *input) skipString() bool {
	for in.at++; in.at < len(in.text); in.at++ {
		switch in.text[in.at] {
		case '\\':
			in.at++
		case '"':
			in.at++
			return true
		}
	}
	return false
}
