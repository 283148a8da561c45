package tamachi_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tamachi/internal/aws/model"
)

// sampler makes inputs of operations from their models, the same ones on every
// run.
type sampler struct {
	rnd *rand.Rand
	// wild samples break the model's constraints, as a hostile client does.
	wild bool
	// named, if not empty, is put into half of the texts that may hold it: the
	// name of something that is there.
	named string
}

// hostile are texts that have broken programs before.
var hostile = []string{
	"", " ", "\x00", "\xff\xfe", "null", "../../etc/passwd", "%s%n", "' OR 1=1 --", "a:b:c:d:e:f:g", "arn:aws:::::",
	"${aws:username}", "藤田", strings.Repeat("a", 70000), "{\"a\":", "d-90670a1b2c", "ws-0123456789", "999999999999999999999",
}

// input makes an input of a row.
func (s *sampler) input(t *testing.T, op *model.Operation, typ reflect.Type) any {
	t.Helper()
	b, err := model.Bind(op.Input, reflect.PointerTo(typ))
	if err != nil {
		t.Fatalf("%s: %v", op.Name, err)
	}
	v := reflect.New(typ)
	s.structure(b, v.Elem(), 0)
	return v.Interface()
}

// structure fills the members: all that are required, half of the others. A
// wild sample leaves out required ones too.
func (s *sampler) structure(b *model.Binding, v reflect.Value, depth int) {
	for i := range b.Fields {
		f := &b.Fields[i]
		need := f.Member.Required && !(s.wild && s.rnd.IntN(8) == 0)
		if need || depth < 4 && s.rnd.IntN(2) == 0 {
			s.value(f.Binding, v.Field(f.Index), depth+1)
		}
		if text := formed[b.Shape.Name+"."+f.Member.Name]; text != "" && !s.wild {
			setText(v.Field(f.Index), text)
		}
	}
}

// formed are texts of members whose form the model does not tell.
var formed = map[string]string{
	"AddTagsRequest.ResourceId":      trailARN,
	"RemoveTagsRequest.ResourceId":   trailARN,
	"ListTagsRequest.ResourceIdList": trailARN,
}

const trailARN = "arn:aws:cloudtrail:ap-northeast-1:111122223333:trail/sample"

// setText puts a text into a field that holds one, or a list of them.
func setText(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.ValueOf(&text))
	case reflect.Slice:
		v.Set(reflect.ValueOf([]string{text}))
	}
}

func (s *sampler) value(b *model.Binding, v reflect.Value, depth int) {
	if b.Pointer {
		v.Set(reflect.New(b.Type))
		v = v.Elem()
	}
	switch b.Shape.Type {
	case model.Structure:
		if b.Cases != nil {
			c := b.Cases[s.rnd.IntN(len(b.Cases))]
			held := reflect.New(c.Struct)
			s.value(c.Binding, held.Elem().FieldByName("Value"), depth+1)
			v.Set(held)
			return
		}
		s.structure(b, v, depth)
	case model.List:
		n := s.length(b.Shape)
		v.Set(reflect.MakeSlice(b.Type, n, n))
		for i := range n {
			s.value(b.Elem, v.Index(i), depth+1)
		}
	case model.Map:
		v.Set(reflect.MakeMap(b.Type))
		for range s.length(b.Shape) {
			element := reflect.New(b.Type.Elem()).Elem()
			s.value(b.Elem, element, depth+1)
			v.SetMapIndex(reflect.ValueOf(s.text(b.Shape.Key.Shape)).Convert(b.Type.Key()), element)
		}
	default:
		s.scalar(b, v)
	}
}

// length is one or two elements, or as many as the model asks for; a wild list
// is empty or too long.
func (s *sampler) length(shape *model.Shape) int {
	if s.wild && s.rnd.IntN(4) == 0 {
		return s.rnd.IntN(2) * 30
	}
	least, most := limits(shape, 1, 2)
	return least + s.rnd.IntN(most-least+1)
}

