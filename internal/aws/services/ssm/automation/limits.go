package automation

import (
	"encoding/json"
	"fmt"
	"time"
)

// AWS bounds how many automations run and says nothing of what one of them may
// take. These bounds are ours: a runbook that goes in a circle, or whose values
// are made of themselves, must not take the machine.
const (
	// quick is how many attempts of steps an execution makes as fast as it can;
	// from then on each of them waits for pace.
	quick = 1000
	pace  = time.Second
	// mostSteps is how many it makes at all: at that pace, those of a day.
	mostSteps = 86_400
	// mostKept bounds the inputs and outputs of an execution's steps and its
	// variables together, in bytes.
	mostKept = 1 << 20
)

// tooLarge reports what goes beyond mostKept.
func tooLarge() error {
	return fmt.Errorf("the inputs and outputs of the steps and the variables are more than %d bytes", mostKept)
}

// spare is how many bytes an execution has left for its present step.
func (r *run) spare(all map[int]*step) int {
	left := mostKept - size(r.x.Variables)
	for _, st := range all {
		if st != r.st || over(st.Status) {
			left -= len(st.Given) + size(st.Values)
		}
	}
	return left
}

// bound makes a verdict on values that are too large a failure.
func (r *run) bound(v *verdict) error {
	values, err := raw(v.values)
	if err != nil {
		return err
	}
	updates, err := raw(v.updates)
	if err != nil {
		return err
	}
	if size(values)+size(updates)+len(r.st.Given) > r.left {
		*v = failed(stageOutcome, "%s", tooLarge())
	}
	return nil
}

func size(values map[string]json.RawMessage) int {
	n := 0
	for name, v := range values {
		n += len(name) + len(v)
	}
	return n
}
