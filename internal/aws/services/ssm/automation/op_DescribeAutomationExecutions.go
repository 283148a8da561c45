package automation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeAutomationExecutions lists executions, newest first.
func (s *Service) DescribeAutomationExecutions(ctx context.Context, in *ssm.DescribeAutomationExecutionsInput) (*ssm.DescribeAutomationExecutionsOutput, error) {
	const operation = "DescribeAutomationExecutions"
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	if err := checkFilters(in.Filters); err != nil {
		return nil, err
	}
	out := &ssm.DescribeAutomationExecutionsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.AutomationExecutionMetadataList = []types.AutomationExecutionMetadata{}
		w := paging.Walk[execution]{
			Operation: operation, Limit: limit, Filtered: len(in.Filters) > 0, Page: store.Page{Descending: true, After: after}, Key: executions.Key,
			Next: func(p store.Page) ([]*execution, error) { return executions.List(tx, scope, p) },
		}
		out.NextToken, err = w.Collect(func(x *execution) (bool, error) {
			action, err := present(tx, scope, x)
			if err != nil || !x.fits(action, in.Filters) {
				return false, err
			}
			out.AutomationExecutionMetadataList = append(out.AutomationExecutionMetadataList, x.metadata(action))
			return true, nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// present is the action of an execution's present step.
func present(tx *store.Tx, scope store.Scope, x *execution) (string, error) {
	if x.Step == "" {
		return "", nil
	}
	b, err := book(tx, scope, x.ID)
	if err != nil {
		return "", err
	}
	if t := b.task(x.Step); t != nil {
		return t.Action, nil
	}
	return "", nil
}

// checkFilters refuses filters that cannot be read.
func checkFilters(filters []types.AutomationExecutionFilter) error {
	for _, f := range filters {
		switch f.Key {
		case types.AutomationExecutionFilterKeyStartTimeBefore, types.AutomationExecutionFilterKeyStartTimeAfter:
			if _, err := filterTime(string(f.Key), f.Values); err != nil {
				return err
			}
		}
	}
	return nil
}

// filterTime reads the time that a filter names.
func filterTime(key string, values []string) (time.Time, error) {
	if len(values) == 1 {
		if at, err := time.Parse(time.RFC3339, values[0]); err == nil {
			return at, nil
		}
	}
	return time.Time{}, &types.InvalidFilterValue{Message: new(fmt.Sprintf("The filter %s takes one time such as 2024-07-07T00:00:00Z.", key))}
}

// fits tells whether an execution passes all filters.
func (x *execution) fits(action string, filters []types.AutomationExecutionFilter) bool {
	return !slices.ContainsFunc(filters, func(f types.AutomationExecutionFilter) bool { return !x.fitsOne(action, f) })
}

func (x *execution) fitsOne(action string, f types.AutomationExecutionFilter) bool {
	switch f.Key {
	case types.AutomationExecutionFilterKeyDocumentNamePrefix:
		return slices.ContainsFunc(f.Values, func(v string) bool { return strings.HasPrefix(x.Document, v) })
	case types.AutomationExecutionFilterKeyExecutionStatus:
		return slices.Contains(f.Values, string(x.Status))
	case types.AutomationExecutionFilterKeyExecutionId:
		return slices.Contains(f.Values, x.ID)
	case types.AutomationExecutionFilterKeyParentExecutionId:
		return slices.Contains(f.Values, x.Parent)
	case types.AutomationExecutionFilterKeyCurrentAction:
		return slices.Contains(f.Values, action)
	case types.AutomationExecutionFilterKeyAutomationType:
		return slices.Contains(f.Values, string(types.AutomationTypeLocal))
	case types.AutomationExecutionFilterKeyTagKey:
		return slices.ContainsFunc(f.Values, func(v string) bool { _, ok := x.Tags[v]; return ok })
	case types.AutomationExecutionFilterKeyTargetResourceGroup:
		return x.Fan != nil && slices.ContainsFunc(x.Fan.Targets, func(t Target) bool {
			return strings.HasPrefix(strings.ToLower(t.Key), "resource") && slices.ContainsFunc(t.Values, func(v string) bool { return slices.Contains(f.Values, v) })
		})
	case types.AutomationExecutionFilterKeyStartTimeBefore:
		at, err := filterTime("", f.Values)
		return err == nil && x.Started.Before(at)
	case types.AutomationExecutionFilterKeyStartTimeAfter:
		at, err := filterTime("", f.Values)
		return err == nil && !x.Started.Before(at)
	}
	return false // change requests and OpsItems, which are not here
}

func (s *Service) describeAutomationExecutionsChecks(context.Context, *ssm.DescribeAutomationExecutionsInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeAutomationExecutions"), nil
}
