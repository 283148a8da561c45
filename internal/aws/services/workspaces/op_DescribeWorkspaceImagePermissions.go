package workspaces

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeWorkspaceImagePermissions lists the accounts that an image is shared
// with, in their order.
func (s *Service) DescribeWorkspaceImagePermissions(ctx context.Context, in *workspaces.DescribeWorkspaceImagePermissionsInput) (*workspaces.DescribeWorkspaceImagePermissionsOutput, error) {
	const operation = "DescribeWorkspaceImagePermissions"
	from, err := after(operation, in.NextToken)
	if err != nil {
		return nil, err
	}
	var i *Image
	err = s.store.View(ctx, func(tx *store.Tx) error {
		i, err = findImage(tx, store.In(api.CallFrom(ctx).Place()), text(in.ImageId))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &workspaces.DescribeWorkspaceImagePermissionsOutput{ImageId: &i.ID, ImagePermissions: []types.ImagePermission{}}
	var shares []string
	shares, out.NextToken = sharedWith(operation, i.Shares, from, limitOf(in.MaxResults))
	for _, account := range shares {
		out.ImagePermissions = append(out.ImagePermissions, types.ImagePermission{SharedAccountId: &account})
	}
	return out, nil
}

func (s *Service) describeWorkspaceImagePermissionsChecks(ctx context.Context, in *workspaces.DescribeWorkspaceImagePermissionsInput) ([]api.Check, error) {
	return s.onImage(ctx, "workspaces:DescribeWorkspaceImagePermissions", in.ImageId)
}
