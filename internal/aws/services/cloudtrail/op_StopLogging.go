package cloudtrail

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
)

// StopLogging makes a trail record no more. What it recorded is still delivered.
func (s *Service) StopLogging(ctx context.Context, in *cloudtrail.StopLoggingInput) (*cloudtrail.StopLoggingOutput, error) {
	err := s.turn(ctx, *in.Name, func(t *trail, d *delivery, at time.Time, last int64) {
		// The record of this call follows the last one, in this transaction, and is
		// the last that the trail delivers.
		t.stop(d, at, last+1)
	})
	if err != nil {
		return nil, fmt.Errorf("stop trail %s: %w", *in.Name, err)
	}
	return &cloudtrail.StopLoggingOutput{}, nil
}

func (s *Service) stopLoggingChecks(ctx context.Context, in *cloudtrail.StopLoggingInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:StopLogging", *in.Name)
}
