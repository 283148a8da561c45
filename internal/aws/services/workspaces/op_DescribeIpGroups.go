package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeIpGroups lists IP access control groups in the order of their ids.
// Unknown ids are left out.
func (s *Service) DescribeIpGroups(ctx context.Context, in *workspaces.DescribeIpGroupsInput) (*workspaces.DescribeIpGroupsOutput, error) {
	out := &workspaces.DescribeIpGroupsOutput{Result: []types.WorkspacesIpGroup{}}
	found, token, err := pageOf(ctx, s, &ipGroups, "DescribeIpGroups", in.NextToken, in.MaxResults, func(g *IPGroup) bool {
		return len(in.GroupIds) == 0 || slices.Contains(in.GroupIds, g.ID)
	})
	if err != nil {
		return nil, err
	}
	for _, g := range found {
		out.Result = append(out.Result, g.describe())
	}
	out.NextToken = token
	return out, nil
}

func (s *Service) describeIpGroupsChecks(ctx context.Context, in *workspaces.DescribeIpGroupsInput) ([]api.Check, error) {
	if len(in.GroupIds) == 0 {
		return s.onIPGroups(ctx, "workspaces:DescribeIpGroups", "*")
	}
	return s.onIPGroups(ctx, "workspaces:DescribeIpGroups", in.GroupIds...)
}

// pageOf lists a page of the records of a table that are wanted, in the order of
// their keys.
func pageOf[R any](ctx context.Context, s *Service, t *store.Table[R], operation string, token *string, limit *int32, wanted func(*R) bool) (found []*R, next *string, err error) {
	from, err := after(operation, token)
	if err != nil {
		return nil, nil, err
	}
	most := limitOf(limit)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		found, next = nil, nil
		all, err := t.List(tx, store.In(api.CallFrom(ctx).Place()), store.Page{After: from})
		for _, r := range all {
			if !wanted(r) {
				continue
			}
			if len(found) == most {
				next = new(api.Token(operation, t.Key(found[most-1])))
				break
			}
			found = append(found, r)
		}
		return err
	})
	return found, next, err
}
