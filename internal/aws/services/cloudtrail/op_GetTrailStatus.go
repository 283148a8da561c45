package cloudtrail

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
)

// GetTrailStatus tells whether a trail records, and how its deliveries go.
func (s *Service) GetTrailStatus(ctx context.Context, in *cloudtrail.GetTrailStatusInput) (*cloudtrail.GetTrailStatusOutput, error) {
	t, d, err := s.look(ctx, *in.Name)
	if err != nil {
		return nil, err
	}
	out := &cloudtrail.GetTrailStatusOutput{
		IsLogging: aws.Bool(t.Logging), StartLoggingTime: given(t.Started), StopLoggingTime: given(t.Stopped),
		TimeLoggingStarted: aws.String(stamp(t.Started)), TimeLoggingStopped: aws.String(stamp(t.Stopped)),
		LatestDeliveryTime: given(d.Delivered), LatestDigestDeliveryTime: given(d.Digested),
		LatestDeliveryAttemptTime: aws.String(stamp(d.Attempted)), LatestDeliveryAttemptSucceeded: aws.String(""),
		LatestNotificationAttemptTime: aws.String(""), LatestNotificationAttemptSucceeded: aws.String(""),
	}
	if !d.Attempted.IsZero() {
		out.LatestDeliveryAttemptSucceeded = aws.String(strconv.FormatBool(d.Failure == ""))
	}
	if d.Failure != "" {
		out.LatestDeliveryError = aws.String(d.Failure)
	}
	if d.DigestFailure != "" {
		out.LatestDigestDeliveryError = aws.String(d.DigestFailure)
	}
	return out, nil
}

func (s *Service) getTrailStatusChecks(ctx context.Context, in *cloudtrail.GetTrailStatusInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:GetTrailStatus", *in.Name)
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// stamp is a time as the status writes it in texts; empty for never.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
