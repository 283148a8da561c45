package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// DescribeAccountModifications lists how the use of the account's own licences
// was changed: never, for there are none to bring.
func (s *Service) DescribeAccountModifications(context.Context, *workspaces.DescribeAccountModificationsInput) (*workspaces.DescribeAccountModificationsOutput, error) {
	return &workspaces.DescribeAccountModificationsOutput{AccountModifications: []types.AccountModification{}}, nil
}

func (s *Service) describeAccountModificationsChecks(context.Context, *workspaces.DescribeAccountModificationsInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeAccountModifications"), nil
}
