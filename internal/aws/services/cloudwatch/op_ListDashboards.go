package cloudwatch

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// dashboardsOfPage is how many dashboards a page has.
const dashboardsOfPage = 1000

// ListDashboards lists dashboards by name.
func (s *Service) ListDashboards(ctx context.Context, in *cloudwatch.ListDashboardsInput) (*cloudwatch.ListDashboardsOutput, error) {
	call := api.CallFrom(ctx)
	prefix := aws.ToString(in.DashboardNamePrefix)
	p := store.Page{Min: prefix, Limit: dashboardsOfPage + 1}
	if in.NextToken != nil {
		var ok bool
		if p.After, ok = api.After("ListDashboards", *in.NextToken); !ok {
			return nil, badValue("The value %s for parameter NextToken is invalid.", *in.NextToken)
		}
	}
	out := &cloudwatch.ListDashboardsOutput{DashboardEntries: []types.DashboardEntry{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		list, err := dashboards.List(tx, store.Scope{Account: call.Account}, p)
		for i, d := range list {
			if !strings.HasPrefix(d.Name, prefix) {
				break // in the order of names none follows
			}
			if i == dashboardsOfPage {
				out.NextToken = aws.String(api.Token("ListDashboards", list[i-1].Name))
				break
			}
			out.DashboardEntries = append(out.DashboardEntries, types.DashboardEntry{
				DashboardName: &d.Name, DashboardArn: aws.String(dashboardARN(call.Account, d.Name)), LastModified: &d.Modified, Size: aws.Int64(int64(len(d.Body))),
			})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list dashboards: %w", err)
	}
	return out, nil
}

func (s *Service) listDashboardsChecks(context.Context, *cloudwatch.ListDashboardsInput) ([]api.Check, error) {
	return api.OnAny("cloudwatch:ListDashboards"), nil
}
