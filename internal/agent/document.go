package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// order is the content of a sendCommand job.
type order struct {
	Parameters      map[string]any
	DocumentContent document
}

// document is a command document. Source: Systems Manager User Guide, "Data
// elements and parameters".
type document struct {
	SchemaVersion string                `json:"schemaVersion"`
	Parameters    map[string]parameter  `json:"parameters"`
	RuntimeConfig map[string]pluginOf12 `json:"runtimeConfig"`
	MainSteps     []stepOf22            `json:"mainSteps"`
}

type parameter struct {
	Type    string `json:"type"`
	Default any    `json:"default"`
}

type pluginOf12 struct {
	Properties any `json:"properties"`
}

type stepOf22 struct {
	Action       string              `json:"action"`
	Name         string              `json:"name"`
	Inputs       map[string]any      `json:"inputs"`
	Precondition map[string][]string `json:"precondition"`
	Timeout      any                 `json:"timeoutSeconds"`
}

// step is what the agent runs, with its parameters filled in.
type step struct {
	Key      string // in runtimeStatus: the plugin in 1.2, the step's name in 2.2
	Plugin   string
	Lines    []string
	Folder   string
	Limit    time.Duration
	Unmet    string // the precondition that does not hold here, if any
	Problem  string // why the step cannot be run, if so
	OnFailed string // "exit", "successAndExit" or nothing
	OnDone   string // "exit" or nothing
	Last     bool   // runs even after an exit
}

// readOrder reads a job's content and compiles its steps.
func readOrder(content string) ([]step, error) {
	var o order
	d := json.NewDecoder(strings.NewReader(content))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		return nil, fmt.Errorf("read the command: %w", err)
	}
	values, err := fill(o.DocumentContent.Parameters, o.Parameters)
	if err != nil {
		return nil, err
	}
	var steps []step
	switch o.DocumentContent.SchemaVersion {
	case "1.2":
		steps, err = o.DocumentContent.steps12(values)
	case "2.2":
		steps, err = o.DocumentContent.steps22(values)
	default:
		err = fmt.Errorf("document schema %q is not known to this agent", o.DocumentContent.SchemaVersion)
	}
	if err == nil && len(steps) == 0 {
		err = errors.New("the document has no steps")
	}
	return steps, err
}

func (d document) steps12(values map[string]any) ([]step, error) {
	var out []step
	for _, plugin := range slices.Sorted(maps.Keys(d.RuntimeConfig)) {
		properties := d.RuntimeConfig[plugin].Properties
		if list, ok := properties.([]any); ok {
			if len(list) != 1 {
				return nil, fmt.Errorf("plugin %s has %d sets of properties, this agent runs one", plugin, len(list))
			}
			properties = list[0]
		}
		inputs, ok := properties.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("plugin %s has no properties", plugin)
		}
		out = append(out, compile(plugin, plugin, inputs, values, nil))
	}
	return out, nil
}

func (d document) steps22(values map[string]any) ([]step, error) {
	var out []step
	seen := map[string]bool{}
	for _, s := range d.MainSteps {
		if s.Name == "" || seen[s.Name] {
			return nil, fmt.Errorf("step name %q is empty or there twice", s.Name)
		}
		seen[s.Name] = true
		one := compile(s.Name, s.Action, s.Inputs, values, s.Timeout)
		for _, operator := range slices.Sorted(maps.Keys(s.Precondition)) {
			if one.Unmet == "" {
				one.Unmet = unmet(operator, s.Precondition[operator], values)
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// compile fills the parameters into a step's inputs.
func compile(key, plugin string, inputs, values map[string]any, limit any) step {
	s := step{Key: key, Plugin: plugin}
	get := func(name string) any {
		v, err := substitute(inputs[name], values)
		if err != nil && s.Problem == "" {
			s.Problem = err.Error()
		}
		return v
	}
	s.Lines = lines(get("runCommand"))
	s.Folder, _ = get("workingDirectory").(string)
	if v := get("timeoutSeconds"); v != nil {
		limit = v
	}
	s.Limit = seconds(limit)
	s.OnFailed, _ = get("onFailure").(string)
	s.OnDone, _ = get("onSuccess").(string)
	last, _ := get("finallyStep").(bool)
	s.Last = last || get("finallyStep") == "true"
	return s
}

// fill brings given parameters to their declared types and adds defaults.
func fill(declared map[string]parameter, given map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(declared))
	for name, p := range declared {
		v, ok := given[name]
		if !ok {
			v = p.Default
		}
		if v == nil {
			return nil, fmt.Errorf("parameter %s has no value", name)
		}
		list, isList := v.([]any)
		switch {
		case p.Type == "StringList" && !isList:
			v = []any{v}
		case p.Type != "StringList" && p.Type != "MapList" && isList && len(list) == 1:
			v = list[0]
		}
		out[name] = v
	}
	return out, nil
}

var placeholder = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_:.-]+)\s*\}\}`)

// substitute replaces {{ name }} once, without looking into what was filled
// in. Text in braces that names no parameter stays, for templates of others.
func substitute(v any, values map[string]any) (any, error) {
	switch v := v.(type) {
	case string:
		return substituteText(v, values)
	case []any:
		out := make([]any, 0, len(v))
		for _, one := range v {
			filled, err := substitute(one, values)
			if err != nil {
				return nil, err
			}
			if list, ok := filled.([]any); ok { // a line that is a whole list
				out = append(out, list...)
				continue
			}
			out = append(out, filled)
		}
		return out, nil
	}
	return v, nil
}

func substituteText(text string, values map[string]any) (any, error) {
	if m := placeholder.FindStringSubmatch(text); m != nil && m[0] == strings.TrimSpace(text) {
		if v, ok := values[m[1]]; ok {
			return v, nil
		}
	}
	var problem error
	out := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		name := placeholder.FindStringSubmatch(found)[1]
		if strings.HasPrefix(name, "ssm:") || strings.HasPrefix(name, "ssm-secure:") {
			problem = fmt.Errorf("parameter {{ %s }}: this agent reads no Parameter Store", name)
		}
		if v, ok := values[name]; ok {
			return written(v)
		}
		return found
	})
	return out, problem
}

// written is a value inside a longer text: a string as it is, others as JSON.
func written(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// lines reads runCommand: a list of lines, or one text.
func lines(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		out := make([]string, 0, len(v))
		for _, one := range v {
			out = append(out, written(one))
		}
		return out
	}
	return nil
}

const (
	defaultLimit = time.Hour
	longestLimit = 48 * time.Hour
)

// seconds reads a timeout; anything unreadable is the default hour, as with
// the SSM Agent.
func seconds(v any) time.Duration {
	if v == nil {
		return defaultLimit
	}
	n, err := strconv.Atoi(strings.TrimSpace(written(v)))
	if err != nil || n < 1 || n > int(longestLimit/time.Second) {
		return defaultLimit
	}
	return time.Duration(n) * time.Second
}

// unmet says why a precondition does not hold, or nothing if it does.
func unmet(operator string, operands []string, values map[string]any) string {
	text := operator + " " + strings.Join(operands, " ")
	if operator != "StringEquals" || len(operands) != 2 {
		return "precondition " + text + " is not known to this agent"
	}
	var filled [2]string
	for i, operand := range operands {
		if operand == "platformType" {
			operand = "Linux"
		}
		v, err := substitute(operand, values)
		if err != nil {
			return err.Error()
		}
		filled[i] = written(v)
	}
	if filled[0] != filled[1] {
		return "precondition " + text + " does not hold here"
	}
	return ""
}
