package statemanager

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// DescribeAssociationExecutionTargets lists the nodes of a round.
func (s *Service) DescribeAssociationExecutionTargets(ctx context.Context, in *ssm.DescribeAssociationExecutionTargetsInput) (*ssm.DescribeAssociationExecutionTargetsOutput, error) {
	const operation = "DescribeAssociationExecutionTargets"
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeAssociationExecutionTargetsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.AssociationExecutionTargets = []types.AssociationExecutionTarget{}
		if _, err := find(tx, scope, *in.AssociationId); err != nil {
			return err
		}
		found, err := executions.First(tx, scope, "id", *in.AssociationId+":"+*in.ExecutionId)
		if errors.Is(err, store.ErrNotFound) {
			return &types.AssociationExecutionDoesNotExist{Message: new("The specified execution ID doesn't exist. Verify the ID number and try again.")}
		}
		if err != nil {
			return err
		}
		key := executions.Key(found)
		read := func(p store.Page) ([]*target, error) { return targets.By(tx, scope, "execution", key, p) }
		out.NextToken, err = collect(operation, limit, store.Page{After: after}, &targets, read, func(t *target) (bool, error) {
			if slices.ContainsFunc(in.Filters, func(f types.AssociationExecutionTargetsFilter) bool { return !t.fits(f) }) {
				return false, nil
			}
			out.AssociationExecutionTargets = append(out.AssociationExecutionTargets, t.show(found.ID))
			return true, nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (t *target) fits(f types.AssociationExecutionTargetsFilter) bool {
	switch f.Key {
	case types.AssociationExecutionTargetsFilterKeyResourceId:
		return t.Node == *f.Value
	case types.AssociationExecutionTargetsFilterKeyResourceType:
		return *f.Value == resourceType
	}
	return t.Details == *f.Value || broad(t.Details) == *f.Value
}

func (s *Service) describeAssociationExecutionTargetsChecks(ctx context.Context, in *ssm.DescribeAssociationExecutionTargetsInput) ([]api.Check, error) {
	return s.onAssociation(ctx, "ssm:DescribeAssociationExecutionTargets", *in.AssociationId)
}
