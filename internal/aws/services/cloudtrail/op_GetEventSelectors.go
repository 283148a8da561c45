package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
)

// GetEventSelectors tells which events a trail records.
func (s *Service) GetEventSelectors(ctx context.Context, in *cloudtrail.GetEventSelectorsInput) (*cloudtrail.GetEventSelectorsOutput, error) {
	t, _, err := s.look(ctx, *in.TrailName)
	if err != nil {
		return nil, err
	}
	out := &cloudtrail.GetEventSelectorsOutput{TrailARN: aws.String(t.ARN().String())}
	out.EventSelectors, out.AdvancedEventSelectors = shownSelectors(t)
	return out, nil
}

func (s *Service) getEventSelectorsChecks(ctx context.Context, in *cloudtrail.GetEventSelectorsInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:GetEventSelectors", *in.TrailName)
}
