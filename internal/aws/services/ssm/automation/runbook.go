package automation

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tamachi/internal/aws/services/ssm/parameter"
)

// runbook is the content of a document of the type Automation. Source: User
// Guide, "Systems Manager Automation actions reference" and "Data elements and
// parameters".
type runbook struct {
	AssumeRole string              `json:"assumeRole"`
	Parameters parameter.Set       `json:"parameters"`
	Variables  map[string]variable `json:"variables"`
	Tasks      []*task             `json:"mainSteps"`
	Outputs    []string            `json:"outputs"`
}

// variable is a value that steps may change.
type variable struct {
	Type    string `json:"type"`
	Default any    `json:"default"`
}

// task is a step as the runbook has it.
type task struct {
	Name      string         `json:"name"`
	Action    string         `json:"action"`
	Inputs    map[string]any `json:"inputs"`
	Outputs   []output       `json:"outputs"`
	OnFailure string         `json:"onFailure"`
	OnCancel  string         `json:"onCancel"`
	Next      string         `json:"nextStep"`
	End       flag           `json:"isEnd"`
	Critical  *flag          `json:"isCritical"`
	Attempts  any            `json:"maxAttempts"`
	Timeout   any            `json:"timeoutSeconds"`
	place     int
}

// output is a value that a step takes out of an answer.
type output struct {
	Name     string `json:"Name"`
	Selector string `json:"Selector"`
	Type     string `json:"Type"`
}

// flag is a truth that documents write as such or as its text.
type flag bool

// UnmarshalJSON reads either.
func (f *flag) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseBool(strings.Trim(string(b), `"`))
	if err != nil {
		return fmt.Errorf("%s is neither true nor false", b)
	}
	*f = flag(v)
	return nil
}

// read reads a runbook; numbers stay as they are written.
func read(text []byte) (*runbook, error) {
	b := &runbook{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(b); err != nil {
		return nil, err
	}
	for i, t := range b.Tasks {
		if t == nil {
			return nil, fmt.Errorf("step %d is nothing", i+1)
		}
		t.place = i
	}
	if len(b.Tasks) == 0 {
		return nil, errors.New("it has no steps")
	}
	return b, nil
}

// task finds a step by its name.
func (b *runbook) task(name string) *task {
	i := slices.IndexFunc(b.Tasks, func(t *task) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return b.Tasks[i]
}

// after is the name of the step that is written behind one, "" for none.
func (b *runbook) after(t *task) string {
	if t.place+1 < len(b.Tasks) {
		return b.Tasks[t.place+1].Name
	}
	return ""
}

// critical tells whether the step's failure is the automation's. Source: User
// Guide, "Properties shared by all actions".
func (t *task) critical() bool {
	if t.Critical != nil {
		return bool(*t.Critical)
	}
	return t.OnFailure != "Continue"
}

// refusal says why a runbook can't be carried out here, "" when it can.
func (b *runbook) refusal() string {
	for _, t := range b.Tasks {
		if _, ok := actions[t.Action]; !ok {
			return fmt.Sprintf("Step %s of the runbook has the action %s, which can't be run here.", t.Name, t.Action)
		}
	}
	return ""
}
