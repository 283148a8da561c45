package eventbridge

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tamachi/internal/eventpattern"
)

func decode(text string) (any, error) { return eventpattern.Decode(text) }

func encode(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// path leads into an event: names, and places in lists.
type path []any

var errPath = errors.New("it is no path such as $.detail.list[0]")

// readPath reads the part of JSONPath that EventBridge takes: $, .name,
// ['name'] and [0].
func readPath(text string) (path, error) {
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, errPath
	}
	var out path
	for rest != "" {
		switch {
		case rest[0] == '.':
			n := strings.IndexAny(rest[1:], ".[") + 1
			if n == 0 {
				n = len(rest)
			}
			if n == 1 || strings.ContainsAny(rest[1:n], "*?@()") {
				return nil, errPath
			}
			out, rest = append(out, rest[1:n]), rest[n:]
		case strings.HasPrefix(rest, "['") || strings.HasPrefix(rest, `["`):
			n := strings.Index(rest[2:], rest[1:2]+"]")
			if n < 0 {
				return nil, errPath
			}
			out, rest = append(out, rest[2:2+n]), rest[n+4:]
		case rest[0] == '[':
			n := strings.IndexByte(rest, ']')
			if n < 0 {
				return nil, errPath
			}
			i, err := strconv.Atoi(rest[1:n])
			if err != nil || i < 0 {
				return nil, errPath
			}
			out, rest = append(out, i), rest[n+1:]
		default:
			return nil, errPath
		}
	}
	return out, nil
}

// in is what the path leads to.
func (p path) in(v any) (found any, there bool) {
	for _, step := range p {
		switch step := step.(type) {
		case string:
			object, ok := v.(map[string]any)
			if !ok {
				return nil, false
			}
			if v, ok = object[step]; !ok {
				return nil, false
			}
		case int:
			list, ok := v.([]any)
			if !ok || step >= len(list) {
				return nil, false
			}
			v = list[step]
		}
	}
	return v, true
}

// variable is a name that may stand between < and >.
var variable = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// fill puts values into a template for <name>: as JSON, and within a string of
// the template as text. Source: EventBridge User Guide, "Amazon EventBridge
// input transformation".
func fill(template string, value func(name string) (any, bool)) (string, error) {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(template); i++ {
		c := template[i]
		switch {
		case c == '\\' && quoted && i+1 < len(template):
			b.WriteString(template[i : i+2])
			i++
		case c == '"':
			quoted = !quoted
			b.WriteByte(c)
		case c == '<':
			n := strings.IndexByte(template[i:], '>')
			if n < 0 {
				b.WriteByte(c)
				continue
			}
			name := template[i+1 : i+n]
			if !variable.MatchString(name) {
				b.WriteByte(c) // a text of its own
				continue
			}
			v, ok := value(name)
			if !ok {
				return "", fmt.Errorf("there is no input path for <%s>", name)
			}
			text, err := placed(v, quoted)
			if err != nil {
				return "", err
			}
			b.WriteString(text)
			i += n
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// placed is a value as it stands in a template.
func placed(v any, quoted bool) (string, error) {
	text, isText := v.(string)
	if !quoted {
		return encode(v)
	}
	if v == nil {
		return "", nil
	}
	if !isText {
		var err error
		if text, err = encode(v); err != nil {
			return "", err
		}
	}
	out, err := encode(text)
	if err != nil {
		return "", err
	}
	return out[1 : len(out)-1], nil
}
