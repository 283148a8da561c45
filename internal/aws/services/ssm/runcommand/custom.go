package runcommand

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// load finds the document that a command names: one that comes with the room,
// or a customer's.
func (s *Service) load(ctx context.Context, scope store.Scope, name string, version *string) (*document, error) {
	d, err := findDocument(name, version)
	unknown := (*types.InvalidDocument)(nil)
	if !errors.As(err, &unknown) || s.ports.Documents == nil {
		return d, err
	}
	var found Document
	err = s.st.View(ctx, func(tx *store.Tx) error {
		found, err = s.ports.Documents.Document(tx, scope, name, version)
		return err
	})
	if err != nil {
		return nil, err
	}
	return custom(found)
}

// custom reads a customer's document and refuses what no node here can do.
func custom(found Document) (*document, error) {
	if found.Type != "Command" {
		return nil, &types.InvalidDocument{Message: text(fmt.Sprintf("Document %s is of the type %s: Run Command runs documents of the type Command.", found.Name, found.Type))}
	}
	d := &document{
		Name: found.Name, Version: found.Version, Content: found.JSON, Custom: true, Sha256: found.Sha256, Sha1: found.Sha1,
	}
	if err := json.Unmarshal(found.JSON, d); err != nil {
		return nil, fmt.Errorf("read document %s: %w", found.Name, err)
	}
	steps, err := d.steps(found.Schema)
	if err != nil {
		return nil, err
	}
	for _, step := range steps {
		if step.Action != shellPlugin && !step.elsewhere() {
			return nil, cannotRun(found.Name, fmt.Sprintf("the step %s is %s, and nodes here run %s only", step.Name, step.Action, shellPlugin))
		}
	}
	return d, nil
}

const shellPlugin = "aws:runShellScript"

// stage is a step of a customer's document as far as the plane looks at it.
type stage struct {
	Action       string              `json:"action"`
	Name         string              `json:"name"`
	Precondition map[string][]string `json:"precondition"`
	Timeout      any                 `json:"timeoutSeconds"`
	Inputs       struct {
		Timeout any `json:"timeoutSeconds"`
	} `json:"inputs"`
}

// elsewhere tells whether a step says that it is not for Linux: nodes leave it
// out.
func (s stage) elsewhere() bool {
	operands := s.Precondition["StringEquals"]
	if len(s.Precondition) != 1 || len(operands) != 2 {
		return false
	}
	return slices.Contains(operands, "platformType") && (slices.Contains(operands, "Windows") || slices.Contains(operands, "MacOS"))
}

// steps reads the steps of either schema that nodes here know.
func (d *document) steps(schema string) ([]stage, error) {
	var all struct {
		MainSteps     []stage `json:"mainSteps"`
		RuntimeConfig map[string]struct {
			Properties any `json:"properties"`
		} `json:"runtimeConfig"`
	}
	if schema != "1.2" && schema != "2.2" {
		return nil, cannotRun(d.Name, "nodes here run the schema versions 1.2 and 2.2, not "+schema)
	}
	if err := json.Unmarshal(d.Content, &all); err != nil {
		return nil, cannotRun(d.Name, "its steps can't be read")
	}
	for plugin, one := range all.RuntimeConfig {
		if sets, ok := one.Properties.([]any); ok && len(sets) != 1 {
			return nil, cannotRun(d.Name, "nodes here run one set of properties for a plugin")
		}
		all.MainSteps = append(all.MainSteps, stage{Action: plugin, Name: plugin})
	}
	return all.MainSteps, nil
}

func cannotRun(name, why string) error {
	return &types.InvalidDocument{Message: text("Document " + name + " can't be run here: " + why + ".")}
}

// limit is how long a customer's document may take on a node: the sum of its
// steps' timeouts.
func (d *document) limit(given map[string][]string) time.Duration {
	schema := "2.2"
	if strings.Contains(string(d.Content), `"runtimeConfig"`) {
		schema = "1.2"
	}
	steps, err := d.steps(schema)
	if err != nil {
		return time.Hour
	}
	values, total := d.values(given), time.Duration(0)
	for _, one := range steps {
		t := one.Timeout
		if one.Inputs.Timeout != nil {
			t = one.Inputs.Timeout
		}
		written := fmt.Sprint(t)
		if name, ok := strings.CutPrefix(written, "{{"); ok {
			written = fmt.Sprint(values[strings.TrimSpace(strings.TrimSuffix(name, "}}"))])
		}
		n, err := strconv.Atoi(strings.TrimSpace(written))
		if err != nil || n < 1 || n > 172800 {
			n = 3600
		}
		total += time.Duration(n) * time.Second
	}
	return total
}

// referred finds {{ssm:name}} in texts (User Guide, "Working with parameters in
// Run Command commands").
var referred = regexp.MustCompile(`\{\{\s*ssm:([A-Za-z0-9_.:/\-]+)\s*\}\}`)

// references are the parameters of Parameter Store that a command refers to.
func references(d *document, given map[string][]string) []string {
	var out []string
	note := func(s string) {
		for _, m := range referred.FindAllStringSubmatch(s, -1) {
			if !slices.Contains(out, m[1]) {
				out = append(out, m[1])
			}
		}
	}
	if d.Custom {
		note(string(d.Content))
	}
	for _, values := range given {
		for _, v := range values {
			note(v)
		}
	}
	slices.Sort(out)
	return out
}

// fill puts the values of Parameter Store into what is sent to nodes: the
// document's text and the parameters. The command itself keeps what was given.
func (s *Service) fill(ctx context.Context, scope store.Scope, d *document, c *command) error {
	names := references(d, c.Parameters)
	values := map[string]string{}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		for _, name := range names {
			v, ok, err := s.ports.Parameters.Value(tx, scope, name)
			if err != nil {
				return err
			}
			if !ok {
				return invalidParameters("The parameter {{ssm:%s}} doesn't exist, or is a SecureString, which can't stand in a command.", name)
			}
			values[name] = v
		}
		return nil
	})
	if err != nil {
		return err
	}
	if d.Custom {
		c.Content = json.RawMessage(replace(string(d.Content), values, quoted))
	}
	if len(names) == 0 {
		return nil
	}
	c.Filled = make(map[string][]string, len(c.Parameters))
	for name, list := range c.Parameters {
		for _, v := range list {
			c.Filled[name] = append(c.Filled[name], replace(v, values, func(s string) string { return s }))
		}
	}
	return nil
}

func replace(text string, values map[string]string, form func(string) string) string {
	return referred.ReplaceAllStringFunc(text, func(found string) string {
		return form(values[referred.FindStringSubmatch(found)[1]])
	})
}

// quoted is a text as it stands inside a string of JSON.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(b), `"`), `"`)
}

// documentChecks asks for the document, and for reading each parameter of
// Parameter Store that the command refers to.
func (s *Service) documentChecks(ctx context.Context, in *ssm.SendCommandInput) ([]api.Check, error) {
	checks, err := s.documentCheck(ctx, *in.DocumentName)
	if err != nil || s.ports.Parameters == nil {
		return checks, err
	}
	d, err := s.load(ctx, scopeOf(api.CallFrom(ctx)), *in.DocumentName, in.DocumentVersion)
	if err != nil {
		return checks, nil //nolint:nilerr // the operation says so, to callers who may use the name
	}
	for _, name := range references(d, in.Parameters) {
		more, err := s.ports.Parameters.Check(ctx, "ssm:GetParameters", name)
		if err != nil {
			return nil, err
		}
		checks = append(checks, more...)
	}
	return checks, nil
}
