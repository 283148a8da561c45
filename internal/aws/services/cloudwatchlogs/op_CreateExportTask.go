package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// exportDelay is how long a task is pending at least, so that one that was a
// mistake can be cancelled before anything is written.
const exportDelay = time.Second

// CreateExportTask has the events of a log group written to a bucket.
func (s *Service) CreateExportTask(ctx context.Context, in *cloudwatchlogs.CreateExportTaskInput) (*cloudwatchlogs.CreateExportTaskOutput, error) {
	r := named(api.CallFrom(ctx), in.LogGroupName)
	now := s.clock.Now()
	x := &export{
		ID: s.ids.UUID(), Name: aws.ToString(in.TaskName), Account: r.account, Region: r.region, Group: r.name,
		Streams: aws.ToString(in.LogStreamNamePrefix), From: *in.From, To: *in.To, Bucket: *in.Destination, Prefix: prefixOf(in.DestinationPrefix),
		Status: types.ExportTaskStatusCodePending, Message: "Pending", Created: now.UnixMilli(),
	}
	if x.From < 0 || x.To > endOfTime || x.From > x.To {
		return nil, invalid("The specified time range is not valid: 'from' must not be later than 'to'.")
	}
	if err := s.store.View(ctx, func(tx *store.Tx) error { return x.may(tx) }); err != nil { // before the bucket is touched
		return nil, fmt.Errorf("create export task: %w", err)
	}
	if err := s.tryBucket(ctx, x); err != nil {
		return nil, fmt.Errorf("create export task: %w", err)
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		if err := x.may(tx); err != nil {
			return err
		}
		return errors.Join(exports.Put(tx, r.scope(), x), x.duty(now.Add(exportDelay)).put(tx))
	})
	if err != nil {
		return nil, fmt.Errorf("create export task: %w", err)
	}
	return &cloudwatchlogs.CreateExportTaskOutput{TaskId: &x.ID}, nil
}

func (s *Service) createExportTaskChecks(ctx context.Context, in *cloudwatchlogs.CreateExportTaskInput) ([]api.Check, error) {
	return s.on(ctx, "logs:CreateExportTask", named(api.CallFrom(ctx), in.LogGroupName))
}

// may refuses a task of a group that is not there or cannot be exported, and a
// second one that is active.
func (x *export) may(tx *store.Tx) error {
	g, err := reference{x.Account, x.Region, x.Group}.find(tx)
	if err != nil {
		return err
	}
	if g.Class != types.LogGroupClassStandard {
		return invalid("CreateExportTask is not supported for log groups of the class " + string(g.Class) + ".")
	}
	if x.To < g.Created.UnixMilli() {
		return invalid("The specified time range is not valid: 'to' is earlier than the creation of the log group.")
	}
	x.GroupID = g.ID
	list, err := exports.By(tx, x.scope(), "Active", "yes", store.Page{Limit: 1})
	if err == nil && len(list) > 0 {
		return &types.LimitExceededException{Message: aws.String("Resource limit exceeded.")}
	}
	return err
}
