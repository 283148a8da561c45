package selector

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ohler55/ojg/jp"

	"tamachi/internal/aws/model"
)

// node is an element of an answer. Its members keep the order in which the
// answer has them.
type node struct {
	value   any         // as filters see it: numbers are int64 or float64
	number  json.Number // as it was written
	names   []string
	members map[string]*node // of an object, else nil
	list    []*node          // of a list, else nil
	size    int              // how many elements it is, with those in it
}

// read reads an answer.
func read(answer json.RawMessage) (*node, error) {
	if len(answer) > maxAnswer {
		return nil, fmt.Errorf("an answer of %d bytes is too large to select from", len(answer))
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	n, err := readNode(d, maxDepth)
	if err == nil {
		if _, after := d.Token(); !errors.Is(after, io.EOF) {
			err = errors.New("there is more behind its value")
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the answer cannot be read: %w", err)
	}
	return n, nil
}

func readNode(d *json.Decoder, levels int) (*node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if levels == 0 {
		return nil, errors.New("it nests too deeply")
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return readObject(d, levels)
		}
		return readList(d, levels)
	case json.Number:
		n := &node{number: token, size: 1}
		if whole, err := token.Int64(); err == nil {
			n.value = whole
			return n, nil
		}
		n.value, err = token.Float64()
		return n, err
	}
	return &node{value: token, size: 1}, nil
}

func readObject(d *json.Decoder, levels int) (*node, error) {
	plain := map[string]any{}
	n := &node{value: plain, members: map[string]*node{}, size: 1}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder lets nothing else stand here
		member, err := readNode(d, levels-1)
		if err != nil {
			return nil, err
		}
		if n.members[name] == nil {
			n.names = append(n.names, name)
		}
		n.members[name], plain[name] = member, member.value
		n.size += member.size
	}
	_, err := d.Token()
	return n, err
}

func readList(d *json.Decoder, levels int) (*node, error) {
	n := &node{list: []*node{}, size: 1}
	plain := []any{}
	for d.More() {
		element, err := readNode(d, levels-1)
		if err != nil {
			return nil, err
		}
		n.list, plain = append(n.list, element), append(plain, element.value)
		n.size += element.size
	}
	n.value = plain
	_, err := d.Token()
	return n, err
}

// holds tells whether other elements are in this one.
func (n *node) holds() bool { return n.members != nil || n.list != nil }

func (n *node) children() []*node {
	if n.members == nil {
		return n.list
	}
	out := make([]*node, len(n.names))
	for i, name := range n.names {
		out[i] = n.members[name]
	}
	return out
}

// length is how many elements there are.
func (n *node) length() (int, bool) {
	if n.members != nil {
		return len(n.members), true
	}
	return len(n.list), n.list != nil
}

// pick takes what a step selects of an element.
func (n *node) pick(step jp.Frag) []*node {
	switch step := step.(type) {
	case jp.Child:
		return n.member(string(step))
	case jp.Nth:
		return n.element(int(step))
	case jp.Wildcard:
		return n.children()
	case jp.Slice:
		return n.slice(step)
	case jp.Union:
		var out []*node
		for _, one := range step {
			switch one := one.(type) {
			case string:
				out = append(out, n.member(one)...)
			case int64:
				out = append(out, n.element(int(one))...)
			}
		}
		return out
	}
	return nil
}

func (n *node) member(name string) []*node {
	if m := n.members[name]; m != nil {
		return []*node{m}
	}
	return nil
}

// element is one of a list; a negative index counts from its end.
func (n *node) element(i int) []*node {
	if i < 0 {
		i += len(n.list)
	}
	if i < 0 || i >= len(n.list) {
		return nil
	}
	return n.list[i : i+1]
}

// slice lets the library choose among the elements.
func (n *node) slice(s jp.Slice) []*node {
	all := make([]any, len(n.list))
	for i, element := range n.list {
		all[i] = element
	}
	var out []*node
	for _, one := range (jp.Expr{s}).Get(all) {
		out = append(out, one.(*node))
	}
	return out
}

// text appends an element as compact JSON.
func (n *node) text(b []byte) []byte {
	switch {
	case n.members != nil:
		b = append(b, '{')
		for i, name := range n.names {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(model.AppendString(b, name), ':')
			b = n.members[name].text(b)
		}
		return append(b, '}')
	case n.number != "":
		return append(b, n.number...)
	}
	switch v := n.value.(type) {
	case string:
		return model.AppendString(b, v)
	case bool:
		return fmt.Append(b, v)
	}
	if n.value == nil && n.list == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, element := range n.list {
		if i > 0 {
			b = append(b, ',')
		}
		b = element.text(b)
	}
	return append(b, ']')
}
