package statemanager

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeAssociationExecutions lists the rounds of an association, newest
// first.
func (s *Service) DescribeAssociationExecutions(ctx context.Context, in *ssm.DescribeAssociationExecutionsInput) (*ssm.DescribeAssociationExecutionsOutput, error) {
	const operation = "DescribeAssociationExecutions"
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	for _, f := range in.Filters {
		if f.Key == types.AssociationExecutionFilterKeyCreatedTime {
			if _, err := time.Parse(time.RFC3339, *f.Value); err != nil {
				return nil, invalid("The value " + *f.Value + " of the filter CreatedTime is no time such as 2024-07-07T00:00:00Z.")
			}
		} else if f.Type != types.AssociationFilterOperatorTypeEqual {
			return nil, invalid("The filter " + string(f.Key) + " takes the type EQUAL only.")
		}
	}
	out := &ssm.DescribeAssociationExecutionsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.AssociationExecutions = []types.AssociationExecution{}
		a, err := find(tx, scope, *in.AssociationId)
		if err != nil {
			return err
		}
		page := store.Page{Min: a.ID + ":", Max: a.ID + ";", After: after, Descending: true}
		read := func(p store.Page) ([]*execution, error) { return executions.List(tx, scope, p) }
		out.NextToken, err = collect(operation, limit, page, &executions, read, func(e *execution) (bool, error) {
			if slices.ContainsFunc(in.Filters, func(f types.AssociationExecutionFilter) bool { return !e.fits(f) }) {
				return false, nil
			}
			out.AssociationExecutions = append(out.AssociationExecutions, e.show())
			return true, nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (e *execution) fits(f types.AssociationExecutionFilter) bool {
	switch f.Key {
	case types.AssociationExecutionFilterKeyExecutionId:
		return e.ID == *f.Value
	case types.AssociationExecutionFilterKeyStatus:
		status, details := summary(e.Counts)
		return status == *f.Value || details == *f.Value
	}
	t, err := time.Parse(time.RFC3339, *f.Value)
	if err != nil {
		return false
	}
	switch f.Type {
	case types.AssociationFilterOperatorTypeLessThan:
		return e.Created.Before(t)
	case types.AssociationFilterOperatorTypeGreaterThan:
		return e.Created.After(t)
	}
	return e.Created.Truncate(time.Second).Equal(t)
}

func (s *Service) describeAssociationExecutionsChecks(ctx context.Context, in *ssm.DescribeAssociationExecutionsInput) ([]api.Check, error) {
	return s.onAssociation(ctx, "ssm:DescribeAssociationExecutions", *in.AssociationId)
}
