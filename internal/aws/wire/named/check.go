package named

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// Limits of what a refusal says.
const (
	maxFaults = 20
	maxShown  = 200 // bytes of a wrong value
)

// check compares an input with its model and writes it anew, in the types that
// the model wants. Source of the texts: botocore, validate.py.
func check(s *model.Shape, text json.RawMessage, token string) ([]byte, error) {
	if len(text) > MaxInput {
		return nil, &Refusal{"Parameter validation failed: the input is larger than 1 MB."}
	}
	if len(text) == 0 {
		text = json.RawMessage("{}")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err == nil {
		if _, after := d.Token(); !errors.Is(after, io.EOF) {
			err = errors.New("there is more behind the value")
		}
	}
	if err != nil {
		return nil, &Refusal{"Parameter validation failed: the input is no JSON object: " + err.Error()}
	}
	if members, ok := v.(map[string]any); ok {
		fill(s, members, token)
	}
	c := checker{text: make([]byte, 0, len(text)+64)}
	c.value(s, v, "", 1)
	if len(c.faults) > 0 {
		return nil, &Refusal{"Parameter validation failed:\n" + strings.Join(c.faults, "\n")}
	}
	return c.text, nil
}

// fill gives the idempotency tokens that are not there.
func fill(s *model.Shape, members map[string]any, token string) {
	for _, m := range s.Members {
		if m.Token && members[m.Name] == nil && token != "" {
			members[m.Name] = token
		}
	}
}

// checker walks a value beside its shape. text is of no use once there are
// faults.
type checker struct {
	text   []byte
	faults []string
}

func (c *checker) fault(parts ...string) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, strings.Join(parts, ""))
	}
}

func (c *checker) value(s *model.Shape, v any, path string, depth int) {
	if depth > codec.MaxDepth {
		c.fault("Invalid value for parameter ", called(path), ": it nests too deeply.")
		return
	}
	switch s.Type {
	case model.Structure:
		if members, ok := v.(map[string]any); ok && !s.Document {
			c.structure(s, members, path, depth)
			return
		}
	case model.List:
		if list, ok := v.([]any); ok {
			c.list(s, list, path, depth)
			return
		}
	case model.Map:
		if entries, ok := v.(map[string]any); ok {
			c.mapping(s, entries, path, depth)
			return
		}
	default:
		if text, ok := scalar(s.Type, v); ok {
			c.text = append(c.text, text...)
			return
		}
	}
	c.fault("Invalid type for parameter ", called(path), ", value: ", shown(v), ", type: ", class(v), ", valid types: ", classes[s.Type])
}

// called is how a path is called.
func called(path string) string {
	if path == "" {
		return "input"
	}
	return strings.TrimPrefix(path, ".")
}

func (c *checker) structure(s *model.Shape, members map[string]any, path string, depth int) {
	maps.DeleteFunc(members, func(_ string, v any) bool { return v == nil })
	if s.Union && len(members) != 1 {
		c.union(s, len(members), path)
	}
	for _, m := range s.Members {
		if m.Required && members[m.Name] == nil {
			c.fault("Missing required parameter in ", called(path), `: "`, m.Name, `"`)
		}
	}
	c.text = append(c.text, '{')
	for i, name := range slices.Sorted(maps.Keys(members)) {
		m := s.Lookup(name)
		if m == nil {
			c.fault("Unknown parameter in ", called(path), `: "`, clip(name), `", must be one of: `, nameList(s))
			continue
		}
		c.entry(i, name)
		c.value(m.Shape, members[name], path+"."+name, depth+1)
	}
	c.text = append(c.text, '}')
}

// union says what is wrong with the number of a union's members.
func (c *checker) union(s *model.Shape, n int, path string) {
	if n == 0 {
		c.fault("Must set one of the following keys for tagged union structure ", called(path), ": ", nameList(s), ".")
		return
	}
	c.fault("Invalid number of parameters set for tagged union structure ", called(path), ". Can only set one of the following keys: ", nameList(s), ".")
}

