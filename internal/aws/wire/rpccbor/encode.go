package rpccbor

import (
	"fmt"
	"reflect"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// epochTag marks a timestamp: seconds since 1970 (RFC 8949, 3.4.2).
const epochTag = 1

// encode makes a map of a struct that holds shape, a pointer to it. Absent
// members are left out.
func encode(shape *model.Shape, of any) (cbor.Map, error) {
	v := reflect.ValueOf(of)
	if of == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return cbor.Map{}, nil
	}
	b, err := model.Bind(shape, v.Type())
	if err != nil {
		return nil, err
	}
	if b.Pointer {
		v = v.Elem()
	}
	return structure(b, v, 1)
}

func structure(b *model.Binding, v reflect.Value, depth int) (cbor.Map, error) {
	if depth > codec.MaxDepth {
		return nil, fmt.Errorf("the answer nests deeper than %d levels", codec.MaxDepth)
	}
	m := cbor.Map{}
	for i := range b.Fields {
		f := &b.Fields[i]
		field := v.Field(f.Index)
		if f.Binding.Absent(field) {
			continue
		}
		value, err := valueOf(f.Binding, field, depth)
		if err != nil {
			return nil, err
		}
		m[f.Member.Name] = value
	}
	return m, nil
}

func valueOf(b *model.Binding, v reflect.Value, depth int) (cbor.Value, error) {
	if b.Pointer {
		if v.IsNil() {
			return &cbor.Nil{}, nil
		}
		v = v.Elem()
	}
	switch b.Shape.Type {
	case model.Structure:
		if b.Cases != nil {
			return unionValue(b, v, depth)
		}
		return structure(b, v, depth+1)
	case model.List:
		return listValue(b, v, depth+1)
	case model.Map:
		return mapValue(b, v, depth+1)
	case model.String:
		return cbor.String(v.String()), nil
	case model.Blob:
		return cbor.Slice(v.Bytes()), nil
	case model.Boolean:
		return cbor.Bool(v.Bool()), nil
	case model.Integer, model.Long:
		return number(v.Int()), nil
	case model.Float:
		return cbor.Float32(v.Float()), nil
	case model.Double:
		return cbor.Float64(v.Float()), nil
	case model.Timestamp:
		milli := v.Interface().(time.Time).UnixMilli()
		return &cbor.Tag{ID: epochTag, Value: cbor.Float64(float64(milli) / 1000)}, nil
	}
	return nil, fmt.Errorf("shape %s has a type that CBOR cannot carry", b.Shape.Name)
}

// number is an integer; the library's NegInt holds the value without its sign.
func number(n int64) cbor.Value {
	if n < 0 {
		return cbor.NegInt(-uint64(n)) // also of the least one
	}
	return cbor.Uint(n)
}

func unionValue(b *model.Binding, v reflect.Value, depth int) (cbor.Value, error) {
	c, held, ok := b.Case(v)
	if !ok {
		return nil, fmt.Errorf("union %s holds an unknown %s", b.Shape.Name, v.Elem().Type())
	}
	value, err := valueOf(c.Binding, held, depth+1)
	return cbor.Map{c.Member.Name: value}, err
}

func listValue(b *model.Binding, v reflect.Value, depth int) (cbor.Value, error) {
	if depth > codec.MaxDepth {
		return nil, fmt.Errorf("the answer nests deeper than %d levels", codec.MaxDepth)
	}
	list := make(cbor.List, v.Len())
	var err error
	for i := range list {
		if list[i], err = valueOf(b.Elem, v.Index(i), depth); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func mapValue(b *model.Binding, v reflect.Value, depth int) (cbor.Value, error) {
	if depth > codec.MaxDepth {
		return nil, fmt.Errorf("the answer nests deeper than %d levels", codec.MaxDepth)
	}
	m := cbor.Map{}
	for it := v.MapRange(); it.Next(); {
		value, err := valueOf(b.Elem, it.Value(), depth)
		if err != nil {
			return nil, err
		}
		m[it.Key().String()] = value
	}
	return m, nil
}

// addErrorMembers adds the members of an exception other than its message. A
// struct that does not fit the model adds none: the error itself must reach the
// client.
func addErrorMembers(m cbor.Map, shape *model.Shape, of any) {
	all, err := encode(shape, of)
	if err != nil {
		return
	}
	for _, member := range shape.Members {
		if value, ok := all[member.Name]; ok && !codec.IsMessage(member) {
			m[member.Name] = value
		}
	}
}
