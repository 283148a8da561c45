package automation

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// step is a step of an execution that has begun.
type step struct {
	Execution string
	Place     int // in the runbook
	ID        string
	Name      string
	Action    string
	Status    types.AutomationExecutionStatus
	Started   time.Time
	Ended     time.Time         `json:",omitzero"`
	Inputs    map[string]string `json:",omitempty"` // as answers show them
	Given     json.RawMessage   // the inputs as they are, references filled in
	// Values are what later steps may refer to.
	Values   map[string]json.RawMessage `json:",omitempty"`
	Code     string                     `json:",omitempty"`
	Response string                     `json:",omitempty"`
	Failure  string                     `json:",omitempty"`
	Stage    string                     `json:",omitempty"` // of the failure
	Next     string                     `json:",omitempty"` // where it led

	Attempt  int
	Deadline time.Time `json:",omitzero"`
	Request  string    // id of the call that it makes
	Begun    bool      `json:",omitempty"` // the call was made, or the wait begun
	Asked    []vote    `json:",omitempty"`
}

// vote is what somebody said to an approval.
type vote struct {
	By      string
	As      string `json:",omitempty"` // the approver that the step names
	Yes     bool
	Comment string `json:",omitempty"`
	At      time.Time
}

// steps of one execution lie side by side, in the order of its runbook.
var steps = store.Table[step]{
	Name: "ssm.automation-steps", Reach: store.Regional,
	Key: func(st *step) string { return stepKey(st.Execution, st.Place) },
	Indexes: map[string]func(*step) string{
		"request": func(st *step) string { return st.Request },
	},
}

func stepKey(execution string, place int) string { return fmt.Sprintf("%s.%05d", execution, place) }

// of is the part of the table that holds an execution's steps.
func of(execution string) store.Page {
	return store.Page{Min: execution + ".", Max: execution + "/"} // "/" comes after "."
}

// stepsOf are the steps of an execution that have begun, by their places.
func stepsOf(tx *store.Tx, scope store.Scope, execution string) (map[int]*step, error) {
	list, err := steps.List(tx, scope, of(execution))
	out := make(map[int]*step, len(list))
	for _, st := range list {
		out[st.Place] = st
	}
	return out, err
}

// set leaves values for later steps.
func (st *step) set(values map[string]any) error {
	more, err := raw(values)
	if st.Values == nil {
		st.Values = map[string]json.RawMessage{}
	}
	maps.Copy(st.Values, more)
	return err
}

// given are the step's inputs.
func (st *step) given() (map[string]any, error) {
	v, err := value(st.Given)
	given, _ := v.(map[string]any)
	return given, err
}
