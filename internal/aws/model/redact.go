package model

import (
	"encoding/json"
	"reflect"
	"time"
)

// hidden stands for a sensitive value in a trail record, as CloudTrail writes
// it.
const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS"

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
	r := speller{style: &trailStyle, zeros: zeros, text: make([]byte, 0, 256)}
	r.value(b, v, 0)
	if r.failed || string(r.text) == "{}" || len(r.text) == 0 || r.text[0] != '{' {
		return nil
	}
	return r.text
}

// trailStyle is how CloudTrail spells a struct.
var trailStyle = style{
	hides: func(s *Shape, depth int) bool { return s.Sensitive || depth > maxDepth },
	stamp: trailTime,
	first: func(c byte) byte {
		if c >= 'A' && c <= 'Z' {
			return c - 'A' + 'a'
		}
		return c
	},
}

// TrailName is a member's name as a trail record spells it.
func TrailName(name string) string { return lowerFirst(name) }

// FromTrailTime is a timestamp of a trail record as ISO 8601; a text that is
// none, such as Hidden, stays itself.
func FromTrailTime(text string) string {
	at, err := time.Parse(trailTime, text)
	if err != nil {
		return text
	}
	return at.Format(plainStyle.stamp)
}
