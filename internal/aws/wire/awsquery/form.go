package awsquery

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// maxFields is how many fields a form may have. AWS's own limits on lists end
// far below.
const maxFields = 20_000

// field is a node of the tree that the dotted names of a form make:
// Tags.member.1.Key is four levels.
type field struct {
	text     string
	given    bool // has text of its own
	children map[string]*field
}

func (f *field) child(name string) *field { return f.children[name] }

// parse reads the form of a request; the error is a *codec.Fault.
func parse(r *codec.Request) (*field, error) {
	if len(r.Body) > codec.MaxBody {
		return nil, codec.TooLarge()
	}
	root := &field{}
	count := 0
	for name, values := range r.Query {
		for _, value := range values {
			if err := root.add(name, value, &count); err != nil {
				return nil, err
			}
		}
	}
	if r.Method == http.MethodGet {
		return root, nil
	}
	for pair := range strings.SplitSeq(string(r.Body), "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			return nil, malformed("The form cannot be decoded.")
		}
		value, err := url.QueryUnescape(strings.TrimRight(rawValue, "\r\n"))
		if err != nil {
			return nil, malformed("The form cannot be decoded.")
		}
		if err := root.add(name, value, &count); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func malformed(message string) *codec.Fault {
	return &codec.Fault{Code: codec.CodeMalformedInput, Message: message}
}

// add puts a field into the tree; the last of two equal names wins.
func (f *field) add(name, value string, count *int) error {
	*count++
	switch {
	case *count > maxFields:
		return malformed("The form has too many fields.")
	case !utf8.ValidString(name) || !utf8.ValidString(value):
		return malformed("The form is not UTF-8.")
	case strings.Count(name, ".") > 2*codec.MaxDepth:
		return malformed("The request nests too deeply.")
	}
	at := f
	for part := range strings.SplitSeq(name, ".") {
		next := at.children[part]
		if next == nil {
			next = &field{}
			if at.children == nil {
				at.children = map[string]*field{}
			}
			at.children[part] = next
		}
		at = next
	}
	at.text, at.given = value, true
	return nil
}

// numbered returns the children 1, 2, 3 ... in the order of their numbers;
// AWS does not mind gaps.
func (f *field) numbered() ([]*field, error) {
	type entry struct {
		number int
		field  *field
	}
	entries := make([]entry, 0, len(f.children))
	for name, child := range f.children {
		n, err := strconv.Atoi(name)
		if err != nil || n < 1 || strconv.Itoa(n) != name {
			return nil, malformed("Key " + strconv.Quote(name) + " is not a place in a list.")
		}
		entries = append(entries, entry{n, child})
	}
	slices.SortFunc(entries, func(a, b entry) int { return a.number - b.number })
	sorted := make([]*field, len(entries))
	for i, e := range entries {
		sorted[i] = e.field
	}
	return sorted, nil
}

// inner is the level below a list's or map's name: none where it is flat.
func (s Style) inner(f *field, m *model.Member, shape *model.Shape, level string) *field {
	if s.Flat || m.Flattened || shape.Flattened {
		return f
	}
	if inner := f.child(level); inner != nil {
		return inner
	}
	return &field{}
}