func nameList(s *model.Shape) string {
	names := make([]string, len(s.Members))
	for i, m := range s.Members {
		names[i] = m.Name
	}
	return strings.Join(names, ", ")
}

// entry begins the i-th member of an object.
func (c *checker) entry(i int, name string) {
	if i > 0 {
		c.text = append(c.text, ',')
	}
	c.text = append(codec.AppendQuoted(c.text, name), ':')
}

func (c *checker) list(s *model.Shape, list []any, path string, depth int) {
	c.text = append(c.text, '[')
	for i, v := range list {
		if i > 0 {
			c.text = append(c.text, ',')
		}
		c.value(s.Member.Shape, v, path+"["+strconv.Itoa(i)+"]", depth+1)
	}
	c.text = append(c.text, ']')
}

func (c *checker) mapping(s *model.Shape, entries map[string]any, path string, depth int) {
	c.text = append(c.text, '{')
	for i, key := range slices.Sorted(maps.Keys(entries)) {
		c.entry(i, key)
		c.value(s.Value.Shape, entries[key], path+"."+clip(key), depth+1)
	}
	c.text = append(c.text, '}')
}

// scalar is a simple value as JSON in the type that the model wants, if it is of
// that type or a text of it.
func scalar(t model.Type, v any) (string, bool) {
	text, isText := v.(string)
	number, isNumber := v.(json.Number)
	if isNumber {
		text = number.String()
	}
	switch t {
	case model.String:
		return string(codec.AppendQuoted(nil, text)), isText
	case model.Blob:
		_, err := base64.StdEncoding.Strict().DecodeString(text)
		return string(codec.AppendQuoted(nil, text)), isText && err == nil
	case model.Boolean:
		truth, is := v.(bool)
		if low := strings.ToLower(text); isText && (low == "true" || low == "false") {
			truth, is = low == "true", true
		}
		return strconv.FormatBool(truth), is
	case model.Integer:
		return whole(text, 32)
	case model.Long:
		return whole(text, 64)
	case model.Float:
		return fraction(text, 32)
	case model.Double:
		return fraction(text, 64)
	case model.Timestamp:
		if at, ok := codec.ParseTime(text); isText && ok {
			return string(codec.AppendEpoch(nil, at)), true
		}
		seconds, ok := fraction(text, 64)
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			_, inside := codec.Epoch(f)
			ok = ok && inside
		}
		return seconds, ok
	}
	return "", false
}

func whole(text string, bits int) (string, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, bits)
	return strconv.FormatInt(n, 10), err == nil
}

func fraction(text string, bits int) (string, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), bits)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return "", false
	}
	return strconv.FormatFloat(f, 'g', -1, bits), true
}

// classes are the types that a shape takes, as Python calls them.
var classes = map[model.Type]string{
	model.Structure: "<class 'dict'>", model.Map: "<class 'dict'>", model.List: "<class 'list'>, <class 'tuple'>",
	model.String: "<class 'str'>", model.Integer: "<class 'int'>", model.Long: "<class 'int'>", model.Boolean: "<class 'bool'>",
	model.Float: "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>", model.Double: "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>",
	model.Timestamp: "<class 'datetime.datetime'>, timestamp-string", model.Blob: "base64-string",
}

// class is the type of a value, as Python calls it.
func class(v any) string {
	switch v := v.(type) {
	case string:
		return "<class 'str'>"
	case bool:
		return "<class 'bool'>"
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			return "<class 'float'>"
		}
		return "<class 'int'>"
	case []any:
		return "<class 'list'>"
	case map[string]any:
		return "<class 'dict'>"
	}
	return "<class 'NoneType'>"
}

// shown is a wrong value, cut where it is long.
func shown(v any) string {
	switch v := v.(type) {
	case string:
		return clip(v)
	case nil:
		return "None"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "?" // what was read has JSON
	}
	return clip(string(text))
}

func clip(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "..."
}
