package cloudwatch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/services/cloudwatch/series"
	"tamachi/internal/store"
)

// Sample is a value that a service of the plane measured itself.
type Sample struct {
	Metric     string
	Unit       types.StandardUnit
	Dimensions []types.Dimension
	At         time.Time
	Value      float64
}

// samplesAtOnce bounds the work of one transaction.
const samplesAtOnce = 1000

// Record stores samples in a namespace of AWS, into which customers may not put.
// They are durable when it returns; of a call that failed some may be.
func (s *Service) Record(ctx context.Context, account, region, namespace string, samples []Sample) error {
	sc := store.In(account, region)
	for part := range slices.Chunk(samples, samplesAtOnce) {
		b := &batch{namespace: namespace, now: s.clock.Now()}
		for _, x := range part {
			b.data = append(b.data, datum{
				metric: identity(&namespace, &x.Metric, x.Dimensions), unit: string(x.Unit), point: series.One(x.At.Unix(), x.Value),
			})
		}
		if err := s.store.Update(ctx, func(tx *store.Tx) error { return b.store(tx, sc) }); err != nil {
			return fmt.Errorf("record metrics of %s: %w", namespace, err)
		}
	}
	return nil
}