// limits are the shape's bounds, narrowed to a few beyond the least.
func limits(shape *model.Shape, least, more int) (int, int) {
	if shape.Min != nil {
		least = max(least, int(*shape.Min))
	}
	most := least + more
	if shape.Max != nil {
		most = min(most, int(*shape.Max))
	}
	return min(least, most), most
}

func (s *sampler) scalar(b *model.Binding, v reflect.Value) {
	switch shape := b.Shape; shape.Type {
	case model.String:
		v.SetString(s.text(shape))
	case model.Boolean:
		v.SetBool(s.rnd.IntN(2) == 0)
	case model.Integer, model.Long:
		least, most := limits(shape, 0, 100)
		n := int64(least + s.rnd.IntN(most-least+1))
		if s.wild {
			n = []int64{0, -1, 1, 1<<31 - 1, -1 << 31}[s.rnd.IntN(5)]
		}
		v.SetInt(n)
	case model.Float, model.Double:
		v.SetFloat(s.rnd.Float64() * 100)
	case model.Timestamp:
		at := time.Unix(s.rnd.Int64N(4e9), 0)
		if s.wild {
			at = []time.Time{{}, time.Unix(-1<<40, 0), time.Unix(1<<40, 0)}[s.rnd.IntN(3)]
		}
		v.Set(reflect.ValueOf(at.UTC()))
	case model.Blob:
		if v.Kind() == reflect.Interface { // a body that is streamed
			v.Set(reflect.ValueOf(strings.NewReader(s.text(shape))))
			return
		}
		v.SetBytes([]byte(s.text(shape)))
	}
}

func (s *sampler) text(shape *model.Shape) string {
	if s.wild && s.rnd.IntN(2) == 0 {
		return hostile[s.rnd.IntN(len(hostile))]
	}
	if s.named != "" && len(shape.Enum) == 0 && accepts(shape, s.named) && s.rnd.IntN(2) == 0 {
		return s.named
	}
	if len(shape.Enum) > 0 {
		return shape.Enum[s.rnd.IntN(len(shape.Enum))]
	}
	if shape.Name == "arnType" && s.rnd.IntN(2) == 0 { // of a role, or of a policy, that an account may have
		return "arn:aws:iam::111122223333:role/sample"
	}
	if shape.Pattern != "" {
		if text, ok := s.matching(shape); ok {
			return text
		}
		// Passwords have look-aheads, which rapid cannot read.
		if password := "Morning-2026"; shape.Accepts(password) {
			return password
		}
	}
	least, most := limits(shape, 1, 12)
	var b strings.Builder
	for range least + s.rnd.IntN(most-least+1) {
		b.WriteByte("abcxyz019"[s.rnd.IntN(9)])
	}
	return b.String()
}

// likely are texts for patterns that say more than rapid can read.
var likely = []string{"Passw0rd!x", "corp.example.com", "CORP", "abc", "user@example.com", "10.0.0.1", "vpc-0123456789abcdef0", "subnet-0123456789abcdef0"}

// matching makes a text that the shape accepts, if that is easy.
func (s *sampler) matching(shape *model.Shape) (string, bool) {
	g := pattern(shape)
	for range 50 {
		if g == nil {
			break
		}
		if text := g.Example(s.rnd.IntN(1 << 20)); accepts(shape, text) {
			return text, true
		}
	}
	for _, i := range s.rnd.Perm(len(likely)) {
		if text := likely[i]; accepts(shape, text) {
			return text, true
		}
	}
	return "", false
}

func accepts(shape *model.Shape, text string) bool {
	return shape.Accepts(text) && (shape.Min == nil || len(text) >= int(*shape.Min)) && (shape.Max == nil || len(text) <= int(*shape.Max))
}

// pattern is the generator of a shape's pattern, or nil where rapid cannot read
// it and panics.
func pattern(shape *model.Shape) (g *rapid.Generator[string]) {
	defer func() {
		if recover() != nil {
			g = nil
		}
	}()
	g = rapid.StringMatching(shape.Pattern)
	g.Example(0)
	return g
}
