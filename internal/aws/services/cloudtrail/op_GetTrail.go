package cloudtrail

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
)

// GetTrail describes one trail.
func (s *Service) GetTrail(ctx context.Context, in *cloudtrail.GetTrailInput) (*cloudtrail.GetTrailOutput, error) {
	t, _, err := s.look(ctx, *in.Name)
	if err != nil {
		return nil, err
	}
	shown := t.shown()
	return &cloudtrail.GetTrailOutput{Trail: &shown}, nil
}

func (s *Service) getTrailChecks(ctx context.Context, in *cloudtrail.GetTrailInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:GetTrail", *in.Name)
}
