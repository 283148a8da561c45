package cloudwatchlogs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
)

// TestMetricFilter shows which of some messages a pattern matches.
func (s *Service) TestMetricFilter(ctx context.Context, in *cloudwatchlogs.TestMetricFilterInput) (*cloudwatchlogs.TestMetricFilterOutput, error) {
	p, err := parsePattern(*in.FilterPattern)
	if err != nil {
		return nil, err
	}
	out := &cloudwatchlogs.TestMetricFilterOutput{Matches: []types.MetricFilterMatchRecord{}}
	for i, message := range in.LogEventMessages {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		values, ok := p.match(message)
		if !ok {
			continue
		}
		if values == nil {
			values = map[string]string{}
		}
		out.Matches = append(out.Matches, types.MetricFilterMatchRecord{EventNumber: int64(i + 1), EventMessage: aws.String(message), ExtractedValues: values})
	}
	return out, nil
}

func (s *Service) testMetricFilterChecks(context.Context, *cloudwatchlogs.TestMetricFilterInput) ([]api.Check, error) {
	return api.OnAny("logs:TestMetricFilter"), nil
}
