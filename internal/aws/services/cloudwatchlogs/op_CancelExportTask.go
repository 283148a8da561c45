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

// CancelExportTask stops an export that is pending or running.
func (s *Service) CancelExportTask(ctx context.Context, in *cloudwatchlogs.CancelExportTaskInput) (*cloudwatchlogs.CancelExportTaskOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		x, err := exports.Get(tx, sc, *in.TaskId)
		if errors.Is(err, store.ErrNotFound) {
			return missing("The specified export task does not exist.")
		}
		if err != nil {
			return err
		}
		switch x.Status {
		case types.ExportTaskStatusCodePending, types.ExportTaskStatusCodeRunning:
			x.Status, x.Message = types.ExportTaskStatusCodePendingCancel, "Cancelling"
			return exports.Put(tx, sc, x)
		}
		return &types.InvalidOperationException{Message: aws.String("The specified export task cannot be cancelled: its status is " + string(x.Status) + ".")}
	})
	if err != nil {
		return nil, fmt.Errorf("cancel export task %s: %w", *in.TaskId, err)
	}
	return &cloudwatchlogs.CancelExportTaskOutput{}, nil
}

func (s *Service) cancelExportTaskChecks(context.Context, *cloudwatchlogs.CancelExportTaskInput) ([]api.Check, error) {
	return api.OnAny("logs:CancelExportTask"), nil
}
