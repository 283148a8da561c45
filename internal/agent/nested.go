package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// mostNested is how deep documents may run documents.
const mostNested = 3

// runNested is aws:runDocument. The wording of its refusals is the SSM Agent's.
func runNested(ctx context.Context, a *agent, t *task) outcome {
	if t.Depth >= mostNested {
		return failedWith("Maximum depth for document execution exceeded. Maximum depth permitted - %d and current depth - %d", mostNested, t.Depth+1)
	}
	steps, err := a.nestedSteps(ctx, t)
	if err != nil {
		return failedWith("There was an error while preparing documents - %v", err)
	}
	inner := &run{Job: t.Job, Steps: steps, Folder: t.Folder, Depth: t.Depth + 1, Ended: t.ended}
	if t.Stdout != nil || t.Stderr != nil {
		inner.output = func(step) (stdout, stderr io.Writer, done func()) { return t.Stdout, t.Stderr, nil }
	}
	got := a.runDocument(ctx, inner)
	out := outcome{Status: got.Status, Inner: got.Steps, Again: got.Again}
	if got.Again != restartNothing {
		out.Status = statusInProgress
		return out
	}
	for _, s := range steps {
		one, ok := got.Steps[s.Key]
		if !ok {
			continue
		}
		out.Stdout = joined(out.Stdout, one.Stdout)
		out.Stderr = joined(out.Stderr, one.Stderr)
		if one.Status != statusSuccess && one.Status != statusSkipped && out.Code == 0 {
			out.Code = one.Code
		}
	}
	out.Stdout, out.Stderr = clip(out.Stdout, mostStdout), clip(out.Stderr, mostStderr)
	if cause := context.Cause(ctx); cause != nil && out.Status == statusSuccess {
		out.end(cause)
	}
	return out
}

// joined puts texts below one another.
func joined(a, b string) string {
	if a == "" || b == "" || strings.HasSuffix(a, "\n") {
		return a + b
	}
	return a + "\n" + b
}

// nestedSteps gets the document that the step names and compiles it.
func (a *agent) nestedSteps(ctx context.Context, t *task) ([]step, error) {
	path := t.text("documentPath")
	if path == "" {
		return nil, errors.New("invalid input: Document Path must be provided")
	}
	given, err := nestedParameters(t.Inputs["documentParameters"])
	if err != nil {
		return nil, err
	}
	var text []byte
	switch t.text("documentType") {
	case "SSMDocument":
		d, err := a.getDocument(ctx, path)
		if err != nil {
			return nil, err
		}
		text = []byte(d.Content)
	case "LocalPath":
		if text, err = readLimited(t.place(path)); err != nil {
			return nil, err
		}
	case "":
		return nil, errors.New("invalid input: Document Type must be specified to either by SSMDocument or LocalPath.") //nolint:revive,staticcheck // the SSM Agent's words
	default:
		return nil, errors.New("invalid input: Document type specified in invalid")
	}
	d, err := readDocument(text)
	if err != nil {
		return nil, err
	}
	return compile(d, given)
}

// mostDocument bounds a document's text: the service takes 64 KB.
const mostDocument = 1 << 20

func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostDocument+1))
	if err == nil && len(text) > mostDocument {
		err = errTooLarge
	}
	return text, err
}

// readDocument reads a document that is JSON or YAML.
func readDocument(text []byte) (document, error) {
	var d document
	if len(strings.TrimSpace(string(text))) == 0 {
		return d, errors.New("File is empty!") //nolint:revive,staticcheck // the SSM Agent's words
	}
	if len(text) > mostDocument {
		return d, errTooLarge
	}
	plain, err := plainJSON(text)
	if err != nil {
		return d, err
	}
	r := json.NewDecoder(strings.NewReader(string(plain)))
	r.UseNumber()
	if err := r.Decode(&d); err != nil {
		return d, fmt.Errorf("read the document: %w", err)
	}
	return d, nil
}

// plainJSON brings YAML to JSON; JSON stays.
func plainJSON(text []byte) ([]byte, error) {
	if json.Valid(text) {
		return text, nil
	}
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		return nil, fmt.Errorf("neither JSON nor YAML: %w", err)
	}
	return json.Marshal(v) // an object with keys that are no texts fails
}

// nestedParameters reads documentParameters: an object, or its text in JSON or
// YAML.
func nestedParameters(v any) (map[string]any, error) {
	given := map[string]any{}
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for name, one := range v {
			if one != nil {
				given[name] = one
			}
		}
	case string:
		if strings.TrimSpace(v) == "" {
			break
		}
		plain, err := plainJSON([]byte(v))
		if err != nil {
			return nil, fmt.Errorf("the document's parameters: %w", err)
		}
		d := json.NewDecoder(strings.NewReader(string(plain)))
		d.UseNumber()
		var all map[string]any
		if err := d.Decode(&all); err != nil {
			return nil, errors.New("the document's parameters are no object")
		}
		return nestedParameters(all)
	default:
		return nil, errors.New("parameter type specified to run document is unknown")
	}
	return given, nil
}

// storedDocument is a document as GetDocument answers it.
type storedDocument struct {
	Name, Content, Status, DocumentVersion, DocumentType string
	AttachmentsContent                                   []attachment
}

// getDocument gets a document by its name or ARN, with an optional ":version".
func (a *agent) getDocument(ctx context.Context, written string) (storedDocument, error) {
	name, version := splitVersion(written)
	in := map[string]string{"Name": name}
	if version != "" {
		in["DocumentVersion"] = version
	}
	var out storedDocument
	err := a.ask(ctx, "AmazonSSM.GetDocument", in, &out)
	return out, err
}

// splitVersion takes the version off a document's name.
func splitVersion(written string) (name, version string) {
	parts := strings.Split(written, ":")
	if strings.HasPrefix(written, "arn:") {
		if len(parts) > 6 {
			return strings.Join(parts[:6], ":"), strings.Join(parts[6:], ":")
		}
		return written, ""
	}
	return parts[0], strings.Join(parts[1:], ":")
}

// ask makes a call of the ssm service with the role's credentials.
func (a *agent) ask(ctx context.Context, target string, in, out any) error {
	creds, err := a.purse.get(ctx)
	if err != nil {
		return err
	}
	err = a.plane.call(ctx, target, in, out, a.withRole(creds, "ssm"))
	a.noteRefusal(err, creds)
	return err
}
