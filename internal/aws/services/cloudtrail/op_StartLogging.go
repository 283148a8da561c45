package cloudtrail

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
)

// StartLogging makes a trail record from now on.
func (s *Service) StartLogging(ctx context.Context, in *cloudtrail.StartLoggingInput) (*cloudtrail.StartLoggingOutput, error) {
	err := s.turn(ctx, *in.Name, func(t *trail, d *delivery, at time.Time, last int64) { t.start(d, at, last) })
	if err != nil {
		return nil, fmt.Errorf("start trail %s: %w", *in.Name, err)
	}
	return &cloudtrail.StartLoggingOutput{}, nil
}

func (s *Service) startLoggingChecks(ctx context.Context, in *cloudtrail.StartLoggingInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:StartLogging", *in.Name)
}
