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
	scope := store.In(api.CallFrom(ctx).Place())
	out := &ssm.DescribeAutomationStepExecutionsOutput{}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		x, err := find(tx, scope, *in.AutomationExecutionId)
		if err != nil {
			return err
		}
		b, err := book(tx, scope, x.ID)
		if err != nil {
			return err
		}
		all, err := stepsOf(tx, scope, x.ID)
		if err != nil {
			return err
		}
		fit := []types.StepExecution{}
		for _, t := range b.Tasks {
			if x.Fan != nil {
				break // its children have them
			}
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
		if in.ReverseOrder != nil && *in.ReverseOrder {
			slices.Reverse(fit)
		}
		out.StepExecutions, out.NextToken, err = pageOfSteps(fit, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// pageOfSteps cuts a list of steps, whose order is no order of keys.
func pageOfSteps(all []types.StepExecution, in *ssm.DescribeAutomationStepExecutionsInput) ([]types.StepExecution, *string, error) {
	after, limit, err := paging.Place("DescribeAutomationStepExecutions", in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, nil, err
	}
	if i := slices.IndexFunc(all, func(st types.StepExecution) bool { return *st.StepName == after }); i >= 0 {
		all = all[i+1:]
	}
	page, next := api.Cut("DescribeAutomationStepExecutions", all, limit, func(st types.StepExecution) string { return *st.StepName })
	return page, next, nil
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
