package patchmanager

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribePatchGroups lists which patch groups have a baseline of their own.
func (s *Service) DescribePatchGroups(ctx context.Context, in *ssm.DescribePatchGroupsInput) (*ssm.DescribePatchGroupsOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	if err := knownKeys(in.Filters, "NAME_PREFIX", "OPERATING_SYSTEM"); err != nil {
		return nil, err
	}
	out := &ssm.DescribePatchGroupsOutput{Mappings: []types.PatchGroupPatchBaselineMapping{}}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		all, err := groups.List(tx, scope, store.Page{})
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(g *group) bool { return !g.fits(in.Filters) })
		some, next, err := page("DescribePatchGroups", all, groups.Key, in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		out.NextToken = next
		for _, g := range some {
			b, err := mustFind(tx, scope, g.Baseline)
			if err != nil {
				return err
			}
			i, err := b.identity(tx, scope)
			if err != nil {
				return err
			}
			out.Mappings = append(out.Mappings, types.PatchGroupPatchBaselineMapping{PatchGroup: &g.Group, BaselineIdentity: &i})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (g *group) fits(filters []types.PatchOrchestratorFilter) bool {
	return !slices.ContainsFunc(filters, func(f types.PatchOrchestratorFilter) bool {
		return !slices.ContainsFunc(f.Values, func(v string) bool {
			if aws.ToString(f.Key) == "NAME_PREFIX" {
				return strings.HasPrefix(g.Group, v)
			}
			return g.OS == v
		})
	})
}

func (s *Service) describePatchGroupsChecks(context.Context, *ssm.DescribePatchGroupsInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribePatchGroups"), nil
}
