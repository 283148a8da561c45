package runcommand

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// document is a command document. Source: Systems Manager User Guide, "Data
// elements and parameters".
type document struct {
	Name    string          `json:"-"`
	Content json.RawMessage `json:"-"`
	Version string          `json:"-"`
	Amazon  bool            `json:"-"` // the owner
	Sha256  string          `json:"-"`
	Sha1    string          `json:"-"`

	Platforms []string `json:"-"` // that it runs on; empty is any

	Parameters map[string]parameter `json:"parameters"`
}

type parameter struct {
	Type           string `json:"type"`
	Default        any    `json:"default"`
	AllowedPattern string `json:"allowedPattern"`
	AllowedValues  []any  `json:"allowedValues"`
	MinItems       count  `json:"minItems"`
	MaxChars       count  `json:"maxChars"`
}

// runsOn tells whether the document is for a platform; a node that has not
// reported yet may have any.
func (d *document) runsOn(platform string) bool {
	return platform == "" || len(d.Platforms) == 0 || slices.Contains(d.Platforms, platform)
}

// check holds given parameters against the document's.
func (d *document) check(given map[string][]string) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		p, ok := d.Parameters[name]
		if !ok {
			return invalidParameters("Document %s has no parameter %s.", d.Name, name)
		}
		if err := p.check(name, given[name]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Parameters)) {
		if _, ok := given[name]; !ok && d.Parameters[name].Default == nil {
			return invalidParameters("Document %s requires the parameter %s.", d.Name, name)
		}
	}
	return nil
}

func (p parameter) check(name string, values []string) error {
	if p.Type != "StringList" && len(values) != 1 {
		return invalidParameters("Parameter %s takes one value, not %d.", name, len(values))
	}
	if len(values) < int(p.MinItems) {
		return invalidParameters("Parameter %s takes at least %d values, not %d.", name, p.MinItems, len(values))
	}
	for _, v := range values {
		if p.MaxChars > 0 && utf8.RuneCountInString(v) > int(p.MaxChars) {
			return invalidParameters("Parameter %s takes at most %d characters.", name, p.MaxChars)
		}
		if len(p.AllowedValues) > 0 && !slices.ContainsFunc(p.AllowedValues, func(a any) bool { return fmt.Sprint(a) == v }) {
			return invalidParameters("Parameter %s does not take the value %q.", name, v)
		}
		if p.AllowedPattern == "" {
			continue
		}
		whole, err := regexp.Compile("^(?:" + p.AllowedPattern + ")$")
		if err != nil {
			return invalidParameters("The pattern %s of parameter %s can't be evaluated here.", p.AllowedPattern, name)
		}
		if !whole.MatchString(v) {
			return invalidParameters("The value %q of parameter %s does not match %s.", v, name, p.AllowedPattern)
		}
	}
	return nil
}

// values are the parameters as a node is sent them: each in its declared type,
// defaults filled in.
func (d *document) values(given map[string][]string) map[string]any {
	out := make(map[string]any, len(d.Parameters))
	for name, p := range d.Parameters {
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

// count is a limit that documents write as a number or as its text.
type count int

// UnmarshalJSON reads either; anything else is no limit.
func (c *count) UnmarshalJSON(b []byte) error {
	n, err := strconv.Atoi(strings.Trim(string(b), `"`))
	if err != nil {
		n = 0
	}
	*c = count(max(n, 0))
	return nil
}

func invalidParameters(format string, args ...any) error {
	return &types.InvalidParameters{Message: text(fmt.Sprintf(format, args...))}
}

func text(s string) *string { return &s }
