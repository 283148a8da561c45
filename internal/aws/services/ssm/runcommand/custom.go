package runcommand

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/store"
)

// load finds the document that a command names.
func (s *Service) load(ctx context.Context, scope store.Scope, name string, version *string) (*document, error) {
	var found Document
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		found, err = s.ports.Documents.Document(tx, scope, name, version)
		return err
	})
	if err != nil {
		return nil, err
	}
	return compiled(found)
}

// compiled reads a document and refuses what no node can do. What a node does
// with a step that is not for it, or that it does not know, is for the node to
// say.
func compiled(found Document) (*document, error) {
	if found.Type != "Command" && found.Type != "Policy" {
		return nil, &types.InvalidDocument{Message: text(fmt.Sprintf("Document %s is of the type %s: Run Command runs documents of the type Command.", found.Name, found.Type))}
	}
	d := &document{
		Name: found.Name, Version: found.Version, Platforms: found.Platforms, Content: found.JSON, Amazon: found.Amazon, Sha256: found.Sha256, Sha1: found.Sha1,
	}
	if err := json.Unmarshal(found.JSON, d); err != nil {
		return nil, fmt.Errorf("read document %s: %w", found.Name, err)
	}
	_, err := d.steps()
	return d, err
}

// stage is a step of a document as far as the plane looks at it.
type stage struct {
	Name    string `json:"name"`
	Timeout any    `json:"timeoutSeconds"`
	Inputs  inputs `json:"inputs"`
}

type inputs struct {
	Timeout any `json:"timeoutSeconds"`
}

// steps reads the steps of a document of either kind of schema.
func (d *document) steps() ([]stage, error) {
	var all struct {
		MainSteps     []stage `json:"mainSteps"`
		RuntimeConfig map[string]struct {
			Properties json.RawMessage `json:"properties"`
		} `json:"runtimeConfig"`
	}
	if err := json.Unmarshal(d.Content, &all); err != nil {
		return nil, cannotRun(d.Name, "its steps can't be read")
	}
	for plugin, one := range all.RuntimeConfig {
		var sets []inputs
		if json.Unmarshal(one.Properties, &sets) != nil {
			sets = make([]inputs, 1)
			_ = json.Unmarshal(one.Properties, &sets[0]) // or a parameter's name: no timeout
		}
		if len(sets) != 1 {
			return nil, cannotRun(d.Name, "nodes here run one set of properties for a plugin")
		}
		all.MainSteps = append(all.MainSteps, stage{Name: plugin, Inputs: sets[0]})
	}
	return all.MainSteps, nil
}

func cannotRun(name, why string) error {
	return &types.InvalidDocument{Message: text("Document " + name + " can't be run here: " + why + ".")}
}

// limit is how long a document may take on a node: the sum of its steps'
// timeouts.
func (d *document) limit(given map[string][]string) time.Duration {
	steps, err := d.steps()
	if err != nil {
		return time.Hour
	}
	values, total := d.Parameters.Values(given), time.Duration(0)
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

// filled is what nodes are sent, with the values of Parameter Store in the
// document's text and the parameters. The command itself keeps what was given.
func (s *Service) filled(ctx context.Context, scope store.Scope, d *document, c *command) (json.RawMessage, error) {
	values, err := s.referred(ctx, scope, reference.Names(c.Parameters, string(d.Content)))
	if err != nil {
		return nil, err
	}
	one, given := *d, *c
	one.Content = json.RawMessage(reference.Fill(string(d.Content), values, quoted))
	if len(one.Content) > mostContent {
		return nil, &types.MaxDocumentSizeExceeded{Message: text("With its parameters filled in, document " + d.Name + " is over the limit of 64 KB.")}
	}
	given.Parameters = reference.FillGiven(c.Parameters, values)
	return given.job(&one)
}

// referred reads parameters of Parameter Store.
func (s *Service) referred(ctx context.Context, scope store.Scope, names []string) (values map[string]string, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		values, err = reference.Need(tx, scope, s.ports.Parameters, names)
		return err
	})
	return values, err
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
	checks, err := s.ports.Documents.Check(ctx, "ssm:SendCommand", *in.DocumentName)
	if err != nil || s.ports.Parameters == nil {
		return checks, err
	}
	d, err := s.load(ctx, store.In(api.CallFrom(ctx).Place()), *in.DocumentName, in.DocumentVersion)
	if err != nil {
		return checks, nil //nolint:nilerr // the operation says so, to callers who may use the name
	}
	more, err := reference.Checks(ctx, s.ports.Parameters, reference.Names(in.Parameters, string(d.Content)))
	return append(checks, more...), err
}
