package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// DescribeAccount tells whether the account may bring its own licences: none
// may, for the desktops need none.
func (s *Service) DescribeAccount(context.Context, *workspaces.DescribeAccountInput) (*workspaces.DescribeAccountOutput, error) {
	return &workspaces.DescribeAccountOutput{DedicatedTenancySupport: types.DedicatedTenancySupportResultEnumDisabled}, nil
}

func (s *Service) describeAccountChecks(context.Context, *workspaces.DescribeAccountInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeAccount"), nil
}
