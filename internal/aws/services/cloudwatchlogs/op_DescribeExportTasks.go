package cloudwatchlogs

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeExportTasks lists export tasks, of one id or one status when asked.
func (s *Service) DescribeExportTasks(ctx context.Context, in *cloudwatchlogs.DescribeExportTasksInput) (*cloudwatchlogs.DescribeExportTasksOutput, error) {
	call := api.CallFrom(ctx)
	after, limit, err := pageOf("DescribeExportTasks", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &cloudwatchlogs.DescribeExportTasksOutput{ExportTasks: []types.ExportTask{}}
	sc := store.In(call.Place())
	p := store.Page{After: after, Limit: 200}
	if in.TaskId != nil {
		p.Min, p.Limit = *in.TaskId, 1
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		for {
			list, err := exports.List(tx, sc, p)
			if err != nil {
				return err
			}
			for _, x := range list {
				if in.StatusCode != "" && x.Status != in.StatusCode || in.TaskId != nil && x.ID != *in.TaskId {
					continue
				}
				if n := len(out.ExportTasks); n == limit {
					out.NextToken = aws.String(api.Token("DescribeExportTasks", *out.ExportTasks[n-1].TaskId))
					return nil
				}
				out.ExportTasks = append(out.ExportTasks, x.shown())
			}
			if len(list) < p.Limit || in.TaskId != nil {
				return nil
			}
			p.After = list[len(list)-1].ID
		}
	})
	if err != nil {
		return nil, fmt.Errorf("describe export tasks: %w", err)
	}
	return out, nil
}

func (s *Service) describeExportTasksChecks(context.Context, *cloudwatchlogs.DescribeExportTasksInput) ([]api.Check, error) {
	return api.OnAny("logs:DescribeExportTasks"), nil
}
