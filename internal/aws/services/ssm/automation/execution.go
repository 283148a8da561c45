package automation

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/aws/services/ssm/history"
	"tamachi/internal/store"
)

// execution is one run of a runbook, or of one for each of many targets.
type execution struct {
	ID         string // begins with the time it was started
	Document   string
	Version    string
	Started    time.Time
	Ended      time.Time `json:",omitzero"`
	Status     types.AutomationExecutionStatus
	Parameters map[string][]string        `json:",omitempty"` // defaults among them
	Variables  map[string]json.RawMessage `json:",omitempty"`
	Outputs    map[string][]string        `json:",omitempty"`
	Failure    string                     `json:",omitempty"`
	Mode       types.ExecutionMode

	By     string // ARN
	Role   string `json:",omitempty"` // ARN of what it assumes
	Caller api.Caller
	Tags   map[string]string `json:",omitempty"`
	Guard  *alarm.Guard      `json:",omitempty"`
	Token  string            `json:",omitempty"` // of the request
	Asked  string            `json:",omitempty"` // what the request with the token asked for

	Parent string `json:",omitempty"`
	Depth  int    `json:",omitempty"` // how many started one another above it
	Target string `json:",omitempty"` // of a child of a fan
	Fan    *fan   `json:",omitempty"`

	Step   string                          `json:",omitempty"` // its present one
	Wait   wait                            `json:",omitzero"`
	Go     bool                            `json:",omitempty"` // interactive: its next step may begin
	Pokes  int                             `json:",omitempty"` // how often somebody asked something of it,
	Seen   int                             `json:",omitempty"` // and how many of these it has looked at
	Stop   types.StopType                  `json:",omitempty"` // somebody wants it to end
	Ending time.Time                       `json:",omitzero"`  // the steps after a cancel end then
	Worst  types.AutomationExecutionStatus `json:",omitempty"` // of its critical steps that did not succeed
	Steps  int                             `json:",omitempty"` // how many attempts of steps have ended
}

// wait is what an execution waits for.
type wait struct {
	Until     time.Time `json:",omitzero"`
	Command   string    `json:",omitempty"`
	Execution string    `json:",omitempty"`
}

// executions lie in the order of their ids, which is that of their starts.
var executions = store.Table[execution]{
	Name: "ssm.automations", Reach: store.Regional,
	Key: func(x *execution) string { return x.ID },
	Indexes: map[string]func(*execution) string{
		"open": func(x *execution) string {
			if x.over() {
				return ""
			}
			return "yes"
		},
		"parent": func(x *execution) string { return x.Parent },
		"token":  func(x *execution) string { return x.Token },
		"day":    func(x *execution) string { return history.Day(x.Started) },
	},
}

// content is the runbook of an execution as it was when it started.
type content struct {
	Execution string
	JSON      json.RawMessage
}

var contents = store.Table[content]{
	Name: "ssm.automation-contents", Reach: store.Regional,
	Key: func(c *content) string { return c.Execution },
}

// over tells a status that does not change any more.
func over(s types.AutomationExecutionStatus) bool {
	switch s {
	case types.AutomationExecutionStatusSuccess, types.AutomationExecutionStatusFailed, types.AutomationExecutionStatusTimedout, types.AutomationExecutionStatusCancelled:
		return true
	}
	return false
}

func (x *execution) over() bool { return over(x.Status) }

// turn gives the execution a status on its way; one that is being cancelled
// keeps saying so.
func (x *execution) turn(to types.AutomationExecutionStatus, w wait) {
	if x.Stop == types.StopTypeCancel {
		to = types.AutomationExecutionStatusCancelling
	}
	x.Status, x.Wait = to, w
}

// arn is the execution's.
func (x *execution) arn(scope store.Scope) string { return executionARN(scope, x.ID) }

func executionARN(scope store.Scope, id string) string {
	return arn.New("ssm", scope.Region, scope.Account, "automation-execution/"+id).String()
}

// actor is in whose name it acts.
func (x *execution) actor(scope store.Scope) Actor {
	return Actor{Account: scope.Account, Region: scope.Region, Execution: x.arn(scope), Role: x.Role, Caller: x.Caller}
}

// find returns an execution, or the API's error.
func find(tx *store.Tx, scope store.Scope, id string) (*execution, error) {
	x, err := executions.Get(tx, scope, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.AutomationExecutionNotFoundException{Message: new("Automation execution " + id + " doesn't exist.")}
	}
	return x, err
}

// onExecution is the check of an action on an execution.
func (s *Service) onExecution(ctx context.Context, action, id string) []api.Check {
	scope := store.In(api.CallFrom(ctx).Place())
	return []api.Check{{Action: action, Resource: executionARN(scope, id), LazyTags: func() (tags map[string]string, err error) {
		err = s.st.View(ctx, func(tx *store.Tx) error {
			x, err := executions.Get(tx, scope, id)
			if errors.Is(err, store.ErrNotFound) {
				return nil // the check is on its id alone
			}
			if err == nil {
				tags = x.Tags
			}
			return err
		})
		return tags, err
	}}}
}
