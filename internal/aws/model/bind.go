package model

import (
	"fmt"
	"io"
	"reflect"
	"sync"
	"time"
)

// Binding ties a shape to a Go type: it knows which field of the SDK's struct
// holds which member. Codecs, validation and redaction all walk bindings.
type Binding struct {
	Shape   *Shape
	Type    reflect.Type // without Pointer
	Pointer bool         // the value is a pointer to Type

	Fields []Field     // of a structure held in a struct, by Member.Index
	Cases  []UnionCase // of a union held in an interface, by Member.Index
	Elem   *Binding    // of a list, and of a map's values

	walk bool // validation has something to check in here
}

// Field is a member and its place in the struct.
type Field struct {
	Member  *Member
	Index   int // of the Go field
	Binding *Binding
}

// UnionCase is one alternative of a union: the SDK has a struct for each, with
// one field Value, and the interface holds a pointer to it.
type UnionCase struct {
	Member  *Member
	Struct  reflect.Type
	Binding *Binding // of the field Value
}

type bindKey struct {
	shape *Shape
	typ   reflect.Type
}

// bindings keeps what Bind has compiled, for the life of the process.
var bindings sync.Map // bindKey -> *Binding

// Bind ties a shape to a Go type, which may be a pointer. The result is
// compiled once and shared. An error means that the struct does not fit the
// model: it names the member and the field that were expected.
func Bind(s *Shape, t reflect.Type) (*Binding, error) {
	if b, ok := bindings.Load(bindKey{s, t}); ok {
		return b.(*Binding), nil
	}
	c := compiler{made: map[bindKey]*Binding{}}
	if _, err := c.bind(s, t); err != nil {
		return nil, fmt.Errorf("bind %s to %s: %w", s.Name, t, err)
	}
	for _, made := range c.made {
		made.walk = made.needsWalk(map[*Binding]bool{})
	}
	for key, made := range c.made {
		bindings.LoadOrStore(key, made)
	}
	kept, _ := bindings.Load(bindKey{s, t})
	return kept.(*Binding), nil
}

// compiler binds one type and all it reaches; shapes may be recursive.
type compiler struct {
	made map[bindKey]*Binding
}

func (c *compiler) bind(s *Shape, t reflect.Type) (*Binding, error) {
	key := bindKey{s, t}
	if b := c.made[key]; b != nil {
		return b, nil
	}
	b := &Binding{Shape: s, Type: t}
	if t.Kind() == reflect.Pointer {
		b.Type, b.Pointer = t.Elem(), true
	}
	c.made[key] = b
	return b, c.fill(b)
}

func (c *compiler) fill(b *Binding) error {
	if !fits(b.Shape, b.Type) {
		return fmt.Errorf("shape %s cannot be held in a %s", b.Shape.Name, b.Type)
	}
	var err error
	switch b.Shape.Type {
	case Structure:
		if b.Type.Kind() == reflect.Interface {
			return c.fillUnion(b)
		}
		return c.fillStruct(b)
	case List:
		b.Elem, err = c.bind(b.Shape.Member.Shape, b.Type.Elem())
	case Map:
		b.Elem, err = c.bind(b.Shape.Value.Shape, b.Type.Elem())
	}
	return err
}

func (c *compiler) fillStruct(b *Binding) error {
	b.Fields = make([]Field, len(b.Shape.Members))
	for i, m := range b.Shape.Members {
		f, ok := b.Type.FieldByName(m.Field())
		if !ok || len(f.Index) != 1 {
			return fmt.Errorf("%s has no field %s for member %s of %s", b.Type, m.Field(), m.Name, b.Shape.Name)
		}
		bound, err := c.bind(m.Shape, f.Type)
		if err != nil {
			return fmt.Errorf("field %s of %s: %w", m.Field(), b.Type, err)
		}
		b.Fields[i] = Field{Member: m, Index: f.Index[0], Binding: bound}
	}
	return nil
}

func (c *compiler) fillUnion(b *Binding) error {
	b.Cases = make([]UnionCase, len(b.Shape.Members))
	for i, m := range b.Shape.Members {
		t := unionStruct(b.Type, m)
		if t == nil {
			return fmt.Errorf("the table of unions has no struct for member %s of %s", m.Name, b.Type)
		}
		f, _ := t.FieldByName("Value")
		bound, err := c.bind(m.Shape, f.Type)
		if err != nil {
			return fmt.Errorf("member %s of union %s: %w", m.Name, b.Type, err)
		}
		b.Cases[i] = UnionCase{Member: m, Struct: t, Binding: bound}
	}
	return nil
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	readerType = reflect.TypeFor[io.Reader]()
)

// fits tells whether a shape's values can be held in a Go type.
func fits(s *Shape, t reflect.Type) bool {
	switch k := t.Kind(); s.Type {
	case Structure:
		return k == reflect.Struct || s.Union && k == reflect.Interface
	case List:
		return k == reflect.Slice
	case Map:
		return k == reflect.Map && t.Key().Kind() == reflect.String
	case String:
		return k == reflect.String
	case Integer:
		return k == reflect.Int32 || k == reflect.Int64 || k == reflect.Int
	case Long:
		return k == reflect.Int64
	case Float, Double:
		return k == reflect.Float32 || k == reflect.Float64
	case Boolean:
		return k == reflect.Bool
	case Timestamp:
		return t == timeType
	case Blob:
		return k == reflect.Slice && t.Elem().Kind() == reflect.Uint8 || k == reflect.Interface && t.Implements(readerType)
	}
	return false
}

// Absent tells whether a value of this binding is not there: a nil pointer,
// slice, map or interface, or the empty value of an enum. A bare number or
// boolean is always there; Presence knows better about an input's own members.
func (b *Binding) Absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return b.Type == timeType && v.Interface().(time.Time).IsZero()
	}
	return false
}

// Case finds the alternative that a union's value holds, and that value. ok is
// false for a member that the model does not know.
func (b *Binding) Case(v reflect.Value) (c *UnionCase, value reflect.Value, ok bool) {
	held := v.Elem() // out of the interface
	if held.Kind() == reflect.Pointer {
		held = held.Elem()
	}
	if !held.IsValid() {
		return nil, value, false
	}
	for i := range b.Cases {
		if b.Cases[i].Struct == held.Type() {
			return &b.Cases[i], held.FieldByName("Value"), true
		}
	}
	return nil, value, false
}

// needsWalk tells whether any value below can break a constraint.
func (b *Binding) needsWalk(seen map[*Binding]bool) bool {
	if seen[b] {
		return false // decided where it was first met
	}
	seen[b] = true
	if b.Shape.constrained() {
		return true
	}
	for _, f := range b.Fields {
		if f.Member.Required || f.Binding.needsWalk(seen) {
			return true
		}
	}
	for _, c := range b.Cases {
		if c.Binding.needsWalk(seen) {
			return true
		}
	}
	if b.Shape.Type == Map && b.Shape.Key.Shape.constrained() {
		return true
	}
	return b.Elem != nil && b.Elem.needsWalk(seen)
}

func (s *Shape) constrained() bool {
	return s.Min != nil || s.Max != nil || s.Pattern != "" || len(s.Enum) > 0
}
