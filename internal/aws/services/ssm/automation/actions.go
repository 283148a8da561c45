package automation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/store"
)

// action is what a step can do.
type action struct {
	// begin makes the step's call or begins its wait. After a kill it may be
	// called again for the same attempt.
	begin func(ctx context.Context, r *run) (verdict, error)
	// look sees whether the wait is over; nil where begin always ends the step.
	look func(ctx context.Context, r *run) (verdict, error)
	// stop ends what begin began; nil where there is nothing to end.
	stop func(ctx context.Context, r *run) error
	// limit is how long the step may take where the runbook says nothing, and
	// most how long it may say; zero is for ever.
	limit, most time.Duration
}

// actions are those that can be run. Source: User Guide, "Systems Manager
// Automation actions reference".
var actions = map[string]action{
	"aws:approve":                    {begin: askApproval, look: lookApproval, limit: 7 * 24 * time.Hour, most: 30 * 24 * time.Hour},
	"aws:assertAwsResourceProperty":  {begin: assertProperty},
	"aws:branch":                     {begin: branch},
	"aws:createTags":                 {begin: createTags},
	"aws:executeAutomation":          {begin: startOther, look: lookOther, stop: stopOther},
	"aws:executeAwsApi":              {begin: callAPI},
	"aws:pause":                      {begin: pause, look: pause},
	"aws:runCommand":                 {begin: sendCommand, look: lookCommand, stop: stopCommand},
	"aws:sleep":                      {begin: sleep, look: sleep},
	"aws:updateVariable":             {begin: updateVariable},
	"aws:waitForAwsResourceProperty": {begin: waitProperty, look: waitProperty, limit: time.Hour},
}

// run is one look at a step that is at work.
type run struct {
	s     *Service
	scope store.Scope
	x     *execution
	book  *runbook
	task  *task
	st    *step
	names *names
	given map[string]any
	left  int  // bytes, for the inputs and outputs of its present step
	again bool // the attempt was interrupted: its call may have been made
	now   time.Time
}

// verdict is what a look at a step found.
type verdict struct {
	status  types.AutomationExecutionStatus // InProgress or Waiting go on
	wait    wait
	values  map[string]any
	updates map[string]any // of variables
	code    string
	answer  string // Response
	next    string // where a branch leads
	last    bool   // a branch leads nowhere
	stage   string // of a failure
	why     string
}

func done(values map[string]any) verdict {
	return verdict{status: types.AutomationExecutionStatusSuccess, values: values}
}

// The stages in which steps fail. Source: User Guide, "Troubleshooting Systems
// Manager Automation".
const (
	stageInputs  = "InputValidation"
	stageCall    = "Invocation"
	stageOutcome = "PollActionStatus"
)

var stageWords = map[string]string{
	stageInputs:  "validating and resolving the step inputs",
	stageCall:    "Execute/Cancelling action",
	stageOutcome: "Poll action status for completion",
}

// failed is a step that did not succeed, in the words of AWS.
func failed(stage, why string, args ...any) verdict {
	return verdict{status: types.AutomationExecutionStatusFailed, stage: stage, why: sentence(stage, fmt.Sprintf(why, args...))}
}

func sentence(stage, why string) string {
	return "Step fails when it is " + stageWords[stage] + ". " + why + ". Please refer to Automation Service Troubleshooting Guide for more diagnosis details."
}

// text is an input that is a text.
func (r *run) text(name string) string { return text(r.given[name]) }

// number is an input that is a number; fallback is for one that is not given.
func (r *run) number(name string, fallback int) (int, error) {
	v, ok := r.given[name]
	if !ok {
		return fallback, nil
	}
	n, err := strconv.Atoi(text(v))
	if err != nil {
		return 0, fmt.Errorf("%s must be a number, not %s", name, encoded(v))
	}
	return n, nil
}

// call makes the step's call, or learns what became of it when it was made
// before a kill. Its failure is the step's: a verdict that is not nil.
func (r *run) call(ctx context.Context, service, operation string, input any) (json.RawMessage, *verdict, error) {
	if r.again {
		out, failure, made, err := r.s.ports.Plane.Made(ctx, r.x.actor(r.scope), r.st.Request, r.st.Started)
		if err != nil {
			return nil, nil, err
		}
		if made && len(out) == 0 { // its answer was not written down any more
			out = json.RawMessage("{}")
		}
		if made {
			return out, r.failure(service, operation, failure), nil
		}
	}
	text, err := json.Marshal(input)
	if err != nil {
		return nil, nil, err
	}
	out, err := r.s.ports.Plane.Call(ctx, r.x.actor(r.scope), r.st.Request, service, operation, text)
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	return out, r.failure(service, operation, err), nil
}

// failure is the verdict on a call that was refused, in the words of AWS.
func (r *run) failure(service, operation string, err error) *verdict {
	if err == nil {
		return nil
	}
	why := err.Error()
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		why = fmt.Sprintf("%s (Service: %s; Error Code: %s; Request ID: %s)", fault.ErrorMessage(), service, fault.ErrorCode(), r.st.Request)
	}
	v := failed(stageCall, "An error occurred when executing %s. Exception Message from %s API: [%s]", r.st.Action, operation, why)
	return &v
}
