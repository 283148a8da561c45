package automation

import (
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// show is an execution as GetAutomationExecution answers it.
func (x *execution) show(book *runbook, all map[int]*step, t tally) (*types.AutomationExecution, error) {
	variables, err := listed(x.Variables)
	if err != nil {
		return nil, err
	}
	out := &types.AutomationExecution{
		AutomationExecutionId: &x.ID, DocumentName: &x.Document, DocumentVersion: &x.Version, ExecutionStartTime: &x.Started,
		AutomationExecutionStatus: x.Status, Parameters: x.Parameters, Outputs: x.Outputs, Mode: x.Mode, ExecutedBy: &x.By,
		FailureMessage: api.Optional(x.Failure), ParentAutomationExecutionId: api.Optional(x.Parent), Target: api.Optional(x.Target),
		CurrentStepName: api.Optional(x.Step), StepExecutions: []types.StepExecution{}, Variables: variables,
	}
	out.AlarmConfiguration, out.TriggeredAlarms = x.Guard.Shown()
	if !x.Ended.IsZero() {
		out.ExecutionEndTime = &x.Ended
	}
	if f := x.Fan; f != nil {
		out.TargetParameterName, out.MaxConcurrency, out.MaxErrors = api.Optional(f.Parameter), &f.Concurrency, &f.Errors
		out.Targets, out.TargetMaps = f.shownTargets(), f.Maps
		out.ResolvedTargets = &types.ResolvedTargets{ParameterValues: f.Values}
		out.ProgressCounters = &types.ProgressCounters{
			TotalSteps: int32(f.size()), SuccessSteps: int32(t.success), FailedSteps: int32(t.failed), CancelledSteps: int32(t.cancelled), TimedOutSteps: int32(t.late),
		}
		return out, nil
	}
	if current := book.task(x.Step); current != nil {
		out.CurrentAction = &current.Action
	}
	for _, one := range book.Tasks {
		st, err := one.show(book, all[one.place])
		if err != nil {
			return nil, err
		}
		out.StepExecutions = append(out.StepExecutions, st)
	}
	return out, nil
}

// shownTargets are the targets as they were given.
func (f *fan) shownTargets() []types.Target {
	out := make([]types.Target, 0, len(f.Targets))
	for _, t := range f.Targets {
		out = append(out, types.Target{Key: &t.Key, Values: t.Values})
	}
	return out
}

// metadata is an execution as DescribeAutomationExecutions lists it.
func (x *execution) metadata(action string) types.AutomationExecutionMetadata {
	out := types.AutomationExecutionMetadata{
		AutomationExecutionId: &x.ID, DocumentName: &x.Document, DocumentVersion: &x.Version, AutomationExecutionStatus: x.Status,
		ExecutionStartTime: &x.Started, ExecutedBy: &x.By, LogFile: new(""), Outputs: x.Outputs, Mode: x.Mode, FailureMessage: api.Optional(x.Failure),
		ParentAutomationExecutionId: api.Optional(x.Parent), CurrentStepName: api.Optional(x.Step), CurrentAction: api.Optional(action),
		Target: api.Optional(x.Target), Targets: []types.Target{}, AutomationType: types.AutomationTypeLocal,
		ResolvedTargets: &types.ResolvedTargets{ParameterValues: []string{}},
	}
	out.AlarmConfiguration, out.TriggeredAlarms = x.Guard.Shown()
	if out.Outputs == nil {
		out.Outputs = map[string][]string{}
	}
	if !x.Ended.IsZero() {
		out.ExecutionEndTime = &x.Ended
	}
	if f := x.Fan; f != nil {
		out.TargetParameterName, out.MaxConcurrency, out.MaxErrors = api.Optional(f.Parameter), &f.Concurrency, &f.Errors
		out.Targets, out.TargetMaps = f.shownTargets(), f.Maps
		out.ResolvedTargets.ParameterValues = f.Values
	}
	return out
}

// show is a step as answers have it; st is nil for one that has not begun.
func (t *task) show(book *runbook, st *step) (types.StepExecution, error) {
	out := types.StepExecution{
		StepName: &t.Name, Action: &t.Action, StepStatus: types.AutomationExecutionStatusPending, IsEnd: new(bool(t.End)), IsCritical: new(t.critical()),
		OnFailure: api.Optional(t.OnFailure), NextStep: api.Optional(t.Next), ValidNextSteps: book.ways(t),
		Inputs: map[string]string{}, Outputs: map[string][]string{},
	}
	if n, err := strconv.ParseInt(text(t.Timeout), 10, 64); err == nil {
		out.TimeoutSeconds = &n
	}
	if n, err := strconv.ParseInt(text(t.Attempts), 10, 32); err == nil {
		out.MaxAttempts = new(int32(n))
	}
	if st == nil {
		return out, nil
	}
	out.StepExecutionId, out.StepStatus, out.ExecutionStartTime = &st.ID, st.Status, &st.Started
	out.Inputs, out.Response, out.ResponseCode, out.FailureMessage = st.Inputs, api.Optional(st.Response), api.Optional(st.Code), api.Optional(st.Failure)
	if !st.Ended.IsZero() {
		out.ExecutionEndTime = &st.Ended
	}
	if st.Failure != "" {
		out.FailureDetails = &types.FailureDetails{FailureStage: &st.Stage, FailureType: new("Action")}
	}
	var err error
	out.Outputs, err = listed(st.Values)
	return out, err
}

// ways are the steps that a step may lead to.
func (b *runbook) ways(t *task) []string {
	out := []string{}
	add := func(name string) {
		if b.task(name) != nil && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if choices, ok := t.Inputs["Choices"].([]any); ok && t.Action == "aws:branch" {
		for _, c := range choices {
			choice, _ := c.(map[string]any)
			add(text(choice["NextStep"]))
		}
		add(text(t.Inputs["Default"]))
	}
	switch {
	case bool(t.End):
	case t.Next != "":
		add(t.Next)
	default:
		add(b.after(t))
	}
	return out
}

// book returns the runbook of an execution.
func book(tx *store.Tx, scope store.Scope, execution string) (*runbook, error) {
	c, err := contents.Get(tx, scope, execution)
	if err != nil {
		return nil, err
	}
	return read(c.JSON)
}

// progress reads an execution with its runbook and the steps that have begun; its
// errors are the API's.
func progress(tx *store.Tx, scope store.Scope, id string) (x *execution, b *runbook, all map[int]*step, err error) {
	if x, err = find(tx, scope, id); err != nil {
		return nil, nil, nil, err
	}
	if b, err = book(tx, scope, id); err != nil {
		return nil, nil, nil, err
	}
	all, err = stepsOf(tx, scope, id)
	return x, b, all, err
}
