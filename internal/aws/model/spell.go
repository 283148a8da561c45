package model

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// plainStyle is how a struct is written for programs: nothing hidden, names as
// the model has them.
var plainStyle = style{
	hides: func(*Shape, int) bool { return false },
	stamp: "2006-01-02T15:04:05.999Z",
	first: func(c byte) byte { return c },
}

// Plain is an output as boto3 gives it, whatever protocol its service speaks: a
// JSON object of the members that are set, by the model's names, timestamps as
// ISO 8601 in UTC, blobs as base64. A streamed body is left out. An error is a
// programmer's mistake, or a number that JSON cannot write.
func Plain(op *Operation, out any) (json.RawMessage, error) {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return json.RawMessage("{}"), nil
	}
	b, err := Bind(op.Output, v.Type())
	if err != nil {
		return nil, err
	}
	r := speller{style: &plainStyle, zeros: true, text: make([]byte, 0, 1024)}
	r.value(b, v, 0)
	if r.failed {
		return nil, fmt.Errorf("write the output of %s: %w", op.Name, errNoJSON)
	}
	return r.text, nil
}

var errNoJSON = errors.New("a number has no JSON")

// style is how the members of a struct are spelled as JSON.
type style struct {
	hides func(s *Shape, depth int) bool // whose value is Hidden
	stamp string                         // layout of timestamps, in UTC
	first func(byte) byte                // the first letter of a member's name
}

// speller writes JSON as it walks. Making maps for encoding/json first took
// four times as long.
type speller struct {
	style  *style
	zeros  bool // write bare zeros
	text   []byte
	failed bool // a number that is none
}

func (r *speller) value(b *Binding, v reflect.Value, depth int) {
	if r.style.hides(b.Shape, depth) {
		r.string(hidden)
		return
	}
	if isNil(v) && b.Shape.Type != List && b.Shape.Type != Map && b.Shape.Type != Blob {
		r.text = append(r.text, "null"...)
		return
	}
	if b.Pointer {
		v = v.Elem()
	}
	switch b.Shape.Type {
	case Structure:
		r.structure(b, v, depth)
	case List:
		r.text = append(r.text, '[')
		for i := range v.Len() {
			if i > 0 {
				r.text = append(r.text, ',')
			}
			r.value(b.Elem, v.Index(i), depth+1)
		}
		r.text = append(r.text, ']')
	case Map:
		r.mapping(b, v, depth)
	case Timestamp:
		r.string(v.Interface().(time.Time).UTC().Format(r.style.stamp))
	case Blob:
		r.text = append(base64.StdEncoding.AppendEncode(append(r.text, '"'), v.Bytes()), '"')
	case Integer, Long:
		r.text = strconv.AppendInt(r.text, v.Int(), 10)
	case Float, Double:
		r.number(v.Float())
	case Boolean:
		r.text = strconv.AppendBool(r.text, v.Bool())
	default:
		r.string(v.String())
	}
}

func (r *speller) string(s string) { r.text = AppendString(r.text, s) }

func (r *speller) number(f float64) {
	text, err := json.Marshal(f)
	r.failed = r.failed || err != nil
	r.text = append(r.text, text...)
}

func (r *speller) structure(b *Binding, v reflect.Value, depth int) {
	r.text = append(r.text, '{')
	if b.Cases != nil {
		if c, held, ok := b.Case(v); ok {
			r.name(c.Member.Name)
			r.value(c.Binding, held, depth+1)
		}
		r.text = append(r.text, '}')
		return
	}
	first := true
	for i := range b.Fields {
		f := &b.Fields[i]
		field := v.Field(f.Index)
		if f.Member.Streaming { // the trail must not read a body, and it is no parameter
			continue
		}
		if f.Binding.Absent(field) || !r.zeros && !nilable(field) && field.IsZero() {
			continue
		}
		if !first {
			r.text = append(r.text, ',')
		}
		first = false
		r.name(f.Member.Name)
		r.value(f.Binding, field, depth+1)
	}
	r.text = append(r.text, '}')
}

// name writes a member's name.
func (r *speller) name(s string) {
	at := len(r.text) + 1
	r.string(s)
	r.text[at] = r.style.first(r.text[at])
	r.text = append(r.text, ':')
}

func (r *speller) mapping(b *Binding, v reflect.Value, depth int) {
	if r.style.hides(b.Shape.Key.Shape, depth) {
		r.string(hidden)
		return
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
	r.text = append(r.text, '{')
	for i, k := range keys {
		if i > 0 {
			r.text = append(r.text, ',')
		}
		r.string(k.String())
		r.text = append(r.text, ':')
		r.value(b.Elem, v.MapIndex(k), depth+1)
	}
	r.text = append(r.text, '}')
}
