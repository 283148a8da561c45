package resourcegroups

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	rg "github.com/aws/aws-sdk-go-v2/service/resourcegroups"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroups/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListGroups lists the groups of the account in the Region by name.
func (s *Service) ListGroups(ctx context.Context, in *rg.ListGroupsInput) (*rg.ListGroupsOutput, error) {
	after, limit, err := pageAt("ListGroups", in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	var list []*group
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = groups.List(tx, store.In(api.CallFrom(ctx).Place()), store.Page{After: after})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &rg.ListGroupsOutput{GroupIdentifiers: []types.GroupIdentifier{}, Groups: []types.Group{}} //nolint:staticcheck // deprecated, and clients still use it
	for _, g := range list {
		if slices.ContainsFunc(in.Filters, func(f types.GroupFilter) bool { return !g.passes(f) }) {
			continue
		}
		if n := len(out.Groups); n == limit { //nolint:staticcheck // deprecated, and clients still use it
			out.NextToken = new(api.Token("ListGroups", *out.Groups[n-1].Name)) //nolint:staticcheck // deprecated, and clients still use it
			break
		}
		shown := g.shown()
		out.Groups = append(out.Groups, *shown) //nolint:staticcheck // deprecated, and clients still use it
		out.GroupIdentifiers = append(out.GroupIdentifiers, types.GroupIdentifier{
			GroupName: shown.Name, GroupArn: shown.GroupArn, Description: g.Description,
			Owner: g.Owner, DisplayName: g.DisplayName, Criticality: g.Criticality,
		})
	}
	return out, nil
}

// passes tells whether a group fits one of the values of a filter. No group
// here has a configuration.
func (g *group) passes(f types.GroupFilter) bool {
	switch f.Name {
	case types.GroupFilterNameResourceType:
		q, err := readQuery(g.Query)
		return err == nil && slices.ContainsFunc(f.Values, func(kind string) bool {
			return slices.Contains(q.ResourceTypeFilters, kind)
		})
	case types.GroupFilterNameOwner:
		return slices.Contains(f.Values, aws.ToString(g.Owner))
	case types.GroupFilterNameDisplayName:
		return slices.Contains(f.Values, aws.ToString(g.DisplayName))
	case types.GroupFilterNameCriticality:
		return slices.Contains(f.Values, rank(g.Criticality))
	default:
		return false
	}
}

func (s *Service) listGroupsChecks(context.Context, *rg.ListGroupsInput) ([]api.Check, error) {
	return api.OnAny("resource-groups:ListGroups"), nil
}
