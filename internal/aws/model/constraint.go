package model

import (
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// The wording of constraints is that of AWS's services, as their answers show
// it; no AWS page lists it.

func (s *Shape) enumHas(v reflect.Value) bool {
	return s.Type != String || slices.Contains(s.Enum, v.String())
}

func (s *Shape) enumText() string {
	return "Member must satisfy enum value set: [" + strings.Join(s.Enum, ", ") + "]"
}

func (s *Shape) patternText() string {
	return "Member must satisfy regular expression pattern: " + s.Pattern
}

func (s *Shape) boundText(side string, bound float64) string {
	what := "length"
	switch s.Type {
	case Integer, Long, Float, Double:
		what = "value"
	}
	return "Member must have " + what + " " + side + " than or equal to " + strconv.FormatFloat(bound, 'f', -1, 64)
}

// constraints lists all constraints of an element's shape, as AWS does when an
// element of a list breaks any of them.
func (s *Shape) constraints() string {
	var texts []string
	if len(s.Enum) > 0 {
		texts = append(texts, s.enumText())
	}
	if s.Max != nil {
		texts = append(texts, s.boundText("less", *s.Max))
	}
	if s.Min != nil {
		texts = append(texts, s.boundText("greater", *s.Min))
	}
	if s.Pattern != "" {
		texts = append(texts, s.patternText())
	}
	return strings.Join(texts, ", ")
}

// broken is the first constraint that a simple value breaks, or "".
func (s *Shape) broken(v reflect.Value) string {
	if !s.constrained() {
		return ""
	}
	if len(s.Enum) > 0 && !s.enumHas(v) {
		return s.enumText()
	}
	if size, ok := s.size(v); ok {
		if s.Max != nil && size > *s.Max {
			return s.boundText("less", *s.Max)
		}
		if s.Min != nil && size < *s.Min {
			return s.boundText("greater", *s.Min)
		}
	}
	if s.match != nil && s.Type == String && !s.match(v.String()) {
		return s.patternText()
	}
	return ""
}

func simple(s *Shape) bool { return s.Type > Map }

func deref(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Pointer {
		return v.Elem()
	}
	return v
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	return keys
}

// maxQuoted is how much of a value, in bytes, a message repeats.
const maxQuoted = 1024

// quoteSimple writes a value into a message; a sensitive one is left out.
func quoteSimple(s *Shape, v reflect.Value) string {
	if s.Sensitive {
		return ""
	}
	return quoteText(func(b *strings.Builder) { writeValue(b, s, v) })
}

// quote is quoteSimple for a list or map whose elements must not be sensitive
// either.
func quote(bound *Binding, v reflect.Value) string {
	if bound.Shape.Sensitive || bound.Elem.Shape.Sensitive {
		return ""
	}
	return quoteText(func(b *strings.Builder) { writeValue(b, bound.Shape, v) })
}

func quoteText(write func(*strings.Builder)) string {
	var b strings.Builder
	write(&b)
	text := b.String()
	if len(text) > maxQuoted {
		text = strings.ToValidUTF8(text[:maxQuoted], "") + "..."
	}
	return "'" + text + "'"
}

// writeValue writes a value as AWS's messages show it: [a, b] and {k=v}.
// Structures are only named, since AWS shows no members of them either.
func writeValue(b *strings.Builder, s *Shape, v reflect.Value) {
	if b.Len() > maxQuoted {
		return
	}
	v = deref(v)
	switch s.Type {
	case Structure:
		b.WriteString(s.Name)
	case List:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteString(", ")
			}
			if s.Member.Shape.Sensitive {
				continue
			}
			writeValue(b, s.Member.Shape, v.Index(i))
		}
		b.WriteByte(']')
	case Map:
		b.WriteByte('{')
		for i, k := range sortedKeys(v) {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(k.String() + "=")
			if !s.Value.Shape.Sensitive {
				writeValue(b, s.Value.Shape, v.MapIndex(k))
			}
		}
		b.WriteByte('}')
	case Blob:
		b.WriteString("java.nio.HeapByteBuffer[pos=0 lim=" + strconv.Itoa(v.Len()) + " cap=" + strconv.Itoa(v.Len()) + "]")
	case Timestamp:
		b.WriteString(v.Interface().(time.Time).UTC().Format(time.UnixDate))
	default:
		b.WriteString(scalarText(v))
	}
}

func scalarText(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	}
	return v.String()
}
