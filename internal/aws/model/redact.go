package model

import (
	"encoding/base64"
	"reflect"
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
// zeros left out. The result is for encoding/json; nil when nothing was given
// or the struct does not fit the model.
func Redacted(op *Operation, in any) any { return redacted(op.Input, in, false) }

// RedactedOutput is an output as a trail record shows it in responseElements.
func RedactedOutput(op *Operation, out any) any { return redacted(op.Output, out, true) }

func redacted(s *Shape, of any, zeros bool) any {
	v := reflect.ValueOf(of)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	b, err := Bind(s, v.Type())
	if err != nil {
		return nil // rather nothing in the trail than a secret
	}
	members, _ := redactor{zeros: zeros}.value(b, v, 0).(map[string]any)
	if len(members) == 0 {
		return nil
	}
	return members
}

type redactor struct {
	zeros bool // write bare zeros
}

func (r redactor) value(b *Binding, v reflect.Value, depth int) any {
	if b.Shape.Sensitive || depth > maxDepth {
		return Hidden
	}
	if isNil(v) && b.Shape.Type != List && b.Shape.Type != Map && b.Shape.Type != Blob {
		return nil
	}
	if b.Pointer {
		v = v.Elem()
	}
	switch b.Shape.Type {
	case Structure:
		return r.structure(b, v, depth)
	case List:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = r.value(b.Elem, v.Index(i), depth+1)
		}
		return list
	case Map:
		return r.mapping(b, v, depth)
	case Timestamp:
		return v.Interface().(time.Time).UTC().Format(trailTime)
	case Blob:
		return base64.StdEncoding.EncodeToString(v.Bytes())
	case Integer, Long:
		return v.Int()
	case Float, Double:
		return v.Float()
	case Boolean:
		return v.Bool()
	}
	return v.String()
}

func (r redactor) structure(b *Binding, v reflect.Value, depth int) any {
	members := map[string]any{}
	if b.Cases != nil {
		if c, held, ok := b.Case(v); ok {
			members[lowerFirst(c.Member.Name)] = r.value(c.Binding, held, depth+1)
		}
		return members
	}
	for i := range b.Fields {
		f := &b.Fields[i]
		field := v.Field(f.Index)
		if f.Member.Streaming { // the trail must not read a body, and it is no parameter
			continue
		}
		if f.Binding.Absent(field) || !r.zeros && !nilable(field) && field.IsZero() {
			continue
		}
		members[lowerFirst(f.Member.Name)] = r.value(f.Binding, field, depth+1)
	}
	return members
}

func (r redactor) mapping(b *Binding, v reflect.Value, depth int) any {
	if b.Shape.Key.Shape.Sensitive {
		return Hidden
	}
	entries := make(map[string]any, v.Len())
	for k, element := range v.Seq2() {
		entries[k.String()] = r.value(b.Elem, element, depth+1)
	}
	return entries
}
