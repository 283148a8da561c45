package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeAccount tells whether the account brings its own licences, and which
// range is set apart for the management of its desktops.
func (s *Service) DescribeAccount(ctx context.Context, _ *workspaces.DescribeAccountInput) (*workspaces.DescribeAccountOutput, error) {
	out := &workspaces.DescribeAccountOutput{DedicatedTenancySupport: types.DedicatedTenancySupportResultEnumDisabled}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		l, err := licenceOf(tx, store.In(api.CallFrom(ctx).Place()))
		if l != nil {
			out.DedicatedTenancySupport, out.DedicatedTenancyManagementCidrRange = types.DedicatedTenancySupportResultEnumEnabled, &l.Range
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) describeAccountChecks(context.Context, *workspaces.DescribeAccountInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeAccount"), nil
}
