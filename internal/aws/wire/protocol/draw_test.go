package protocol_test

import (
	"bytes"
	"reflect"
	"strings"
	"time"

	"pgregory.net/rapid"

	"tamachi/internal/aws/model"
)

// drawer fills structs with random values that respect the model: required
// members, enums, lengths, ranges.
type drawer struct {
	t       *rapid.T
	chars   []rune // of strings without an enum
	noEmpty bool   // an empty structure inside another cannot be written: a form has no way
	doubts  bool   // a pattern was not respected
	flatAll bool   // every list is one of those
	flat    bool   // flattened lists have an element at least
	place   string // where the member at hand travels: "header", "uri", ...
}

const drawDepth = 5 // levels below which optional members stay absent

// jsonChars and xmlChars try what each format must escape. XML has no control
// characters, and the SDK's reader trims blanks.
var (
	jsonChars = []rune("abcXYZ019 -_/:.藤é😀\"\\\n\t\r\x01<>&'")
	xmlChars  = []rune("abcXYZ019-_/:.藤é😀\"\\<>&'+%=;")
)

func (d *drawer) structure(b *model.Binding, v reflect.Value, depth int) {
	for i := range b.Fields {
		f := &b.Fields[i]
		must := f.Member.Required || f.Member.Token
		if !must && (depth >= drawDepth || !rapid.Bool().Draw(d.t, f.Member.Name+"?")) {
			continue
		}
		if depth == 0 {
			d.place = f.Member.Location
		}
		d.value(f.Binding, v.Field(f.Index), depth+1)
	}
}

func (d *drawer) value(b *model.Binding, v reflect.Value, depth int) {
	if b.Pointer {
		p := reflect.New(b.Type)
		v.Set(p)
		v = p.Elem()
	}
	switch b.Shape.Type {
	case model.Structure:
		d.nested(b, v, depth)
	case model.List:
		n := d.length(b.Shape, depth)
		v.Set(reflect.MakeSlice(b.Type, n, n))
		for i := range n {
			d.value(b.Elem, v.Index(i), depth+1)
		}
	case model.Map:
		n := d.length(b.Shape, depth)
		m := reflect.MakeMap(b.Type)
		for try := 0; m.Len() < n && try < n+10; try++ { // a key may have one form only
			key, element := reflect.New(b.Type.Key()).Elem(), reflect.New(b.Type.Elem()).Elem()
			key.SetString(d.text(b.Shape.Key.Shape))
			if d.place == "headers" {
				key.SetString(rapid.StringMatching(`[a-z][a-z0-9-]{0,9}`).Draw(d.t, "header"))
			}
			d.value(b.Elem, element, depth+1)
			m.SetMapIndex(key, element)
		}
		v.Set(m)
	default:
		d.scalar(b.Shape, v)
	}
}

func (d *drawer) nested(b *model.Binding, v reflect.Value, depth int) {
	switch {
	case b.Cases != nil:
		c := b.Cases[rapid.IntRange(0, len(b.Cases)-1).Draw(d.t, "case")]
		held := reflect.New(c.Struct)
		d.value(c.Binding, held.Elem().FieldByName("Value"), depth+1)
		v.Set(held)
	case b.Shape.Union:
		f := b.Fields[rapid.IntRange(0, len(b.Fields)-1).Draw(d.t, "case")]
		d.value(f.Binding, v.Field(f.Index), depth+1)
	default:
		d.structure(b, v, depth)
		if d.noEmpty && v.IsZero() && len(b.Fields) > 0 {
			d.value(b.Fields[0].Binding, v.Field(b.Fields[0].Index), depth+1)
		}
	}
}

// length draws how many elements a list or map gets: few.
func (d *drawer) length(s *model.Shape, depth int) int {
	least, most := bounds(s, 2)
	if d.flatAll || d.noEmpty && s.Type == model.Map || d.flat && least == 0 && (s.Flattened || d.place != "") {
		least, most = max(1, least), max(1, most) // an empty one leaves no trace
	}
	if depth >= drawDepth {
		most = least
	}
	return rapid.IntRange(least, most).Draw(d.t, "length")
}

// bounds are the shape's limits, narrowed to a few beyond the least.
func bounds(s *model.Shape, few int) (least, most int) {
	if s.Min != nil {
		least = int(*s.Min)
	}
	most = least + few
	if s.Max != nil && int(*s.Max) < most {
		most = int(*s.Max)
	}
	return least, most
}

