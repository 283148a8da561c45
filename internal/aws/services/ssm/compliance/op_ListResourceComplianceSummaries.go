package compliance

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListResourceComplianceSummaries tells of each resource and type how many
// items are met.
func (s *Service) ListResourceComplianceSummaries(ctx context.Context, in *ssm.ListResourceComplianceSummariesInput) (*ssm.ListResourceComplianceSummariesOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	var all []*record
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		all, err = s.selected(tx, scope, in.Filters)
		return err
	})
	if err != nil {
		return nil, err
	}
	some, next, err := paging.Page("ListResourceComplianceSummaries", all, records.Key, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListResourceComplianceSummariesOutput{ResourceComplianceSummaryItems: []types.ResourceComplianceSummaryItem{}, NextToken: next}
	for _, r := range some {
		out.ResourceComplianceSummaryItems = append(out.ResourceComplianceSummaryItems, r.summary())
	}
	return out, nil
}

func (r *record) summary() types.ResourceComplianceSummaryItem {
	var good, bad count
	for _, i := range r.Items {
		if i.Status == nonCompliant {
			bad.add(i.Severity)
			continue
		}
		good.add(i.Severity)
	}
	return types.ResourceComplianceSummaryItem{
		ComplianceType: &r.Kind, ResourceType: new(managedInstance), ResourceId: &r.Node,
		Status: types.ComplianceStatus(r.status()), OverallSeverity: types.ComplianceSeverity(r.severity()), ExecutionSummary: r.Last.describe(),
		CompliantSummary:    &types.CompliantSummary{CompliantCount: good.total, SeveritySummary: good.summary()},
		NonCompliantSummary: &types.NonCompliantSummary{NonCompliantCount: bad.total, SeveritySummary: bad.summary()},
	}
}

func (s *Service) listResourceComplianceSummariesChecks(context.Context, *ssm.ListResourceComplianceSummariesInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListResourceComplianceSummaries"), nil
}
