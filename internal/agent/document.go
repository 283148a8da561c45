package agent

import (
	"bytes"
	"cmp"
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
	Type          string `json:"type"`
	Default       any    `json:"default"`
	Interpolation string `json:"interpolationType"`
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
	OnFailure    string              `json:"onFailure"`
	OnSuccess    string              `json:"onSuccess"`
	Finally      any                 `json:"finallyStep"`
}

// step is what the agent runs, with its parameters filled in.
type step struct {
	Key         string // in runtimeStatus: the plugin in 1.2, the step's name in 2.x
	Plugin      string
	Inputs      map[string]any
	Env         []string // parameters that travel in the environment
	Limit       time.Duration
	Portable    bool   // of a schema with preconditions (2.2)
	Conditioned bool   // has preconditions
	Unmet       string // the precondition that does not hold here, if any
	Unknown     string // the precondition that nobody can evaluate, if any
	Problem     string // why the step cannot be run, if so
	OnFailed    string // "exit", "successAndExit" or nothing
	OnDone      string // "exit" or nothing
	Last        bool   // runs even after an exit, when it is the last
}

// readOrder reads a job's content and compiles its steps.
func readOrder(content string) ([]step, error) {
	var o order
	d := json.NewDecoder(strings.NewReader(content))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		return nil, fmt.Errorf("read the command: %w", err)
	}
	return compile(o.DocumentContent, o.Parameters)
}

// compile makes steps of a document and the parameters that it is given.
func compile(d document, given map[string]any) ([]step, error) {
	values, env, err := fill(d.Parameters, given)
	if err != nil {
		return nil, err
	}
	var steps []step
	switch d.SchemaVersion {
	case "1.0", "1.2":
		steps, err = d.steps12(values)
	case "2.0", "2.0.1", "2.0.2", "2.0.3", "2.2":
		steps, err = d.steps2(values)
	default:
		err = fmt.Errorf("document schema %q is not known to this agent", d.SchemaVersion)
	}
	if err == nil && len(steps) == 0 {
		err = errors.New("the document has no steps")
	}
	for i := range steps {
		steps[i].Env = env
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
		if name, ok := properties.(string); ok { // "{{ a parameter }}"
			filled, err := substitute(name, values)
			if err != nil {
				return nil, err
			}
			properties = filled
			if text, ok := filled.(string); ok {
				var read map[string]any
				if json.Unmarshal([]byte(text), &read) == nil {
					properties = read
				}
			}
		}
		inputs, ok := properties.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("plugin %s has no properties", plugin)
		}
		out = append(out, compileStep(plugin, plugin, inputs, values, nil))
	}
	return out, nil
}

func (d document) steps2(values map[string]any) ([]step, error) {
	var out []step
	seen := map[string]bool{}
	for _, s := range d.MainSteps {
		if s.Name == "" || seen[s.Name] {
			return nil, fmt.Errorf("step name %q is empty or there twice", s.Name)
		}
		seen[s.Name] = true
		one := compileStep(s.Name, s.Action, s.Inputs, values, s.Timeout)
		one.Portable = d.SchemaVersion == "2.2"
		one.Conditioned = len(s.Precondition) > 0
		one.Unmet, one.Unknown = weigh(s.Precondition, values)
		one.OnFailed = cmp.Or(one.OnFailed, s.OnFailure)
		one.OnDone = cmp.Or(one.OnDone, s.OnSuccess)
		one.Last = one.Last || truth(s.Finally)
		out = append(out, one)
	}
	return out, nil
}

// compileStep fills the parameters into a step's inputs.
func compileStep(key, plugin string, inputs, values map[string]any, limit any) step {
	s := step{Key: key, Plugin: plugin}
	filled, err := substitute(inputs, values)
	if err = cmp.Or(err, misplaced(plugin, inputs)); err != nil {
		s.Problem = err.Error()
	}
	s.Inputs, _ = filled.(map[string]any)
	if s.Inputs == nil {
		s.Inputs = map[string]any{}
	}
	if v := s.Inputs["timeoutSeconds"]; v != nil {
		limit = v
	}
	s.Limit = seconds(limit)
	if limit == nil && plugin == "aws:runDocument" {
		s.Limit = longestLimit // its steps have limits of their own
	}
	s.OnFailed, _ = s.Inputs["onFailure"].(string)
	s.OnDone, _ = s.Inputs["onSuccess"].(string)
	s.Last = truth(s.Inputs["finallyStep"])
	return s
}

func truth(v any) bool { return v == true || v == "true" }

// fill brings given parameters to their declared types and adds defaults.
//
// A parameter with the interpolation type ENV_VAR is in the environment, as
// SSM_name, and is put into no text: that way its value is never read as a
// program.
func fill(declared map[string]parameter, given map[string]any) (values map[string]any, env []string, err error) {
	out := make(map[string]any, len(declared))
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		p := declared[name]
		v, ok := given[name]
		if !ok {
			v = p.Default
		}
		if v == nil {
			return nil, nil, fmt.Errorf("parameter %s has no value", name)
		}
		list, isList := v.([]any)
		switch {
		case p.Type == "StringList" && !isList:
			v = []any{v}
		case p.Type != "StringList" && p.Type != "MapList" && isList && len(list) == 1:
			v = list[0]
		}
		if p.Interpolation == "ENV_VAR" {
			env = append(env, "SSM_"+name+"="+strings.ReplaceAll(written(v), "\x00", ""))
			continue
		}
		out[name] = v
	}
	return out, env, nil
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
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, one := range v {
			filled, err := substitute(one, values)
			if err != nil {
				return nil, err
			}
			out[key] = filled
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
		if strings.HasPrefix(name, "ssm:") {
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

// weigh evaluates preconditions: unmet is one that does not hold here, unknown
// one that cannot be evaluated. The wording is the SSM Agent's.
func weigh(all map[string][]string, values map[string]any) (unmet, unknown string) {
	var no, what []string
	for _, operator := range slices.Sorted(maps.Keys(all)) {
		operands := all[operator]
		if operator != "StringEquals" {
			what = append(what, fmt.Sprintf("unrecognized operator: %q", operator))
			continue
		}
		if len(operands) != 2 {
			what = append(what, fmt.Sprintf("%q: operator accepts exactly 2 arguments", operator))
			continue
		}
		holds, problem := stringEquals(operands[0], operands[1], values)
		switch {
		case problem != "":
			what = append(what, fmt.Sprintf("%q: %s", operator, problem))
		case !holds:
			no = append(no, fmt.Sprintf("%q: [%s, %s]", operator, operands[0], operands[1]))
		}
	}
	if len(no) > 0 {
		return strings.Join(append(no, what...), ", "), ""
	}
	return "", strings.Join(what, ", ")
}

const platformType = "platformType"

func stringEquals(a, b string, values map[string]any) (holds bool, problem string) {
	if a == b {
		return false, "operator's arguments can't be identical"
	}
	left, err := substitute(a, values)
	if err != nil {
		return false, "operator's arguments can't contain SSM parameters"
	}
	right, err := substitute(b, values)
	if err != nil {
		return false, "operator's arguments can't contain SSM parameters"
	}
	if a == platformType || b == platformType {
		other, filled := b, written(right)
		if b == platformType {
			other, filled = a, written(left)
		}
		if other != filled {
			return false, "the second argument for the platformType variable can't contain document parameters"
		}
		return strings.EqualFold(other, "linux"), ""
	}
	if written(left) == a && written(right) == b {
		return false, "at least one of operator's arguments must contain a valid document parameter"
	}
	return written(left) == written(right), ""
}
