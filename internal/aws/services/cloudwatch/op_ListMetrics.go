package cloudwatch

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// The limits of ListMetrics: entries of a page, and how long a metric without
// data is listed.
// Source: CloudWatch API Reference, "ListMetrics".
const (
	metricsOfPage = 500
	listed        = 14 * day
	active        = 3 * hour
)

// ListMetrics lists the metrics that had data lately.
func (s *Service) ListMetrics(ctx context.Context, in *cloudwatch.ListMetricsInput) (*cloudwatch.ListMetricsOutput, error) {
	if in.OwningAccount != nil || aws.ToBool(in.IncludeLinkedAccounts) {
		return nil, badValue("This account is not a monitoring account: IncludeLinkedAccounts and OwningAccount cannot be used.")
	}
	after := ""
	if in.NextToken != nil {
		var ok bool
		if after, ok = api.After("ListMetrics", *in.NextToken); !ok {
			return nil, badValue("The value %s for parameter NextToken is invalid.", *in.NextToken)
		}
	}
	since := s.clock.Now().Unix() - listed
	if in.RecentlyActive != "" {
		since = s.clock.Now().Unix() - active - slack
	}
	out := &cloudwatch.ListMetricsOutput{Metrics: []types.Metric{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		return walk(tx, store.In(api.CallFrom(ctx).Place()), in.Namespace, in.MetricName, after, func(m *metric) bool {
			if m.Seen < since || !m.has(in.Dimensions) {
				return true
			}
			if len(out.Metrics) == metricsOfPage {
				out.NextToken = aws.String(api.Token("ListMetrics", after))
				return false
			}
			after = m.key()
			out.Metrics = append(out.Metrics, m.shown())
			return true
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list metrics: %w", err)
	}
	return out, nil
}

func (s *Service) listMetricsChecks(context.Context, *cloudwatch.ListMetricsInput) ([]api.Check, error) {
	return api.OnAny("cloudwatch:ListMetrics"), nil
}

// walk calls f with the metrics behind a key, of a namespace and a name where
// they are given, until f wants no more.
func walk(tx *store.Tx, sc store.Scope, namespace, name *string, after string, f func(*metric) bool) error {
	p := store.Page{After: after, Limit: metricsOfPage}
	if namespace != nil {
		p.Min = *namespace + between
		if name != nil {
			p.Min += *name + between
		}
		p.Max = p.Min[:len(p.Min)-1] + "\x20" // follows between
	}
	for {
		list, err := metrics.List(tx, sc, p)
		if err != nil {
			return err
		}
		for _, m := range list {
			if (name == nil || m.Name == *name) && !f(m) {
				return nil
			}
		}
		if len(list) < p.Limit {
			return nil
		}
		p.After = list[len(list)-1].key()
	}
}

// has tells whether the metric has the dimensions, and perhaps others.
func (m *metric) has(filters []types.DimensionFilter) bool {
	for _, f := range filters {
		if !slices.ContainsFunc(m.Dimensions, func(d dimension) bool {
			return d.Name == *f.Name && (f.Value == nil || d.Value == *f.Value)
		}) {
			return false
		}
	}
	return true
}
