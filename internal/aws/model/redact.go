package model

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hidden stands for a sensitive value in a trail record, as CloudTrail writes
// it.
const Hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

// trailTime is how CloudTrail writes a timestamp inside requestParameters and
// responseElements.
const trailTime = "Jan 2, 2006, 3:04:05 PM"

// Redacted is an input as a trail record shows it in requestParameters: names
// with a small first letter, sensitive values Hidden, absent members and bare
// zeros left out. It is JSON; nil when nothing was given, when a number has no
// JSON, or when the struct does not fit the model.
func Redacted(op *Operation, in any) json.RawMessage { return redacted(op.Input, in, false) }

// RedactedOutput is an output as a trail record shows it in responseElements.
func RedactedOutput(op *Operation, out any) json.RawMessage { return redacted(op.Output, out, true) }

func redacted(s *Shape, of any, zeros bool) json.RawMessage {
	v := reflect.ValueOf(of)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	b, err := Bind(s, v.Type())
	if err != nil {
		return nil // rather nothing in the trail than a secret
	}
	r := redactor{zeros: zeros, text: make([]byte, 0, 256)}
	r.value(b, v, 0)
	if r.failed || string(r.text) == "{}" || len(r.text) == 0 || r.text[0] != '{' {
		return nil
	}
	return r.text
}

// redactor writes JSON as it walks. Making maps for encoding/json first took
// four times as long.
type redactor struct {
	zeros  bool // write bare zeros
	text   []byte
	failed bool // a number that is none
}

func (r *redactor) value(b *Binding, v reflect.Value, depth int) {
	if b.Shape.Sensitive || depth > maxDepth {
		r.string(Hidden)
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
		r.string(v.Interface().(time.Time).UTC().Format(trailTime))
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

func (r *redactor) string(s string) { r.text = AppendString(r.text, s) }

func (r *redactor) number(f float64) {
	text, err := json.Marshal(f)
	r.failed = r.failed || err != nil
	r.text = append(r.text, text...)
}

func (r *redactor) structure(b *Binding, v reflect.Value, depth int) {
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

// name writes a member's name, its first letter small.
func (r *redactor) name(s string) {
	at := len(r.text) + 1
	r.string(s)
	if c := r.text[at]; c >= 'A' && c <= 'Z' {
		r.text[at] = c - 'A' + 'a'
	}
	r.text = append(r.text, ':')
}

func (r *redactor) mapping(b *Binding, v reflect.Value, depth int) {
	if b.Shape.Key.Shape.Sensitive {
		r.string(Hidden)
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
