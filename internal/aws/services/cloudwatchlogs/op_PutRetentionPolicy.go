package cloudwatchlogs

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// retentions are the numbers of days that a policy may keep events for.
// Source: CloudWatch Logs API Reference, "PutRetentionPolicy".
var retentions = []int32{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// PutRetentionPolicy sets for how many days a log group keeps its events.
func (s *Service) PutRetentionPolicy(ctx context.Context, in *cloudwatchlogs.PutRetentionPolicyInput) (*cloudwatchlogs.PutRetentionPolicyOutput, error) {
	if !slices.Contains(retentions, *in.RetentionInDays) {
		return nil, invalid(fmt.Sprintf("1 validation error detected: Value '%d' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]", *in.RetentionInDays))
	}
	if err := s.retain(ctx, named(api.CallFrom(ctx), in.LogGroupName), int(*in.RetentionInDays)); err != nil {
		return nil, fmt.Errorf("set the retention of %s: %w", *in.LogGroupName, err)
	}
	return &cloudwatchlogs.PutRetentionPolicyOutput{}, nil
}

func (s *Service) putRetentionPolicyChecks(ctx context.Context, in *cloudwatchlogs.PutRetentionPolicyInput) ([]api.Check, error) {
	return s.on(ctx, "logs:PutRetentionPolicy", named(api.CallFrom(ctx), in.LogGroupName))
}

// retain sets the retention and plans a look at what it ends.
func (s *Service) retain(ctx context.Context, r reference, days int) error {
	now := s.clock.Now().UnixMilli()
	return s.change(ctx, r, func(tx *store.Tx, g *group) error {
		u, err := usageOf(tx, g)
		if err != nil {
			return err
		}
		at := now
		if days == 0 || u.Bytes == 0 {
			at = 0
		}
		if err := u.plan(tx, g, at); err != nil {
			return err
		}
		g.Retention = days
		return usages.Put(tx, g.scope(), u)
	})
}
