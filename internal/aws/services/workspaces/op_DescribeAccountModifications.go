package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeAccountModifications lists how the use of the account's own licences
// was changed, the latest first. A change is done when the call returns.
func (s *Service) DescribeAccountModifications(ctx context.Context, in *workspaces.DescribeAccountModificationsInput) (*workspaces.DescribeAccountModificationsOutput, error) {
	if in.NextToken != nil { // there is but one page
		return nil, invalidToken()
	}
	out := &workspaces.DescribeAccountModificationsOutput{AccountModifications: []types.AccountModification{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		l, err := licenceOf(tx, store.In(api.CallFrom(ctx).Place()))
		if l == nil {
			return err
		}
		for _, c := range slices.Backward(l.Changes) {
			out.AccountModifications = append(out.AccountModifications, c.describe())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) describeAccountModificationsChecks(context.Context, *workspaces.DescribeAccountModificationsInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeAccountModifications"), nil
}
