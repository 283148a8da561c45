package codec

import (
	"encoding/base64"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"tamachi/internal/aws/model"
)

// value reads the value at hand into v, which holds b's shape. null leaves v
// at its zero value and reports false.
func (r *reader) value(b *model.Binding, v reflect.Value) (given bool, err error) {
	if r.peek() == 'n' {
		v.SetZero()
		return false, r.word("null")
	}
	if b.Cases != nil {
		return true, r.union(b, v)
	}
	if b.Pointer {
		p := reflect.New(b.Type)
		if err := r.present(b, p.Elem()); err != nil {
			return true, err
		}
		v.Set(p)
		return true, nil
	}
	return true, r.present(b, v)
}

func (r *reader) present(b *model.Binding, v reflect.Value) error {
	switch b.Shape.Type {
	case model.Structure:
		if err := r.open(model.Structure); err != nil {
			return err
		}
		v.SetZero()
		return r.structure(b, v, nil)
	case model.List:
		return r.list(b, v)
	case model.Map:
		return r.mapping(b, v)
	}
	return r.scalar(b.Shape, v)
}

// structure reads members up to the closing brace. p is nil but for an input
// itself.
func (r *reader) structure(b *model.Binding, v reflect.Value, p *model.Presence) error {
	return r.members(b.Shape, func(m *model.Member) (bool, error) {
		f := &b.Fields[m.Index]
		given, err := r.value(f.Binding, v.Field(f.Index))
		if err == nil && p != nil {
			p.Set(m, given)
		}
		return given, err
	})
}

// members reads an object up to its closing brace. read takes the value of a
// member that the shape knows, and tells whether it was given.
func (r *reader) members(s *model.Shape, read func(*model.Member) (given bool, err error)) error {
	set := 0
	for first := true; ; {
		more, err := r.next('}', &first)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		name, err := r.key()
		if err != nil {
			return err
		}
		m := r.find(s, name)
		if m == nil {
			if err := r.skip(); err != nil {
				return err
			}
			continue
		}
		given, err := read(m)
		if err != nil {
			return err
		}
		if given {
			set++
		}
	}
	if s.Union && set != 1 {
		return refused("Exactly one member of a union must be given")
	}
	return nil
}

// union reads an object with exactly one known member that is not null.
func (r *reader) union(b *model.Binding, v reflect.Value) error {
	if err := r.open(model.Structure); err != nil {
		return err
	}
	v.SetZero()
	return r.members(b.Shape, func(m *model.Member) (bool, error) {
		if r.peek() == 'n' {
			return false, r.skip()
		}
		c := &b.Cases[m.Index]
		held := reflect.New(c.Struct)
		if _, err := r.value(c.Binding, held.Elem().FieldByName("Value")); err != nil {
			return false, err
		}
		v.Set(held)
		return true, nil
	})
}

// list reads a list; AWS drops elements that are null.
func (r *reader) list(b *model.Binding, v reflect.Value) error {
	if err := r.open(model.List); err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(b.Type, 0, 0))
	n := 0
	for first := true; ; {
		more, err := r.next(']', &first)
		if err != nil || !more {
			return err
		}
		if n == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(n + 1)
		given, err := r.value(b.Elem, v.Index(n))
		if err != nil {
			return err
		}
		if given {
			n++
			continue
		}
		v.SetLen(n)
	}
}

func (r *reader) mapping(b *model.Binding, v reflect.Value) error {
	if err := r.open(model.Map); err != nil {
		return err
	}
	m := reflect.MakeMap(b.Type)
	v.Set(m)
	for first := true; ; {
		more, err := r.next('}', &first)
		if err != nil || !more {
			return err
		}
		name, err := r.key()
		if err != nil {
			return err
		}
		key := reflect.New(b.Type.Key()).Elem()
		key.SetString(string(name))
		element := reflect.New(b.Type.Elem()).Elem()
		given, err := r.value(b.Elem, element)
		if err != nil {
			return err
		}
		if !given {
			element = reflect.Value{} // the last of two equal keys wins: absent
		}
		m.SetMapIndex(key, element)
	}
}

