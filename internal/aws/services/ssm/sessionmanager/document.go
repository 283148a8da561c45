package sessionmanager

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// preferences is the document that says how sessions are unless another is
// named. Source: Systems Manager User Guide, "Create a Session Manager
// preferences document (command line)".
const preferences = "SSM-SessionManagerRunShell"

// document is a Session document. Source: Systems Manager User Guide, "Session
// document schema".
type document struct {
	Name        string               `json:"-"`
	Description string               `json:"description"`
	SessionType string               `json:"sessionType"`
	Inputs      *inputs              `json:"inputs"`
	Parameters  map[string]parameter `json:"parameters"`
	Properties  json.RawMessage      `json:"properties"`
}

type inputs struct {
	Bucket        string       `json:"s3BucketName"`
	Prefix        string       `json:"s3KeyPrefix"`
	BucketSealed  flag         `json:"s3EncryptionEnabled"`
	Group         string       `json:"cloudWatchLogGroupName"`
	GroupSealed   flag         `json:"cloudWatchEncryptionEnabled"`
	Streaming     flag         `json:"cloudWatchStreamingEnabled"`
	Key           string       `json:"kmsKeyId"`
	RunAs         flag         `json:"runAsEnabled"`
	RunAsUser     string       `json:"runAsDefaultUser"`
	IdleMinutes   string       `json:"idleSessionTimeout"`
	LongestMinute string       `json:"maxSessionDuration"`
	Profile       shellProfile `json:"shellProfile"`
}

type shellProfile struct {
	Windows string `json:"windows"`
	Linux   string `json:"linux"`
}

// flag is a truth value that documents write as such or as text.
type flag bool

// UnmarshalJSON reads either; anything else is false.
func (f *flag) UnmarshalJSON(b []byte) error {
	*f = flag(strings.EqualFold(strings.Trim(string(b), `"`), "true"))
	return nil
}

type parameter struct {
	Type           string `json:"type"`
	Default        any    `json:"default"`
	AllowedPattern string `json:"allowedPattern"`
	AllowedValues  []any  `json:"allowedValues"`
	MinChars       count  `json:"minChars"`
	MaxChars       count  `json:"maxChars"`
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

// read finds the document of a session. What it leaves out of its preferences
// comes from the account's own.
func (s *Service) read(tx *store.Tx, scope store.Scope, name string) (*document, error) {
	own, err := s.named(tx, scope, preferences)
	if none := (*types.InvalidDocument)(nil); errors.As(err, &none) {
		own, err = &document{Name: preferences, SessionType: "Standard_Stream"}, nil
	}
	if err != nil {
		return nil, err
	}
	if own.Inputs == nil {
		own.Inputs = &inputs{}
	}
	if name == "" || name == preferences {
		return own, nil
	}
	d, err := s.named(tx, scope, name)
	if err != nil {
		return nil, err
	}
	if d.Inputs == nil {
		d.Inputs = own.Inputs
	}
	return d, nil
}

func (s *Service) named(tx *store.Tx, scope store.Scope, name string) (*document, error) {
	found, err := s.ports.Documents.Document(tx, scope, name, nil)
	if err != nil {
		return nil, err
	}
	if found.Type != "Session" {
		return nil, &types.InvalidDocument{Message: text("Document type: '" + found.Type + "' is not supported. Only type: 'Session' is supported in Session Manager.")}
	}
	d := &document{Name: found.Name}
	if err := json.Unmarshal(found.JSON, d); err != nil {
		return nil, &types.InvalidDocument{Message: text("The document " + found.Name + " can't be read as a Session document.")}
	}
	return d, nil
}

// check holds given parameters against the document's.
func (d *document) check(given map[string][]string) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		p, ok := d.Parameters[name]
		if !ok {
			return invalid(fmt.Sprintf("Parameter %s is not defined in the document %s.", name, d.Name))
		}
		if err := p.check(name, given[name]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Parameters)) {
		if _, ok := given[name]; !ok && d.Parameters[name].Default == nil {
			return invalid(fmt.Sprintf("Document %s requires the parameter %s.", d.Name, name))
		}
	}
	return nil
}

func (p parameter) check(name string, values []string) error {
	if p.Type != "StringList" && len(values) != 1 {
		return invalid(fmt.Sprintf("Parameter %s takes one value, not %d.", name, len(values)))
	}
	for _, v := range values {
		n := utf8.RuneCountInString(v)
		if n < int(p.MinChars) || p.MaxChars > 0 && n > int(p.MaxChars) {
			return invalid(fmt.Sprintf("Parameter %s does not take a value of %d characters.", name, n))
		}
		if len(p.AllowedValues) > 0 && !slices.ContainsFunc(p.AllowedValues, func(a any) bool { return fmt.Sprint(a) == v }) {
			return invalid(fmt.Sprintf("Parameter %s does not take the value %q.", name, v))
		}
		if p.AllowedPattern == "" {
			continue
		}
		whole, err := regexp.Compile("^(?:" + p.AllowedPattern + ")$")
		if err != nil {
			return invalid(fmt.Sprintf("The pattern %s of parameter %s can't be evaluated here.", p.AllowedPattern, name))
		}
		if !whole.MatchString(v) {
			return invalid(fmt.Sprintf("The value %q of parameter %s does not match %s.", v, name, p.AllowedPattern))
		}
	}
	return nil
}

// values are the parameters as a node is sent them: scalars, since an agent
// fails a session over {"portNumber":["80"]}.
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

// minutes reads a number of minutes, else answers with the usual one.
func minutes(written string, least, most, usual int) int {
	n, err := strconv.Atoi(strings.TrimSpace(written))
	if err != nil || n < least || n > most {
		return usual
	}
	return n
}
