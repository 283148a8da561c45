package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// DescribeWorkspaceBundles lists bundles by id, or those of the owner AMAZON.
// Without either it lists those that belong to the account: none yet. The list
// fits one page; a token is refused as no list here gives one.
func (s *Service) DescribeWorkspaceBundles(_ context.Context, in *workspaces.DescribeWorkspaceBundlesInput) (*workspaces.DescribeWorkspaceBundlesOutput, error) {
	if len(in.BundleIds) > 0 && in.Owner != nil {
		return nil, invalid("You can specify BundleIds or Owner, but not both.")
	}
	if in.NextToken != nil {
		return nil, invalid("The specified NextToken is invalid.")
	}
	out := &workspaces.DescribeWorkspaceBundlesOutput{Bundles: []types.WorkspaceBundle{}}
	for _, b := range catalogue {
		if slices.Contains(in.BundleIds, b.ID) || text(in.Owner) == owner {
			out.Bundles = append(out.Bundles, b.describe())
		}
	}
	return out, nil
}

func (s *Service) describeWorkspaceBundlesChecks(context.Context, *workspaces.DescribeWorkspaceBundlesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaceBundles"), nil
}
