package automation

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeAutomationStepExecutions lists the steps of an execution in the order
// of its runbook.
func (s *Service) DescribeAutomationStepExecutions(ctx context.Context, in *ssm.DescribeAutomationStepExecutionsInput) (*ssm.DescribeAutomationStepExecutionsOutput, error) {
	const operation = "DescribeAutomationStepExecutions"
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeAutomationStepExecutionsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		x, b, all, err := progress(tx, scope, *in.AutomationExecutionId)
		if err != nil {
			return err
		}
		fit := []types.StepExecution{}
		tasks := b.Tasks
		if x.Fan != nil {
			tasks = nil // its children have them
		}
		if in.ReverseOrder != nil && *in.ReverseOrder {
			slices.Reverse(tasks)
		}
		if i := slices.IndexFunc(tasks, func(t *task) bool { return t.Name == after }); i >= 0 {
			tasks = tasks[i+1:]
		}
		for _, t := range tasks {
			one, err := t.show(b, all[t.place])
			if err != nil {
				return err
			}
			is, err := fitsStep(one, in.Filters)
			if err != nil {
				return err
			}
			if is {
				fit = append(fit, one)
			}
		}
		out.StepExecutions, out.NextToken = api.Cut(operation, fit, limit, func(st types.StepExecution) string { return *st.StepName })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// fitsStep tells whether a step passes all filters.
func fitsStep(st types.StepExecution, filters []types.StepExecutionFilter) (bool, error) {
	for _, f := range filters {
		fits := false
		switch f.Key {
		case types.StepExecutionFilterKeyStepName:
			fits = slices.Contains(f.Values, *st.StepName)
		case types.StepExecutionFilterKeyAction:
			fits = slices.Contains(f.Values, *st.Action)
		case types.StepExecutionFilterKeyStepExecutionStatus:
			fits = slices.Contains(f.Values, string(st.StepStatus))
		case types.StepExecutionFilterKeyStepExecutionId:
			fits = st.StepExecutionId != nil && slices.Contains(f.Values, *st.StepExecutionId)
		case types.StepExecutionFilterKeyStartTimeBefore, types.StepExecutionFilterKeyStartTimeAfter:
			at, err := filterTime(string(f.Key), f.Values)
			if err != nil {
				return false, err
			}
			before := f.Key == types.StepExecutionFilterKeyStartTimeBefore
			fits = st.ExecutionStartTime != nil && st.ExecutionStartTime.Before(at) == before
		default: // steps of loops, which are not here
		}
		if !fits {
			return false, nil
		}
	}
	return true, nil
}

func (s *Service) describeAutomationStepExecutionsChecks(ctx context.Context, in *ssm.DescribeAutomationStepExecutionsInput) ([]api.Check, error) {
	return s.onExecution(ctx, "ssm:DescribeAutomationStepExecutions", *in.AutomationExecutionId), nil
}
