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

// PutDashboard makes a dashboard or replaces its body.
func (s *Service) PutDashboard(ctx context.Context, in *cloudwatch.PutDashboardInput) (*cloudwatch.PutDashboardOutput, error) {
	if !dashboardName.MatchString(*in.DashboardName) {
		text := "The value " + *in.DashboardName + " for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_)."
		return nil, &types.DashboardInvalidInputError{Message: &text}
	}
	faults, warnings := checkBody(*in.DashboardBody)
	if len(faults) > 0 {
		text := fmt.Sprintf("The dashboard body is invalid, there are %d validation errors", len(faults))
		return nil, &types.DashboardInvalidInputError{Message: &text, DashboardValidationMessages: append(faults, warnings...)}
	}
	tags, err := retagged(nil, in.Tags, nil)
	if err != nil {
		text := err.Error()
		return nil, &types.DashboardInvalidInputError{Message: &text}
	}
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	now := s.clock.Now()
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		d, err := findDashboard(tx, sc, *in.DashboardName)
		if err != nil {
			return err
		}
		if d == nil { // tags are for new ones only
			d = &dashboard{Name: *in.DashboardName, Tags: tags}
		}
		d.Body, d.Modified = *in.DashboardBody, now
		return dashboards.Put(tx, sc, d)
	})
	if err != nil {
		return nil, fmt.Errorf("put dashboard %s: %w", *in.DashboardName, err)
	}
	return &cloudwatch.PutDashboardOutput{DashboardValidationMessages: warnings}, nil
}

func (s *Service) putDashboardChecks(ctx context.Context, in *cloudwatch.PutDashboardInput) ([]api.Check, error) {
	c := onDashboard(api.CallFrom(ctx), "cloudwatch:PutDashboard", aws.ToString(in.DashboardName))
	requestTags(&c, in.Tags)
	return []api.Check{c}, nil
}
