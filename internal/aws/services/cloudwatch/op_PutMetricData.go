package cloudwatch

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store"
)

// mostData is how many metrics a call may bring.
// Source: CloudWatch API Reference, "PutMetricData".
const mostData = 1000

// PutMetricData stores points of metrics.
func (s *Service) PutMetricData(ctx context.Context, in *cloudwatch.PutMetricDataInput) (*cloudwatch.PutMetricDataOutput, error) {
	if strings.HasPrefix(*in.Namespace, "AWS/") {
		return nil, badValue("The value AWS/ for parameter Namespace is invalid.")
	}
	if !legible(*in.Namespace) {
		return nil, badValue("The value %s for parameter Namespace is invalid.", *in.Namespace)
	}
	b := &batch{namespace: *in.Namespace, now: s.clock.Now()}
	if err := b.all(in); err != nil {
		return nil, err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error { return b.store(tx, store.In(api.CallFrom(ctx).Place())) })
	if err != nil {
		return nil, fmt.Errorf("put metric data: %w", err)
	}
	return &cloudwatch.PutMetricDataOutput{}, nil
}

func (s *Service) putMetricDataChecks(_ context.Context, in *cloudwatch.PutMetricDataInput) ([]api.Check, error) {
	return []api.Check{{Action: "cloudwatch:PutMetricData", Resource: "*", Keys: map[string]string{"cloudwatch:namespace": aws.ToString(in.Namespace)}}}, nil
}

// batch are the points of one call.
type batch struct {
	namespace string
	now       time.Time
	data      []datum
}

// datum is a point that is to be stored.
type datum struct {
	metric *metric
	unit   string
	high   bool // to the second
	point  series.Point
}

// all takes everything that a call brings.
func (b *batch) all(in *cloudwatch.PutMetricDataInput) error {
	n := len(in.MetricData)
	for _, e := range in.EntityMetricData {
		n += len(e.MetricData)
	}
	switch {
	case n == 0:
		return absent("MetricData")
	case n > mostData:
		return badValue("The collection MetricData must not have a size greater than %d.", mostData)
	case len(in.EntityMetricData) > 2:
		return badValue("The collection EntityMetricData must not have a size greater than 2.")
	case len(in.EntityMetricData) > 0 && aws.ToBool(in.StrictEntityValidation):
		return badValue("Entities are not supported here; without StrictEntityValidation the metrics are stored without them.")
	}
	if err := b.list("MetricData", in.MetricData); err != nil {
		return err
	}
	for i, e := range in.EntityMetricData {
		if err := b.list(fmt.Sprintf("EntityMetricData.member.%d.MetricData", i+1), e.MetricData); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) list(name string, list []types.MetricDatum) error {
	for i := range list {
		d, err := b.take(fmt.Sprintf("%s.member.%d", name, i+1), &list[i])
		if err != nil {
			return err
		}
		b.data = append(b.data, d)
	}
	return nil
}

// store writes all points, those of a series together.
func (b *batch) store(tx *store.Tx, sc store.Scope) error {
	bySeries := map[string][]series.Point{}
	for _, d := range b.data {
		if bySeries[d.metric.series(d.unit, minute)] == nil { // else it was noted with an earlier datum of the call
			if err := d.metric.seen(tx, sc, d.unit, b.now.Unix()); err != nil {
				return err
			}
		}
		add := func(step int64) {
			p := d.point
			p.At = series.Floor(p.At, step)
			key := d.metric.series(d.unit, step)
			bySeries[key] = append(bySeries[key], p)
		}
		add(minute)
		if d.high && d.point.At > b.now.Unix()-3*hour {
			add(1)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(bySeries)) {
		if err := ingest(tx, sc, key, bySeries[key]); err != nil {
			return err
		}
	}
	return nil
}
