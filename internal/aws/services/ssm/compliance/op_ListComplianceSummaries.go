package compliance

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListComplianceSummaries counts resources by compliance type.
func (s *Service) ListComplianceSummaries(ctx context.Context, in *ssm.ListComplianceSummariesInput) (*ssm.ListComplianceSummariesOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	good, bad := map[string]*count{}, map[string]*count{}
	err := s.st.View(ctx, func(tx *store.Tx) error {
		all, err := s.selected(tx, scope, in.Filters)
		for _, r := range all {
			if good[r.Kind] == nil {
				good[r.Kind], bad[r.Kind] = &count{}, &count{}
			}
			into := good
			if r.status() == nonCompliant {
				into = bad
			}
			into[r.Kind].add(r.severity())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	kinds, next, err := paging.Page("ListComplianceSummaries", slices.Sorted(maps.Keys(good)), func(k string) string { return k }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListComplianceSummariesOutput{ComplianceSummaryItems: []types.ComplianceSummaryItem{}, NextToken: next}
	for _, k := range kinds {
		out.ComplianceSummaryItems = append(out.ComplianceSummaryItems, types.ComplianceSummaryItem{
			ComplianceType:      &k,
			CompliantSummary:    &types.CompliantSummary{CompliantCount: good[k].total, SeveritySummary: good[k].summary()},
			NonCompliantSummary: &types.NonCompliantSummary{NonCompliantCount: bad[k].total, SeveritySummary: bad[k].summary()},
		})
	}
	return out, nil
}

func (s *Service) listComplianceSummariesChecks(context.Context, *ssm.ListComplianceSummariesInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListComplianceSummaries"), nil
}
