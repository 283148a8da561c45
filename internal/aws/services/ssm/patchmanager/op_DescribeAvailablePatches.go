package patchmanager

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeAvailablePatches lists the patches that nodes reported as available.
func (s *Service) DescribeAvailablePatches(ctx context.Context, in *ssm.DescribeAvailablePatchesInput) (*ssm.DescribeAvailablePatchesOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	if err := knownKeys(in.Filters, "NAME", "VERSION", "ARCH", "REPOSITORY", "SEVERITY", "CLASSIFICATION", "PRODUCT", "PRODUCT_FAMILY", "ADVISORY_ID",
		"SECURITY", "SECTION", "PRIORITY", "PATCH_SET", "PATCH_ID", "MSRC_SEVERITY", "OPERATING_SYSTEM"); err != nil {
		return nil, err
	}
	var all []*patch
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		all, err = patches.List(tx, scope, store.Page{})
		return err
	})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(p *patch) bool {
		return slices.ContainsFunc(in.Filters, func(f types.PatchOrchestratorFilter) bool {
			if aws.ToString(f.Key) == "OPERATING_SYSTEM" {
				return !slices.Contains(f.Values, p.OS)
			}
			return !condition{aws.ToString(f.Key), f.Values}.fits(p)
		})
	})
	some, next, err := page("DescribeAvailablePatches", all, patches.Key, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeAvailablePatchesOutput{Patches: []types.Patch{}, NextToken: next}
	for _, p := range some {
		out.Patches = append(out.Patches, *p.describe())
	}
	return out, nil
}

func (s *Service) describeAvailablePatchesChecks(context.Context, *ssm.DescribeAvailablePatchesInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeAvailablePatches"), nil
}
