package codec

import (
	"net/http"
	"reflect"
	"unicode/utf8"

	"tamachi/internal/aws/model"
)

// MaxDepth is how deep a request's body may nest.
const MaxDepth = 64

// MaxBody is the size in bytes of the largest body a codec reads. The front
// door refuses more before it reads it; this is the second line.
const MaxBody = 10 << 20

// ReadJSON reads a JSON object into in, a pointer to a struct that holds
// shape, and reports which members were there. It goes by the model: names on
// the wire, null is absent, unknown members are ignored, the last of two equal
// names wins. The error is a *Fault with the texts that AWS's services use.
func ReadJSON(body []byte, shape *model.Shape, in any) (model.Presence, error) {
	return readInput(reader{text: body, find: onWire}, shape, in)
}

// ReadNamed is ReadJSON by the model's own names, of every member wherever it
// travels on the wire.
func ReadNamed(body []byte, shape *model.Shape, in any) (model.Presence, error) {
	return readInput(reader{text: body, find: byName}, shape, in)
}

// onWire finds a member by its name in bodies; written so, the name is not copied.
func onWire(s *model.Shape, name []byte) *model.Member { return s.LookupWire(string(name)) }

// byName finds a member by the model's name.
func byName(s *model.Shape, name []byte) *model.Member { return s.Lookup(string(name)) }

func readInput(r reader, shape *model.Shape, in any) (model.Presence, error) {
	p := model.NewPresence(shape)
	b, err := model.Bind(shape, reflect.TypeOf(in))
	if err != nil {
		return p, err
	}
	if err := acceptable(r.text); err != nil {
		return p, err
	}
	if err := r.open(model.Structure); err != nil {
		return p, err
	}
	if err := r.structure(b, reflect.ValueOf(in).Elem(), &p); err != nil {
		return p, err
	}
	r.skipSpace()
	if r.at != len(r.text) {
		return p, malformed()
	}
	return p, nil
}

// ReadJSONValue reads one JSON value of any kind into v: a payload member.
func ReadJSONValue(body []byte, b *model.Binding, v reflect.Value) error {
	if err := acceptable(body); err != nil {
		return err
	}
	r := reader{text: body, find: onWire}
	if _, err := r.value(b, v); err != nil {
		return err
	}
	r.skipSpace()
	if r.at != len(r.text) {
		return malformed()
	}
	return nil
}

// acceptable refuses a body that is too large or no UTF-8.
func acceptable(body []byte) error {
	if len(body) > MaxBody {
		return TooLarge()
	}
	if !utf8.Valid(body) {
		return malformed()
	}
	return nil
}

// TooLarge is the fault of a body beyond MaxBody.
func TooLarge() *Fault {
	return &Fault{
		Code: "RequestEntityTooLarge", Status: http.StatusRequestEntityTooLarge,
		Message: "The request body is larger than 10 MB.",
	}
}

// malformed is the fault of a body that is no JSON: AWS gives it no message.
func malformed() *Fault { return &Fault{Code: CodeSerialization} }

func refused(message string) *Fault { return &Fault{Code: CodeSerialization, Message: message} }

// reader is a JSON reader (RFC 8259) that writes straight into the structs. A
// method that reads a value leaves at behind it.
type reader struct {
	text  []byte
	find  func(s *model.Shape, name []byte) *model.Member // the member of a name
	at    int
	depth int
}

func (r *reader) skipSpace() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// peek is the next byte after blanks, 0 at the end.
func (r *reader) peek() byte {
	r.skipSpace()
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// literal consumes a word such as null, if it is next.
func (r *reader) literal(word string) bool {
	if end := r.at + len(word); end <= len(r.text) && string(r.text[r.at:end]) == word {
		r.at = end
		return true
	}
	return false
}

// open consumes the bracket that begins a value of this type, or says with
// AWS's words what stands there instead.
func (r *reader) open(t model.Type) error {
	want, expected := byte('{'), "Expected null"
	switch t {
	case model.List:
		want, expected = '[', "Expected list or null"
	case model.Map:
		expected = "Expected map or null"
	}
	got := r.peek()
	if got == want {
		r.at++
		r.depth++
		if r.depth > MaxDepth {
			return refused("The request nests too deeply.")
		}
		return nil
	}
	if err := r.misplaced(got); err != nil {
		return err
	}
	if r.depth == 0 {
		return malformed() // a scalar for a body
	}
	if err := r.skip(); err != nil {
		return err
	}
	return refused(expected)
}

// misplaced is the fault of a bracket that stands where it should not.
func (r *reader) misplaced(got byte) error {
	switch got {
	case '[':
		return refused("Start of list found where not expected")
	case '{':
		return refused("Start of structure or map found where not expected.")
	}
	return nil
}

// next moves to the next element before the closing bracket. first is true
// before the first element.
func (r *reader) next(closing byte, first *bool) (more bool, err error) {
	c := r.peek()
	if c == closing {
		r.at++
		r.depth--
		return false, nil
	}
	if *first {
		*first = false
		return true, nil
	}
	if c != ',' {
		return false, malformed()
	}
	r.at++
	return true, nil
}

// key reads a member's name and its colon. The bytes are valid until the next
// call when they held no escape.
func (r *reader) key() ([]byte, error) {
	if r.peek() != '"' {
		return nil, malformed()
	}
	k, err := r.str()
	if err != nil {
		return nil, err
	}
	if r.peek() != ':' {
		return nil, malformed()
	}
	r.at++
	r.skipSpace()
	return k, nil
}

// skip passes over a value of any kind.
func (r *reader) skip() error {
	switch c := r.peek(); c {
	case '"':
		_, err := r.str()
		return err
	case '{', '[':
		return r.skipNested(c)
	case 't':
		return r.word("true")
	case 'f':
		return r.word("false")
	case 'n':
		return r.word("null")
	}
	_, err := r.number()
	return err
}

func (r *reader) word(w string) error {
	if !r.literal(w) {
		return malformed()
	}
	return nil
}

func (r *reader) skipNested(opening byte) error {
	r.at++
	r.depth++
	if r.depth > MaxDepth {
		return refused("The request nests too deeply.")
	}
	closing := opening + 2 // ']' and '}' follow their partners at this distance
	for first := true; ; {
		more, err := r.next(closing, &first)
		if err != nil || !more {
			return err
		}
		if opening == '{' {
			if _, err := r.key(); err != nil {
				return err
			}
		}
		if err := r.skip(); err != nil {
			return err
		}
	}
}
