package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateLogStream makes a stream in a log group.
func (s *Service) CreateLogStream(ctx context.Context, in *cloudwatchlogs.CreateLogStreamInput) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	if err := checkStreamName(*in.LogStreamName); err != nil {
		return nil, err
	}
	r := named(api.CallFrom(ctx), in.LogGroupName)
	st := &stream{ID: s.ids.Hex(16), Name: *in.LogStreamName, Created: s.clock.Now().UnixMilli()}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := r.find(tx)
		if err != nil {
			return err
		}
		st.Group = g.ID
		if _, err := streams.Get(tx, r.scope(), streamKey(g.ID, st.Name)); err == nil {
			return exists("The specified log stream already exists")
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return streams.Put(tx, r.scope(), st)
	})
	if err != nil {
		return nil, fmt.Errorf("create log stream %s: %w", st.Name, err)
	}
	return &cloudwatchlogs.CreateLogStreamOutput{}, nil
}

func (s *Service) createLogStreamChecks(ctx context.Context, in *cloudwatchlogs.CreateLogStreamInput) ([]api.Check, error) {
	return s.onStream(ctx, "logs:CreateLogStream", named(api.CallFrom(ctx), in.LogGroupName), in.LogStreamName)
}
