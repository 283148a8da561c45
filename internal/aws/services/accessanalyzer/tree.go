package accessanalyzer

import (
	"encoding/json"
	"strings"
)

// node is a value of a JSON text with where it stands. Unlike package policy, a
// reader here takes any JSON, so that everything wrong with it can be told.
type node struct {
	kind       kind
	start, end int    // bytes; end is behind the last one
	text       string // of a string; of any other scalar as it is written
	members    []member
	items      []*node
}

type member struct {
	name       string
	start, end int // of the name
	value      *node
}

type kind int

const (
	isString kind = iota
	isNumber
	isBool
	isNull
	isArray
	isObject
)

// maxNesting is more than any policy needs; deeper texts are refused.
const maxNesting = 64

// reader reads a JSON text (RFC 8259).
type reader struct {
	text string
	at   int
}

// readTree reads a text whole. fault is where it is no JSON, -1 when it is.
func readTree(text string) (root *node, fault int) {
	r := &reader{text: text}
	root = r.value(0)
	r.space()
	if root == nil || r.at < len(text) {
		return nil, r.at
	}
	return root, -1
}

func (r *reader) space() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

// take moves over a character that stands here.
func (r *reader) take(c byte) bool {
	r.space()
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

// value reads a value; nil when there is none, and at is where it fails.
func (r *reader) value(depth int) *node {
	r.space()
	if r.at == len(r.text) || depth > maxNesting {
		return nil
	}
	n := &node{start: r.at}
	ok := false
	switch r.text[r.at] {
	case '{':
		n.kind = isObject
		ok = r.object(n, depth)
	case '[':
		n.kind = isArray
		ok = r.array(n, depth)
	case '"':
		n.text, ok = r.str()
	default:
		ok = r.scalar(n)
	}
	if !ok {
		return nil
	}
	n.end = r.at
	return n
}

func (r *reader) object(n *node, depth int) bool {
	r.at++
	if r.take('}') {
		return true
	}
	for {
		r.space()
		m := member{start: r.at}
		var ok bool
		if m.name, ok = r.str(); !ok {
			return false
		}
		m.end = r.at
		if !r.take(':') {
			return false
		}
		if m.value = r.value(depth + 1); m.value == nil {
			return false
		}
		n.members = append(n.members, m)
		if r.take('}') {
			return true
		}
		if !r.take(',') {
			return false
		}
	}
}

func (r *reader) array(n *node, depth int) bool {
	r.at++
	if r.take(']') {
		return true
	}
	for {
		v := r.value(depth + 1)
		if v == nil {
			return false
		}
		n.items = append(n.items, v)
		if r.take(']') {
			return true
		}
		if !r.take(',') {
			return false
		}
	}
}

// str reads a string; its escapes are read by encoding/json.
func (r *reader) str() (string, bool) {
	if r.at == len(r.text) || r.text[r.at] != '"' {
		return "", false
	}
	for i := r.at + 1; i < len(r.text); i++ {
		switch r.text[i] {
		case '\\':
			i++
		case '"':
			var s string
			if json.Unmarshal([]byte(r.text[r.at:i+1]), &s) != nil {
				return "", false
			}
			r.at = i + 1
			return s, true
		}
	}
	return "", false
}

// scalar reads a number, true, false or null.
func (r *reader) scalar(n *node) bool {
	end := r.at
	for end < len(r.text) && strings.IndexByte(" \t\r\n,]}:\"{[", r.text[end]) < 0 {
		end++
	}
	n.text = r.text[r.at:end]
	switch {
	case n.text == "true" || n.text == "false":
		n.kind = isBool
	case n.text == "null":
		n.kind = isNull
	case json.Valid([]byte(n.text)):
		n.kind = isNumber
	default:
		return false
	}
	r.at = end
	return true
}

// member finds a member by its name; nil when there is none.
func (n *node) member(name string) *member {
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i]
		}
	}
	return nil
}
