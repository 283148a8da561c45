package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteLogGroup deletes a log group with its streams and events.
func (s *Service) DeleteLogGroup(ctx context.Context, in *cloudwatchlogs.DeleteLogGroupInput) (*cloudwatchlogs.DeleteLogGroupOutput, error) {
	r := named(api.CallFrom(ctx), in.LogGroupName)
	now := s.clock.Now().UnixMilli()
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err != nil {
			return err
		}
		if g.Protected {
			return &types.ValidationException{Message: aws.String("The log group cannot be deleted because deletion protection is enabled. Disable deletion protection first.")}
		}
		u, err := usageOf(tx, g)
		if err != nil {
			return err
		}
		if err := u.plan(tx, g, 0); err != nil {
			return err
		}
		if err := usages.Delete(tx, g.scope(), g.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		d := &duty{At: now, Kind: dutyGroup, Account: g.Account, Region: g.Region, Group: g.ID, Ref: g.Name}
		return errors.Join(groups.Delete(tx, g.scope(), g.Name), d.put(tx))
	})
	if err != nil {
		return nil, fmt.Errorf("delete log group %s: %w", r.name, err)
	}
	return &cloudwatchlogs.DeleteLogGroupOutput{}, nil
}

func (s *Service) deleteLogGroupChecks(ctx context.Context, in *cloudwatchlogs.DeleteLogGroupInput) ([]api.Check, error) {
	return s.on(ctx, "logs:DeleteLogGroup", named(api.CallFrom(ctx), in.LogGroupName))
}
