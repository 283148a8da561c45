package rpccbor

import (
	"math"
	"reflect"
	"time"
	"unicode/utf8"

	"github.com/aws/smithy-go/encoding/cbor"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// decode reads a map into in, a pointer to a struct that holds shape, and
// reports which members were there: null is absent, unknown members are
// ignored. The error is a *codec.Fault.
func decode(body []byte, shape *model.Shape, in any) (model.Presence, error) {
	p := model.NewPresence(shape)
	b, err := model.Bind(shape, reflect.TypeOf(in))
	if err != nil {
		return p, err
	}
	if len(body) == 0 {
		return p, nil
	}
	top, err := cbor.Decode(body)
	if err != nil {
		return p, refused("The body is not CBOR.")
	}
	m, ok := top.(cbor.Map)
	if !ok {
		return p, refused("The body is not a map.")
	}
	v := reflect.ValueOf(in).Elem()
	for i := range b.Fields {
		f := &b.Fields[i]
		value := m[f.Member.Name]
		if absent(value) {
			continue
		}
		p.Set(f.Member, true)
		if err := set(f.Binding, value, v.Field(f.Index), 1); err != nil {
			return p, err
		}
	}
	return p, nil
}

func refused(message string) *codec.Fault {
	return &codec.Fault{Code: codec.CodeSerialization, Message: message}
}

// absent tells whether a value stands for none. The library answers pointers
// for null and undefined.
func absent(v cbor.Value) bool {
	switch v.(type) {
	case nil, *cbor.Nil, *cbor.Undefined:
		return true
	}
	return false
}

// set puts a value into v, which holds b's shape.
func set(b *model.Binding, value cbor.Value, v reflect.Value, depth int) error {
	if depth > codec.MaxDepth {
		return refused("The request nests too deeply.")
	}
	if b.Cases != nil {
		return setUnion(b, value, v, depth)
	}
	if b.Pointer {
		p := reflect.New(b.Type)
		v.Set(p)
		v = p.Elem()
	}
	ok := true
	switch b.Shape.Type {
	case model.Structure:
		return setStructure(b, value, v, depth)
	case model.List:
		return setList(b, value, v, depth)
	case model.Map:
		return setMap(b, value, v, depth)
	case model.String:
		var s cbor.String
		if s, ok = value.(cbor.String); ok && !utf8.ValidString(string(s)) {
			return refused("A text of the request is not UTF-8.")
		}
		v.SetString(string(s))
	case model.Blob:
		var s cbor.Slice
		s, ok = value.(cbor.Slice)
		v.SetBytes(s)
	case model.Boolean:
		var t cbor.Bool
		t, ok = value.(cbor.Bool)
		v.SetBool(bool(t))
	case model.Integer, model.Long:
		ok = setInteger(b.Shape, value, v)
	case model.Float, model.Double:
		var f float64
		f, ok = float(value)
		v.SetFloat(f)
	case model.Timestamp:
		ok = setTime(value, v)
	}
	if !ok {
		return codec.NotConvertible(codec.CodeSerialization, b.Shape)
	}
	return nil
}

func setStructure(b *model.Binding, value cbor.Value, v reflect.Value, depth int) error {
	m, ok := value.(cbor.Map)
	if !ok {
		return refused("A map was expected for " + b.Shape.Name + ".")
	}
	given := 0
	for i := range b.Fields {
		f := &b.Fields[i]
		inner := m[f.Member.Name]
		if absent(inner) {
			continue
		}
		given++
		if err := set(f.Binding, inner, v.Field(f.Index), depth+1); err != nil {
			return err
		}
	}
	if b.Shape.Union && given != 1 {
		return refused("Exactly one member of a union must be given")
	}
	return nil
}

func setUnion(b *model.Binding, value cbor.Value, v reflect.Value, depth int) error {
	m, _ := value.(cbor.Map)
	given := 0
	for i := range b.Cases {
		c := &b.Cases[i]
		inner := m[c.Member.Name]
		if absent(inner) {
			continue
		}
		given++
		held := reflect.New(c.Struct)
		if err := set(c.Binding, inner, held.Elem().FieldByName("Value"), depth+1); err != nil {
			return err
		}
		v.Set(held)
	}
	if given != 1 {
		return refused("Exactly one member of a union must be given")
	}
	return nil
}

func setList(b *model.Binding, value cbor.Value, v reflect.Value, depth int) error {
	list, ok := value.(cbor.List)
	if !ok {
		return refused("Expected list or null")
	}
	v.Set(reflect.MakeSlice(b.Type, 0, len(list)))
	for _, element := range list {
		if absent(element) {
			continue // as in JSON
		}
		n := v.Len()
		v.SetLen(n + 1)
		if err := set(b.Elem, element, v.Index(n), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func setMap(b *model.Binding, value cbor.Value, v reflect.Value, depth int) error {
	m, ok := value.(cbor.Map)
	if !ok {
		return refused("Expected map or null")
	}
	v.Set(reflect.MakeMapWithSize(b.Type, len(m)))
	for name, inner := range m {
		if !utf8.ValidString(name) {
			return refused("A text of the request is not UTF-8.")
		}
		if absent(inner) {
			continue
		}
		key := reflect.New(b.Type.Key()).Elem()
		key.SetString(name)
		element := reflect.New(b.Type.Elem()).Elem()
		if err := set(b.Elem, inner, element, depth+1); err != nil {
			return err
		}
		v.SetMapIndex(key, element)
	}
	return nil
}

func setInteger(s *model.Shape, value cbor.Value, v reflect.Value) bool {
	n, ok := integer(value)
	if !ok || s.Type == model.Integer && n != int64(int32(n)) || v.OverflowInt(n) {
		return false
	}
	v.SetInt(n)
	return true
}

// integer also takes a number with a point and nothing behind it, as clients
// without integers send.
func integer(value cbor.Value) (int64, bool) {
	switch n := value.(type) {
	case cbor.Uint:
		return int64(n), n <= math.MaxInt64
	case cbor.NegInt:
		return -int64(n), n >= 1 && n <= 1<<63
	case cbor.Float32, cbor.Float64:
		f, _ := float(value)
		return int64(f), f == math.Trunc(f) && math.Abs(f) < 1<<53
	}
	return 0, false
}

func float(value cbor.Value) (float64, bool) {
	switch n := value.(type) {
	case cbor.Float64:
		return float64(n), true
	case cbor.Float32:
		return float64(n), true
	case cbor.Uint, cbor.NegInt:
		i, ok := integer(value)
		return float64(i), ok
	}
	return 0, false
}

// setTime reads seconds since 1970 under tag 1.
func setTime(value cbor.Value, v reflect.Value) bool {
	tag, ok := value.(*cbor.Tag)
	if !ok || tag.ID != epochTag {
		return false
	}
	seconds, ok := float(tag.Value)
	if !ok {
		return false
	}
	t, ok := codec.Epoch(seconds)
	if ok {
		v.Set(reflect.ValueOf(t).Convert(reflect.TypeFor[time.Time]()))
	}
	return ok
}
