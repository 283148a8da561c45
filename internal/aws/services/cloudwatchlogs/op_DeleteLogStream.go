package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteLogStream deletes a stream with its events.
func (s *Service) DeleteLogStream(ctx context.Context, in *cloudwatchlogs.DeleteLogStreamInput) (*cloudwatchlogs.DeleteLogStreamOutput, error) {
	r := named(api.CallFrom(ctx), in.LogGroupName)
	now := s.clock.Now().UnixMilli()
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err != nil {
			return err
		}
		st, err := findStream(tx, g, *in.LogStreamName)
		if err != nil {
			return err
		}
		d := &duty{At: now, Kind: dutyStream, Account: g.Account, Region: g.Region, Group: g.ID, Ref: st.ID}
		return errors.Join(streams.Delete(tx, r.scope(), streamKey(g.ID, st.Name)), d.put(tx))
	})
	if err != nil {
		return nil, fmt.Errorf("delete log stream %s: %w", *in.LogStreamName, err)
	}
	return &cloudwatchlogs.DeleteLogStreamOutput{}, nil
}

func (s *Service) deleteLogStreamChecks(ctx context.Context, in *cloudwatchlogs.DeleteLogStreamInput) ([]api.Check, error) {
	return s.onStream(ctx, "logs:DeleteLogStream", named(api.CallFrom(ctx), in.LogGroupName), in.LogStreamName)
}
