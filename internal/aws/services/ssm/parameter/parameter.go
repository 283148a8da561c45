// Package parameter is the parameters that a document declares: how given
// values are held against them and what a node is sent. Commands, associations
// and sessions read theirs alike. Source: Systems Manager User Guide, "Data
// elements and parameters".
package parameter

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Declared is one parameter as a document declares it.
type Declared struct {
	Type           string `json:"type"`
	Default        any    `json:"default"`
	AllowedPattern string `json:"allowedPattern"`
	AllowedValues  []any  `json:"allowedValues"`
	MinItems       Count  `json:"minItems"`
	MaxItems       Count  `json:"maxItems"`
	MinChars       Count  `json:"minChars"`
	MaxChars       Count  `json:"maxChars"`
}

// Count is a limit that documents write as a number or as its text.
type Count int

// UnmarshalJSON reads either; anything else is no limit.
func (c *Count) UnmarshalJSON(b []byte) error {
	n, err := strconv.Atoi(strings.Trim(string(b), `"`))
	if err != nil {
		n = 0
	}
	*c = Count(max(n, 0))
	return nil
}

// Set is a document's parameters by their names.
type Set map[string]Declared

// Check holds given values against the parameters of the document of this
// name, and says what is wrong; "" when nothing is.
func (s Set) Check(document string, given map[string][]string) (why string) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		p, ok := s[name]
		if !ok {
			return fmt.Sprintf("Document %s has no parameter %s.", document, name)
		}
		if why := p.check(name, given[name]); why != "" {
			return why
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if _, ok := given[name]; !ok && s[name].Default == nil {
			return fmt.Sprintf("Document %s requires the parameter %s.", document, name)
		}
	}
	return ""
}

func (p Declared) check(name string, values []string) string {
	if p.Type != "StringList" && !strings.HasPrefix(p.Type, "List<") && len(values) != 1 {
		return fmt.Sprintf("Parameter %s takes one value, not %d.", name, len(values))
	}
	if n := len(values); n < int(p.MinItems) {
		return fmt.Sprintf("Parameter %s takes at least %d values, not %d.", name, p.MinItems, n)
	}
	if n := len(values); p.MaxItems > 0 && n > int(p.MaxItems) {
		return fmt.Sprintf("Parameter %s takes at most %d values, not %d.", name, p.MaxItems, n)
	}
	var whole *regexp.Regexp
	if p.AllowedPattern != "" {
		var err error
		if whole, err = regexp.Compile("^(?:" + p.AllowedPattern + ")$"); err != nil {
			return fmt.Sprintf("The pattern %s of parameter %s can't be evaluated here.", p.AllowedPattern, name)
		}
	}
	for _, v := range values {
		if why := p.checkOne(name, v, whole); why != "" {
			return why
		}
	}
	return ""
}

func (p Declared) checkOne(name, v string, whole *regexp.Regexp) string {
	n := utf8.RuneCountInString(v)
	switch {
	case n < int(p.MinChars):
		return fmt.Sprintf("Parameter %s takes at least %d characters.", name, p.MinChars)
	case p.MaxChars > 0 && n > int(p.MaxChars):
		return fmt.Sprintf("Parameter %s takes at most %d characters.", name, p.MaxChars)
	case len(p.AllowedValues) > 0 && !slices.ContainsFunc(p.AllowedValues, func(a any) bool { return fmt.Sprint(a) == v }):
		return fmt.Sprintf("Parameter %s does not take the value %q.", name, v)
	case whole != nil && !whole.MatchString(v):
		return fmt.Sprintf("The value %q of parameter %s does not match %s.", v, name, p.AllowedPattern)
	}
	return ""
}

// Values are the parameters as a node is sent them: lists as lists and all
// else as one value, since an agent fails a session over
// {"portNumber":["80"]}; defaults filled in.
func (s Set) Values(given map[string][]string) map[string]any {
	out := make(map[string]any, len(s))
	for name, p := range s {
		v, ok := given[name]
		switch {
		case !ok:
			out[name] = p.Default
		case p.Type == "StringList":
			out[name] = v
		default:
			out[name] = v[0]
		}
	}
	return out
}
