package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetDashboard shows a dashboard.
func (s *Service) GetDashboard(ctx context.Context, in *cloudwatch.GetDashboardInput) (*cloudwatch.GetDashboardOutput, error) {
	call := api.CallFrom(ctx)
	var d *dashboard
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		d, err = findDashboard(tx, store.Scope{Account: call.Account}, *in.DashboardName)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("get dashboard %s: %w", *in.DashboardName, err)
	}
	if d == nil {
		return nil, noDashboard(*in.DashboardName)
	}
	return &cloudwatch.GetDashboardOutput{DashboardName: &d.Name, DashboardBody: &d.Body, DashboardArn: aws.String(dashboardARN(call.Account, d.Name))}, nil
}

func (s *Service) getDashboardChecks(ctx context.Context, in *cloudwatch.GetDashboardInput) ([]api.Check, error) {
	return []api.Check{onDashboard(api.CallFrom(ctx), "cloudwatch:GetDashboard", aws.ToString(in.DashboardName))}, nil
}

func noDashboard(name string) error {
	text := "Dashboard " + name + " does not exist"
	return &types.DashboardNotFoundError{Message: &text}
}
