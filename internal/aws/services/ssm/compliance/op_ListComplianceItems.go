package compliance

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListComplianceItems lists what is known of one resource, item by item.
func (s *Service) ListComplianceItems(ctx context.Context, in *ssm.ListComplianceItemsInput) (*ssm.ListComplianceItemsOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	if len(in.ResourceIds) != 1 {
		return nil, &types.InvalidResourceId{Message: new("Specify one resource ID.")}
	}
	for _, t := range in.ResourceTypes {
		if t != managedInstance {
			return nil, &types.InvalidResourceType{Message: new("The resource type isn't valid: " + t + ". Valid is " + managedInstance + ".")}
		}
	}
	filters, inventory, err := readFilters(in.Filters, "ComplianceType", "Status", "Severity", "Id", "Title", "ExecutionId", "ExecutionType", "DocumentName", "PatchState", "PatchGroup", "PatchBaselineId", "Classification")
	if err == nil && len(inventory) > 0 {
		err = &types.InvalidFilter{Message: new("The filter name isn't valid: " + *inventory[0].Key + ".")}
	}
	if err != nil {
		return nil, err
	}
	type line struct {
		key  string
		item types.ComplianceItem
	}
	var all []line
	err = s.st.View(ctx, func(tx *store.Tx) error {
		found, err := records.By(tx, scope, "node", in.ResourceIds[0], store.Page{})
		for _, r := range found {
			for n, i := range r.Items {
				if meets(filters, i.facts(r)) {
					all = append(all, line{fmt.Sprintf("%s/%06d", r.Kind, n), i.describe(r)})
				}
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	lines, next, err := paging.Page("ListComplianceItems", all, func(l line) string { return l.key }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListComplianceItemsOutput{ComplianceItems: []types.ComplianceItem{}, NextToken: next}
	for _, l := range lines {
		out.ComplianceItems = append(out.ComplianceItems, l.item)
	}
	return out, nil
}

func (i item) facts(r *record) map[string]string {
	out := maps.Clone(i.Details)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, map[string]string{
		"ComplianceType": r.Kind, "Status": i.Status, "Severity": i.Severity, "Id": i.ID, "Title": i.Title,
		"ExecutionId": i.By.ID, "ExecutionType": i.By.Type,
	})
	return out
}

func (i item) describe(r *record) types.ComplianceItem {
	return types.ComplianceItem{
		ComplianceType: &r.Kind, ResourceType: new(managedInstance), ResourceId: &r.Node, Id: &i.ID, Title: &i.Title,
		Status: types.ComplianceStatus(i.Status), Severity: types.ComplianceSeverity(i.Severity), ExecutionSummary: i.By.describe(), Details: i.Details,
	}
}

func (s *Service) listComplianceItemsChecks(context.Context, *ssm.ListComplianceItemsInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListComplianceItems"), nil
}
