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

// DescribePatchBaselines lists baselines, AWS's and the account's.
func (s *Service) DescribePatchBaselines(ctx context.Context, in *ssm.DescribePatchBaselinesInput) (*ssm.DescribePatchBaselinesOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	out := &ssm.DescribePatchBaselinesOutput{BaselineIdentities: []types.PatchBaselineIdentity{}}
	if err := knownKeys(in.Filters, "NAME_PREFIX", "OWNER", "OPERATING_SYSTEM"); err != nil {
		return nil, err
	}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		all, err := every(tx, scope)
		if err != nil {
			return err
		}
		sortByID(all)
		all = slices.DeleteFunc(all, func(b *baseline) bool { return !b.fits(in.Filters) })
		some, next, err := page("DescribePatchBaselines", all, func(b *baseline) string { return b.ID }, in.NextToken, in.MaxResults)
		if err != nil {
			return err
		}
		out.NextToken = next
		for _, b := range some {
			i, err := b.identity(tx, scope)
			if err != nil {
				return err
			}
			out.BaselineIdentities = append(out.BaselineIdentities, i)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// fits tells whether a baseline meets the filters of its lists.
func (b *baseline) fits(filters []types.PatchOrchestratorFilter) bool {
	return !slices.ContainsFunc(filters, func(f types.PatchOrchestratorFilter) bool {
		return !slices.ContainsFunc(f.Values, func(v string) bool {
			switch aws.ToString(f.Key) {
			case "NAME_PREFIX":
				return strings.HasPrefix(b.Name, v)
			case "OWNER":
				return b.Predefined == (v == "AWS") && (v == "AWS" || v == "Self")
			}
			return b.OS == v
		})
	})
}

// knownKeys refuses a filter that a list does not have.
func knownKeys(filters []types.PatchOrchestratorFilter, keys ...string) error {
	for _, f := range filters {
		if !slices.Contains(keys, aws.ToString(f.Key)) {
			return invalid("The filter key " + aws.ToString(f.Key) + " isn't valid. Valid are " + strings.Join(keys, ", ") + ".")
		}
	}
	return nil
}

func (s *Service) describePatchBaselinesChecks(context.Context, *ssm.DescribePatchBaselinesInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribePatchBaselines"), nil
}
