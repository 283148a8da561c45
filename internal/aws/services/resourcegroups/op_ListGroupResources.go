package resourcegroups

import (
	"context"
	"slices"

	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"

	"tamachi/internal/aws/api"
)

// ListGroupResources lists what a group holds now.
func (s *Service) ListGroupResources(ctx context.Context, in *rg.ListGroupResourcesInput) (*rg.ListGroupResourcesOutput, error) {
	g, err := s.look(ctx, in.GroupName, in.Group) //nolint:staticcheck // deprecated, and clients still use it
	if err != nil {
		return nil, err
	}
	q, err := readQuery(g.Query)
	if err != nil {
		return nil, err
	}
	for _, f := range in.Filters { // resource-type is the only one
		q.limit(f.Values)
	}
	page, next, err := s.found(ctx, "ListGroupResources "+g.Name, q, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &rg.ListGroupResourcesOutput{ResourceIdentifiers: page, Resources: []types.ListGroupResourcesItem{}, NextToken: next, QueryErrors: []types.QueryError{}} //nolint:staticcheck // deprecated, and clients still use it
	for _, r := range page {
		out.Resources = append(out.Resources, types.ListGroupResourcesItem{Identifier: &r})
	}
	return out, nil
}

// limit leaves only types of a query that are among those wanted.
func (q *Query) limit(wanted []string) {
	if slices.Contains(q.ResourceTypeFilters, allSupported) {
		q.ResourceTypeFilters = wanted
		return
	}
	q.ResourceTypeFilters = slices.DeleteFunc(q.ResourceTypeFilters, func(kind string) bool { return !slices.Contains(wanted, kind) })
}

// AWS asks for the right to find resources too, and for those of CloudFormation,
// which is not here.
func (s *Service) listGroupResourcesChecks(ctx context.Context, in *rg.ListGroupResourcesInput) ([]api.Check, error) {
	return append(api.OnAny("tag:GetResources"), s.on(ctx, "resource-groups:ListGroupResources", in.GroupName, in.Group)), nil //nolint:staticcheck // deprecated, and clients still use it
}