func (d *drawer) scalar(s *model.Shape, v reflect.Value) {
	switch s.Type {
	case model.String:
		v.SetString(d.text(s))
	case model.Boolean:
		v.SetBool(rapid.Bool().Draw(d.t, "bool"))
	case model.Integer, model.Long:
		least, most := int64(-1<<31), int64(1<<31-1)
		if s.Min != nil {
			least = int64(*s.Min)
		}
		if s.Max != nil {
			most = int64(*s.Max)
		}
		v.SetInt(rapid.Int64Range(least, most).Draw(d.t, "number"))
	case model.Float, model.Double:
		v.SetFloat(float64(rapid.Float32Range(-1e6, 1e6).Draw(d.t, "float")))
	case model.Timestamp:
		milli := rapid.Int64Range(0, 4e12).Draw(d.t, "milliseconds")
		if d.place == "header" && s.Timestamp != "iso8601" || s.Timestamp == "rfc822" {
			milli -= milli % 1000 // RFC 822 has seconds
		}
		v.Set(reflect.ValueOf(time.UnixMilli(milli).UTC()))
	case model.Blob:
		least, most := bounds(s, 9)
		if v.Kind() == reflect.Interface {
			v.Set(reflect.ValueOf(newBody(rapid.SliceOfN(rapid.Byte(), 0, 99).Draw(d.t, "stream"))))
			return
		}
		v.SetBytes(rapid.SliceOfN(rapid.Byte(), max(1, least), max(1, most)).Draw(d.t, "blob"))
	}
}

func (d *drawer) text(s *model.Shape) string {
	if len(s.Enum) > 0 {
		return rapid.SampledFrom(s.Enum).Draw(d.t, s.Name)
	}
	if s.Name == "EndpointId" { // the SDK makes a host name of it
		return rapid.StringMatching(`[a-z0-9]{3}\.[a-z0-9]{3}`).Draw(d.t, s.Name)
	}
	if g := patterned(s); g != nil {
		return g.Draw(d.t, s.Name)
	}
	if s.Pattern != "" {
		d.doubts = true
	}
	if s.Name == "BucketName" {
		return rapid.StringMatching(`[a-z][a-z0-9]{2,10}`).Draw(d.t, s.Name)
	}
	least, most := bounds(s, 8)
	if d.place != "" || s.Name == "Policy" {
		least = max(least, 1) // the SDK sends no empty header, and an empty body is none
	}
	return rapid.StringOfN(rapid.SampledFrom(d.chars), least, most, -1).Draw(d.t, s.Name)
}

// patternGenerators keeps a generator for each pattern that rapid can draw
// from with good luck, nil for the others.
var patternGenerators = map[*model.Shape]*rapid.Generator[string]{}

func patterned(s *model.Shape) *rapid.Generator[string] {
	if s.Pattern == "" || strings.Contains(s.Pattern, "(?") || strings.Contains(s.Pattern, `\u`) ||
		strings.Contains(s.Pattern, `\p{`) || strings.Contains(s.Pattern, "000}") || strings.Contains(s.Pattern, "1023}") || strings.Contains(s.Pattern, ",300}") ||
		strings.Contains(s.Pattern, `\s`) {
		return nil
	}
	if g, ok := patternGenerators[s]; ok {
		return g
	}
	g := rapid.StringMatching(s.Pattern)
	for seed := range 20 {
		if text := g.Example(seed); !s.Accepts(text) || strings.ContainsFunc(text, unprintable) {
			g = nil
			break
		}
	}
	patternGenerators[s] = g
	if g != nil {
		g = g.Filter(func(text string) bool { return s.Accepts(text) && !strings.ContainsFunc(text, unprintable) })
		patternGenerators[s] = g
	}
	return g
}

func unprintable(r rune) bool { return r < ' ' || r == 0xFFFD || r >= 0xD800 && r < 0xE000 }

// body is a stream that a test can read again.
type body struct {
	*bytes.Reader
	all []byte
}

func newBody(all []byte) *body { return &body{bytes.NewReader(all), all} }

// Close does nothing.
func (*body) Close() error { return nil }

func draw(t *rapid.T, protocol string, s *model.Shape, typ reflect.Type) (value any, doubts bool) {
	v := reflect.New(typ)
	b, err := model.Bind(s, v.Type())
	if err != nil {
		t.Fatal(err)
	}
	d := drawer{t: t, chars: jsonChars}
	if protocol != "json" && protocol != "smithy-rpc-v2-cbor" {
		d.chars, d.noEmpty, d.flat = xmlChars, protocol == "query" || protocol == "ec2", protocol == "rest-xml"
		d.flatAll = protocol == "ec2"
	}
	d.structure(b, v.Elem(), 0)
	return v.Interface(), d.doubts
}
