package documents

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// value is a piece of a document's content: what JSON and YAML have in common,
// with the members of an object in the order in which they were written.
type value struct {
	kind kind
	text string   // of a scalar: a string as it is, a number or truth as JSON writes it
	keys []string // of an object, one for each of kids
	kids []*value // of an object or a list
}

type kind int

const (
	null kind = iota
	truth
	number
	words
	list
	object
)

var kindNames = map[kind]string{
	null: "null", truth: "a Boolean", number: "a number", words: "a string", list: "a list", object: "an object",
}

// Bounds on content, whatever its format: no document comes near them, and a
// small text that means a large one (YAML's aliases) is stopped by them.
const (
	maxDepth  = 64
	maxValues = 50_000
)

var errLarge = errors.New("it is nested too deeply, or holds too many values")

// bounded counts the values that a parser makes.
type bounded struct{ values int }

func (b *bounded) admit(depth int) error {
	if b.values++; b.values > maxValues || depth > maxDepth {
		return errLarge
	}
	return nil
}

// get is the member of an object with a key, nil when there is none.
func (v *value) get(key string) *value {
	if v == nil || v.kind != object {
		return nil
	}
	if i := slices.Index(v.keys, key); i >= 0 {
		return v.kids[i]
	}
	return nil
}

// str is the text of a scalar, else "".
func (v *value) str() string {
	if v == nil {
		return ""
	}
	return v.text
}

// parseJSON reads one JSON text (RFC 8259). An object must not have a key
// twice.
func parseJSON(text string) (*value, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := (&bounded{}).json(d, 0)
	if err != nil {
		return nil, fmt.Errorf("at byte %d: %w", d.InputOffset(), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("at byte %d: there is more after its end", d.InputOffset())
	}
	return v, nil
}

func (b *bounded) json(d *json.Decoder, depth int) (*value, error) {
	if err := b.admit(depth); err != nil {
		return nil, err
	}
	token, err := d.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the text ends too early")
		}
		return nil, err
	}
	switch t := token.(type) {
	case nil:
		return &value{kind: null, text: "null"}, nil
	case bool:
		return &value{kind: truth, text: fmt.Sprint(t)}, nil
	case json.Number:
		return &value{kind: number, text: t.String()}, nil
	case string:
		return &value{kind: words, text: t}, nil
	}
	v := &value{kind: list}
	if token == json.Delim('{') {
		v.kind = object
	}
	return v, b.jsonKids(d, v, depth)
}

func (b *bounded) jsonKids(d *json.Decoder, v *value, depth int) error {
	for d.More() {
		if v.kind == object {
			key, err := d.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string) // the decoder lets nothing else be a key
			if slices.Contains(v.keys, name) {
				return fmt.Errorf("the key %q is there twice", name)
			}
			v.keys = append(v.keys, name)
		}
		kid, err := b.json(d, depth+1)
		if err != nil {
			return err
		}
		v.kids = append(v.kids, kid)
	}
	_, err := d.Token() // the closing bracket
	if errors.Is(err, io.EOF) {
		return errors.New("the text ends too early")
	}
	return err
}

// json writes a value as JSON.
func (v *value) json() string {
	var b bytes.Buffer
	v.writeJSON(&b)
	var out bytes.Buffer
	if err := json.Indent(&out, b.Bytes(), "", "  "); err != nil {
		return b.String()
	}
	return out.String()
}

func (v *value) writeJSON(b *bytes.Buffer) {
	switch v.kind {
	case object, list:
		open, end := "[", "]"
		if v.kind == object {
			open, end = "{", "}"
		}
		b.WriteString(open)
		for i, kid := range v.kids {
			if i > 0 {
				b.WriteByte(',')
			}
			if v.kind == object {
				writeString(b, v.keys[i])
				b.WriteByte(':')
			}
			kid.writeJSON(b)
		}
		b.WriteString(end)
	case words:
		writeString(b, v.text)
	default:
		b.WriteString(v.text)
	}
}

func writeString(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	b.Truncate(b.Len() - 1)
}
