package model

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of one validation, against inputs made to be costly.
const (
	maxDepth      = 64  // levels of nesting
	maxViolations = 100 // named in one message; the rest is not looked at
)

// Invalid is the error of an input that breaks its model's constraints.
type Invalid struct {
	Count   int
	Message string // "2 validation errors detected: Value null at 'x' failed ...; ..."
	// Missing is the path of the first required member that was not given, ""
	// when all were.
	Missing string

	parameter, value, constraint string // of the first violation
}

// Error is the message as AWS words it.
func (e *Invalid) Error() string { return e.Message }

// ValidationCode is the code that AWS answers an Invalid input with.
func (s *Service) ValidationCode() string {
	switch s.Protocol {
	case "query":
		return "ValidationError"
	case "ec2":
		return "InvalidParameterValue"
	}
	switch s.Name {
	case "s3":
		return "InvalidArgument"
	case "cloudwatch": // as in its query protocol
		return "ValidationError"
	case "logs":
		return "InvalidParameterException"
	}
	return "ValidationException"
}

// Refusal is the code and the text that AWS answers an Invalid input with. EC2
// names one parameter at a time (EC2 API Reference, "Error codes").
func (s *Service) Refusal(e *Invalid) (code, text string) {
	if s.Protocol == "ec2" && e.Missing != "" {
		return "MissingParameter", "The request must contain the parameter " + e.Missing
	}
	if s.Protocol == "ec2" {
		return s.ValidationCode(), "Value (" + e.value + ") for parameter " + e.parameter + " is invalid. " + expecting(e.constraint)
	}
	return s.ValidationCode(), e.Message
}

// expecting is a constraint as EC2 words it.
func expecting(constraint string) string {
	if each, ok := strings.CutPrefix(constraint, "Member must satisfy constraint: ["); ok { // of a list's elements
		return expecting(strings.TrimSuffix(each, "]"))
	}
	for _, w := range [][2]string{
		{"Member must have value less than or equal to ", "Expecting a value smaller than or equal to "},
		{"Member must have value greater than or equal to ", "Expecting a value greater than or equal to "},
		{"Member must satisfy enum value set: ", "Expecting one of "},
	} {
		if rest, ok := strings.CutPrefix(constraint, w[0]); ok {
			return w[1] + rest + "."
		}
	}
	return constraint + "."
}

// opened is how a paging token begins that the front door made and has opened
// again (api.Plain). The model's constraints are for the sealed form.
const opened = "page:"

// Validate checks an input (a pointer to the SDK's struct) against the model:
// required members, lengths, ranges, patterns, enums, at every depth. The error
// is an *Invalid with AWS's text, or another error when the struct does not fit
// the model, which is a programmer's mistake.
//
// AWS reports violations in no order that the model reveals; here they follow
// the model's order of members, and for one value enum, length, pattern.
func (o *Operation) Validate(in any, present Presence) error {
	rv := reflect.ValueOf(in)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return fmt.Errorf("validate %s: the input is %T, not a pointer to a struct", o.Name, in)
	}
	b, err := Bind(o.Input, rv.Type())
	if err != nil {
		return err
	}
	if !b.walk {
		return nil
	}
	var v validator
	v.path = v.buffer[:0]
	rv = rv.Elem()
	for i := range b.Fields {
		f := &b.Fields[i]
		if !f.Member.Required && !f.Binding.walk {
			continue
		}
		value := rv.Field(f.Index)
		absent := f.Binding.Absent(value)
		if !absent && slices.Contains(o.Input.Pages, f.Member) && strings.HasPrefix(deref(value).String(), opened) {
			continue
		}
		if present.shape == o.Input && !nilable(value) {
			absent = !present.has(f.Member)
		}
		v.member(f, value, absent)
	}
	return v.result()
}

// nilable tells whether absence shows in the value itself.
func nilable(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	}
	return false
}

func isNil(v reflect.Value) bool { return nilable(v) && v.IsNil() }

// validator collects the violations of one input.
type validator struct {
	path   []segment
	buffer [16]segment
	texts  []string
	lacks  string  // the path of the first member that is missing
	first  Invalid // of which only the first violation is told
}

// segment is a step of a path: a member's name, a map's key, or a place in a
// list, counted from one.
type segment struct {
	member *Member
	name   string
	index  int
}

func (v *validator) result() error {
	if len(v.texts) == 0 {
		return nil
	}
	head := "1 validation error detected: "
	if len(v.texts) > 1 {
		head = fmt.Sprintf("%d validation errors detected: ", len(v.texts))
	}
	out := v.first
	out.Count, out.Message, out.Missing = len(v.texts), head+strings.Join(v.texts, "; "), v.lacks
	return &out
}

// fail notes a violation at the present path. value is "null", or empty to
// leave it out because it is sensitive.
func (v *validator) fail(value, constraint string) {
	if len(v.texts) == maxViolations {
		return
	}
	if len(v.texts) == 0 {
		v.first = Invalid{parameter: v.at(), value: strings.Trim(value, "'"), constraint: constraint}
	}
	if value != "" {
		value += " "
	}
	v.texts = append(v.texts, "Value "+value+"at '"+v.at()+"' failed to satisfy constraint: "+constraint)
}