// scalar reads a string, number, boolean, timestamp or blob.
func (r *reader) scalar(s *model.Shape, v reflect.Value) error {
	var found string
	switch c := r.peek(); c {
	case '"':
		text, err := r.str()
		if err != nil {
			return err
		}
		return setText(s, v, text)
	case 't', 'f':
		word := map[byte]string{'t': "true", 'f': "false"}[c]
		if err := r.word(word); err != nil {
			return err
		}
		if s.Type == model.Boolean {
			v.SetBool(c == 't')
			return nil
		}
		found = map[byte]string{'t': "TRUE_VALUE", 'f': "FALSE_VALUE"}[c]
	case '[', '{':
		return r.misplaced(c)
	default:
		number, err := r.number()
		if err != nil {
			return err
		}
		if setNumber(s, v, string(number)) {
			return nil
		}
		found = "NUMBER_VALUE"
	}
	return refused(found + " can not be converted to " + article(s.Type))
}

// article names a type as AWS's messages do.
func article(t model.Type) string {
	switch t {
	case model.Integer:
		return "an Integer"
	case model.Long:
		return "a Long"
	case model.Float:
		return "a Float"
	case model.Double:
		return "a Double"
	case model.Boolean:
		return "a Boolean"
	case model.Timestamp:
		return "a Timestamp"
	case model.Blob:
		return "a Blob"
	}
	return "a String"
}

// setText puts a JSON string into a value. Numbers and booleans in quotes are
// refused, as AWS does; timestamps may be ISO 8601, and the numbers that JSON
// cannot write are words.
func setText(s *model.Shape, v reflect.Value, text []byte) error {
	switch s.Type {
	case model.String:
		v.SetString(string(text))
		return nil
	case model.Blob:
		data, err := base64.StdEncoding.Strict().DecodeString(string(text))
		if err != nil {
			return refused(fmt.Sprintf("The value of %d characters can not be converted to a Blob: it is not Base64", len(text)))
		}
		v.SetBytes(data)
		return nil
	case model.Timestamp:
		if t, ok := ParseTime(string(text)); ok {
			v.Set(reflect.ValueOf(t))
			return nil
		}
	case model.Float, model.Double:
		switch string(text) {
		case "NaN":
			v.SetFloat(math.NaN())
			return nil
		case "Infinity":
			v.SetFloat(math.Inf(1))
			return nil
		case "-Infinity":
			v.SetFloat(math.Inf(-1))
			return nil
		}
	}
	return refused("STRING_VALUE can not be converted to " + article(s.Type))
}

// setNumber puts a JSON number into a value; AWS cuts the fraction off where
// an integer is wanted.
func setNumber(s *model.Shape, v reflect.Value, text string) bool {
	switch s.Type {
	case model.Integer, model.Long:
		n, ok := whole(text)
		if !ok || s.Type == model.Integer && n != int64(int32(n)) || v.OverflowInt(n) {
			return false
		}
		v.SetInt(n)
		return true
	case model.Float, model.Double:
		f, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil {
			return false
		}
		v.SetFloat(f)
		return true
	case model.Timestamp:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return false
		}
		t, ok := Epoch(f)
		if ok {
			v.Set(reflect.ValueOf(t))
		}
		return ok
	}
	return false
}

func whole(text string) (int64, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < -(1<<53) || f > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// Epoch turns seconds since 1970 into a time, to the millisecond, for the
// years that AWS's formats can write.
func Epoch(seconds float64) (time.Time, bool) {
	if math.IsNaN(seconds) || seconds < minEpoch || seconds >= maxEpoch {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), true
}

// The years 1 to 9999 in seconds since 1970.
const (
	minEpoch = -62135596800
	maxEpoch = 253402300800
)

// ParseTime reads a timestamp in ISO 8601 with a zone, or in the form of HTTP
// dates.
func ParseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", time.RFC1123} {
		// A zone may lead over the ends of the years that can be written.
		if t, err := time.Parse(layout, text); err == nil && t.UTC().Year() >= 1 && t.UTC().Year() <= 9999 {
			return t.UTC().Truncate(time.Millisecond), true
		}
	}
	return time.Time{}, false
}
