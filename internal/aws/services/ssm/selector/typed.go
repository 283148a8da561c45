package selector

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Automation's types of outputs.
const (
	String     = "String"
	Integer    = "Integer"
	Boolean    = "Boolean"
	StringList = "StringList"
	StringMap  = "StringMap"
	MapList    = "MapList"
)

// Typed makes a value one of a type, by the conversions that AWS documents; an
// empty type leaves it as it is. Without a type an output is a String, which is
// the runbook's to say. The error's text is for who wrote the runbook.
func Typed(value json.RawMessage, kind string) (json.RawMessage, error) {
	n, err := read(value)
	if err != nil {
		return nil, err
	}
	made, ok := n, true
	switch kind {
	case "":
	case String, Integer, Boolean:
		if len(n.list) == 1 {
			n = n.list[0]
		}
		made, ok = n.scalar(kind)
	case StringList:
		made, ok = n.strings()
	case StringMap:
		ok = n.members != nil
	case MapList:
		ok = n.list != nil && n.all(func(e *node) bool { return e.members != nil })
	default:
		return nil, fmt.Errorf("%.100s is no type of an output; types are String, Integer, Boolean, StringList, StringMap and MapList", kind)
	}
	if !ok {
		return nil, fmt.Errorf("a value of type %s cannot be converted to %s", n.kind(), kind)
	}
	return made.text(nil), nil
}

// Texts is a value as answers of the API show it: the elements of a list, or the
// one value; a text as it is, anything else as JSON.
func Texts(value json.RawMessage) ([]string, error) {
	n, err := read(value)
	if err != nil {
		return nil, err
	}
	if n.list == nil {
		return []string{n.plain()}, nil
	}
	out := make([]string, len(n.list))
	for i, element := range n.list {
		out[i] = element.plain()
	}
	return out, nil
}

func (n *node) all(is func(*node) bool) bool {
	for _, element := range n.list {
		if !is(element) {
			return false
		}
	}
	return true
}

// kind is the type that a value has by itself.
func (n *node) kind() string {
	switch n.value.(type) {
	case string:
		return String
	case bool:
		return Boolean
	case int64:
		return Integer
	case float64:
		return "Double"
	case map[string]any:
		return StringMap
	case nil:
		return "null"
	}
	switch {
	case len(n.list) > 0 && n.all(func(e *node) bool { return e.members != nil }):
		return MapList
	case n.all(func(e *node) bool { return e.kind() == Integer }) && len(n.list) > 0:
		return "IntegerList"
	case n.all(func(e *node) bool { return e.kind() == Boolean }) && len(n.list) > 0:
		return "BooleanList"
	}
	return StringList
}

// plain is a text as it is, and anything else as JSON.
func (n *node) plain() string {
	if s, ok := n.value.(string); ok {
		return s
	}
	return string(n.text(nil))
}

// scalar makes a simple value one of another simple type.
func (n *node) scalar(kind string) (*node, bool) {
	if n.holds() || n.value == nil {
		return nil, false
	}
	text := n.plain()
	switch kind {
	case String:
		return &node{value: text}, true
	case Integer:
		whole, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		return &node{value: whole, number: json.Number(strconv.FormatInt(whole, 10))}, err == nil
	}
	low := strings.ToLower(strings.TrimSpace(text))
	return &node{value: low == "true"}, low == "true" || low == "false"
}

// strings makes a value a list of texts. The objects of a list become JSON.
func (n *node) strings() (*node, bool) {
	if n.list == nil {
		one, ok := n.scalar(String)
		return &node{list: []*node{one}}, ok
	}
	out := &node{list: make([]*node, len(n.list))}
	for i, element := range n.list {
		out.list[i] = &node{value: element.plain()}
	}
	return out, true
}