// at writes the path as AWS does: 'workspaces.1.member.userName'.
func (v *validator) at() string {
	var b strings.Builder
	for i, s := range v.path {
		if i > 0 {
			b.WriteByte('.')
		}
		switch {
		case s.member != nil:
			b.WriteString(lowerFirst(s.member.Name))
		case s.index > 0:
			fmt.Fprintf(&b, "%d.member", s.index)
		default:
			b.WriteString(s.name)
		}
	}
	return b.String()
}

func (v *validator) member(f *Field, value reflect.Value, absent bool) {
	v.path = append(v.path, segment{member: f.Member})
	switch {
	case !absent:
		v.value(f.Binding, value)
	case f.Member.Required:
		if v.lacks == "" {
			v.lacks = v.at()
		}
		v.fail("null", "Member must not be null")
	}
	v.path = v.path[:len(v.path)-1]
}

func (v *validator) value(b *Binding, value reflect.Value) {
	if !b.walk || len(v.texts) == maxViolations {
		return
	}
	if len(v.path) > maxDepth {
		v.fail("", fmt.Sprintf("Member must not be nested deeper than %d levels", maxDepth))
		return
	}
	if b.Pointer {
		value = value.Elem()
	}
	switch b.Shape.Type {
	case Structure:
		v.structure(b, value)
	case List:
		v.list(b, value)
	case Map:
		v.mapping(b, value)
	default:
		v.each(b.Shape, value)
	}
}

func (v *validator) structure(b *Binding, value reflect.Value) {
	if b.Cases != nil {
		if c, held, ok := b.Case(value); ok {
			v.member(&Field{Member: c.Member, Binding: c.Binding}, held, false)
		}
		return
	}
	for i := range b.Fields {
		f := &b.Fields[i]
		if !f.Member.Required && !f.Binding.walk {
			continue
		}
		field := value.Field(f.Index)
		absent := f.Binding.Absent(field)
		if !absent && !f.Binding.Pointer && !f.Member.Required && field.IsZero() && !nilable(field) {
			absent = true // a bare number that nobody gave
		}
		v.member(f, field, absent)
	}
}

// list checks the length, then the elements: simple ones together, as AWS
// does, others one by one with their place in the path.
func (v *validator) list(b *Binding, value reflect.Value) {
	v.each(b.Shape, value)
	if !b.Elem.walk {
		return
	}
	if simple(b.Elem.Shape) {
		for i := range value.Len() {
			if element := value.Index(i); !isNil(element) && b.Elem.Shape.broken(deref(element)) != "" {
				v.fail(quote(b, value), "Member must satisfy constraint: ["+b.Elem.Shape.constraints()+"]")
				return
			}
		}
		return
	}
	for i := range value.Len() {
		v.path = append(v.path, segment{index: i + 1})
		if element := value.Index(i); !isNil(element) {
			v.value(b.Elem, element)
		}
		v.path = v.path[:len(v.path)-1]
	}
}

func (v *validator) mapping(b *Binding, value reflect.Value) {
	v.each(b.Shape, value)
	keys := sortedKeys(value)
	for _, k := range keys {
		if b.Shape.Key.Shape.broken(k) != "" {
			v.fail(quote(b, value), "Map keys must satisfy constraint: ["+b.Shape.Key.Shape.constraints()+"]")
			break
		}
	}
	if !b.Elem.walk {
		return
	}
	for _, k := range keys {
		element := value.MapIndex(k)
		if simple(b.Elem.Shape) {
			if !isNil(element) && b.Elem.Shape.broken(deref(element)) != "" {
				v.fail(quote(b, value), "Map value must satisfy constraint: ["+b.Elem.Shape.constraints()+"]")
				return
			}
			continue
		}
		name := k.String()
		if b.Shape.Key.Shape.Sensitive {
			name = "*"
		}
		v.path = append(v.path, segment{name: name}, segment{name: "member"})
		if !isNil(element) {
			v.value(b.Elem, element)
		}
		v.path = v.path[:len(v.path)-2]
	}
}

// each notes every constraint of one value that it breaks.
func (v *validator) each(s *Shape, value reflect.Value) {
	if len(s.Enum) > 0 && !s.enumHas(value) {
		v.fail(quoteSimple(s, value), s.enumText())
	}
	if size, ok := s.size(value); ok {
		if s.Max != nil && size > *s.Max {
			v.fail(quoteSimple(s, value), s.boundText("less", *s.Max))
		}
		if s.Min != nil && size < *s.Min {
			v.fail(quoteSimple(s, value), s.boundText("greater", *s.Min))
		}
	}
	if s.match != nil && s.Type == String && !s.match(value.String()) {
		v.fail(quoteSimple(s, value), s.patternText())
	}
}

// size is what Min and Max bound: a length, or the number itself.
func (s *Shape) size(v reflect.Value) (float64, bool) {
	if s.Min == nil && s.Max == nil {
		return 0, false
	}
	switch s.Type {
	case String:
		return float64(utf8.RuneCountInString(v.String())), true
	case Blob, List, Map:
		return float64(v.Len()), true
	case Integer, Long:
		return float64(v.Int()), true
	case Float, Double:
		return v.Float(), true
	}
	return 0, false
}
