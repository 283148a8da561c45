package runcommand

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Outcome is how a command stands, for what waits for its end.
type Outcome struct {
	Over            bool
	Status, Details string
	Code            int    // of the step that decided it
	Output          string // of the steps of its first node
	Failed          []string
}

// mostFailed is how many nodes an outcome names.
const mostFailed = 10

// Outcome returns how a command stands; its errors are the API's.
func (s *Service) Outcome(tx *store.Tx, scope store.Scope, id string) (Outcome, error) {
	c, err := findCommand(tx, scope, id)
	if err != nil {
		return Outcome{}, err
	}
	status, details := c.status()
	o := Outcome{Over: c.done() == c.Count, Status: string(status), Details: details}
	if !o.Over {
		return o, nil
	}
	list, err := invocations.List(tx, scope, c.all(store.Page{}))
	for n, i := range list {
		if n == 0 {
			o.Output = i.written()
		}
		if i.Details == detailsSuccess {
			continue
		}
		if o.Code == 0 {
			o.Code = i.code()
		}
		if len(o.Failed) < mostFailed {
			o.Failed = append(o.Failed, i.Node+": "+i.Details)
		}
	}
	return o, err
}

// ordered are the steps in the order in which they began.
func (i *invocation) ordered() []nodes.Step {
	return slices.SortedFunc(maps.Values(i.Steps), func(a, b nodes.Step) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), strings.Compare(a.Name, b.Name))
	})
}

// written is what its steps wrote.
func (i *invocation) written() string {
	var out strings.Builder
	for _, step := range i.ordered() {
		out.WriteString(step.Output)
	}
	return out.String()
}

// code is the one of the first step that did not end well; -1 when none says.
func (i *invocation) code() int {
	for _, step := range i.ordered() {
		if step.Code != 0 {
			return step.Code
		}
	}
	return -1
}
