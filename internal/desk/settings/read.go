package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"tamachi/internal/desk/spelling"
)

// maxFile bounds the file.
const maxFile = 1 << 20

// Problem is one thing that is wrong with the file.
type Problem struct {
	Line int
	Text string
	Near string // the key that was probably meant
}

// Error says it in one line.
func (p *Problem) Error() string {
	if p.Near != "" {
		return fmt.Sprintf("line %d: %s; did you mean %q?", p.Line, p.Text, p.Near)
	}
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Text)
}

// path is where the file is looked for: $TAMACHI_DESK, else tamachi/desk.yaml in
// the user's configuration folder (XDG Base Directory Specification). named
// tells that somebody named it, so that it must be there.
func path(getenv func(string) string) (path string, named bool) {
	if p := getenv("TAMACHI_DESK"); p != "" {
		return p, true
	}
	if dir := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "tamachi", "desk.yaml"), false
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".config", "tamachi", "desk.yaml"), false
	}
	return "", false
}

// Load reads the file from where Path says. Without one it returns Default.
func Load(getenv func(string) string) (*Settings, error) {
	path, named := path(getenv)
	if path == "" {
		return Default(), nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return Default(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	defer f.Close()
	s, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s.beside(filepath.Dir(path))
	return s, nil
}

// beside makes the files that the settings name relative to their own folder.
func (s *Settings) beside(dir string) {
	for _, p := range []*string{&s.Prices, &s.HR, &s.Outbox, &s.Intake.SecretFile, &s.Slack.TokenFile, &s.Slack.SecretFile, &s.Mail.PasswordFile, &s.Mail.CAFile} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
}

// Read reads settings over Default. The error joins every *Problem, by line.
func Read(r io.Reader) (*Settings, error) {
	s := Default()
	root, err := decode(r, s)
	switch {
	case err != nil:
		return nil, err
	case root == nil:
		return s, nil
	}
	if problems := s.check(root); len(problems) > 0 {
		return nil, join(problems)
	}
	return s, nil
}

// decode reads a file over what into points to: keys that its type does not have
// are refused. The root is nil where the file is empty.
func decode(r io.Reader, into any) (*yaml.Node, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, &Problem{Text: "longer than a megabyte"}
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, &Problem{Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, &Problem{Text: "there is a second document in the file"}
	}
	root := doc.Content[0]
	if problems := unknown(root, reflect.TypeOf(into).Elem(), ""); len(problems) > 0 {
		return nil, join(problems)
	}
	if err := root.Decode(into); err != nil {
		return nil, typed(err)
	}
	return root, nil
}

func join(problems []*Problem) error {
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// typed takes the library's words about values of the wrong kind apart: it has
// the line in them.
func typed(err error) error {
	wrong, ok := errors.AsType[*yaml.TypeError](err)
	if !ok {
		return &Problem{Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	var problems []*Problem
	for _, text := range wrong.Errors {
		p := &Problem{Text: text}
		if _, scanErr := fmt.Sscanf(text, "line %d: ", &p.Line); scanErr == nil {
			_, p.Text, _ = strings.Cut(text, ": ")
		}
		problems = append(problems, p)
	}
	return join(problems)
}

// unknown finds the keys that the type does not have, keys that are there
// twice, and aliases, which nobody needs in such a file.
func unknown(n *yaml.Node, t reflect.Type, path string) []*Problem {
	if n.Kind == yaml.AliasNode {
		return []*Problem{{Line: n.Line, Text: "aliases (*name) are not taken; write it out"}}
	}
	switch {
	case t.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
		return fields(n, t, path)
	case t.Kind() == reflect.Map && n.Kind == yaml.MappingNode:
		var out []*Problem
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Kind != yaml.ScalarNode {
				out = append(out, &Problem{Line: n.Content[i].Line, Text: "a key must be plain text"})
				continue
			}
			out = append(out, unknown(n.Content[i+1], t.Elem(), path+n.Content[i].Value+".")...)
		}
		return append(out, twice(n)...)
	case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		var out []*Problem
		for _, c := range n.Content {
			out = append(out, unknown(c, t.Elem(), path)...)
		}
		return out
	case t.Kind() == reflect.Struct && n.Tag != "!!null":
		return []*Problem{{Line: n.Line, Text: fmt.Sprintf("%s: want keys and values", strings.TrimSuffix(path, "."))}}
	}
	return nil
}

func fields(n *yaml.Node, t reflect.Type, path string) []*Problem {
	known := map[string]reflect.Type{}
	var names []string
	for field := range t.Fields() {
		name := field.Tag.Get("yaml")
		known[name] = field.Type
		names = append(names, name)
	}
	var out []*Problem
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		kind, ok := known[key.Value]
		if !ok || key.Kind != yaml.ScalarNode {
			p := &Problem{Line: key.Line, Text: fmt.Sprintf("unknown key %q", path+key.Value)}
			if near := spelling.Near(key.Value, names); len(near) > 0 {
				p.Near = near[0]
			}
			out = append(out, p)
			continue
		}
		out = append(out, unknown(n.Content[i+1], kind, path+key.Value+".")...)
	}
	return append(out, twice(n)...)
}

func twice(n *yaml.Node) []*Problem {
	var out []*Problem
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if first, is := seen[key.Value]; is {
			out = append(out, &Problem{Line: key.Line, Text: fmt.Sprintf("%q is in line %d already", key.Value, first)})
			continue
		}
		seen[key.Value] = key.Line
	}
	return out
}

// line is where a key of the file is, by its path; 0 where it is not.
func line(n *yaml.Node, path ...string) int {
	at := 0
	for _, want := range path {
		if n == nil || n.Kind != yaml.MappingNode {
			return at
		}
		var next *yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == want {
				at, next = n.Content[i].Line, n.Content[i+1]
			}
		}
		n = next
	}
	return at
}

// clockTime wants a time of day with both digits of its hour, so that times
// compare as text.
func clockTime(s string) error {
	if t, err := time.Parse("15:04", s); err != nil || t.Format("15:04") != s {
		return fmt.Errorf("%q: want a time such as 09:00", s)
	}
	return nil
}
