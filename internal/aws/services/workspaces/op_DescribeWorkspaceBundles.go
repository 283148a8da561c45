package workspaces

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
)

// DescribeWorkspaceBundles lists bundles by id, those of the owner AMAZON, or
// without either those that belong to the account, in the order of their ids.
func (s *Service) DescribeWorkspaceBundles(ctx context.Context, in *workspaces.DescribeWorkspaceBundlesInput) (*workspaces.DescribeWorkspaceBundlesOutput, error) {
	if len(in.BundleIds) > 0 && in.Owner != nil {
		return nil, invalid("You can specify BundleIds or Owner, but not both.")
	}
	out := &workspaces.DescribeWorkspaceBundlesOutput{Bundles: []types.WorkspaceBundle{}}
	for _, b := range catalogue {
		if in.NextToken == nil && (slices.Contains(in.BundleIds, b.ID) || text(in.Owner) == owner) {
			out.Bundles = append(out.Bundles, b.describe())
		}
	}
	call := api.CallFrom(ctx)
	found, token, err := pageOf(ctx, s, &bundles, "DescribeWorkspaceBundles", in.NextToken, nil, func(b *CustomBundle) bool {
		if len(in.BundleIds) > 0 {
			return slices.Contains(in.BundleIds, b.ID)
		}
		return in.Owner == nil || *in.Owner == call.Account
	})
	if err != nil {
		return nil, err
	}
	for _, b := range found {
		out.Bundles = append(out.Bundles, b.describe(call.Account))
	}
	out.NextToken = token
	return out, nil
}

func (s *Service) describeWorkspaceBundlesChecks(context.Context, *workspaces.DescribeWorkspaceBundlesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaceBundles"), nil
}
