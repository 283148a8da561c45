package cloudtrail

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// StopLogging makes a trail record no more. What it recorded is still delivered.
func (s *Service) StopLogging(ctx context.Context, in *cloudtrail.StopLoggingInput) (*cloudtrail.StopLoggingOutput, error) {
	call := api.CallFrom(ctx)
	ref, err := refer(call, *in.Name)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		t, err := ref.home(tx, call)
		if err != nil {
			return err
		}
		sc := store.Scope{Account: t.Account}
		d, err := deliveries.Get(tx, sc, t.key())
		if err != nil {
			return err
		}
		last, err := journal.Last(tx)
		if err != nil {
			return err
		}
		// The record of this call follows the last one, in this transaction, and is
		// the last that the trail delivers.
		t.stop(d, call.Time, last+1)
		if err := trails.Put(tx, sc, t); err != nil {
			return err
		}
		return deliveries.Put(tx, sc, d)
	})
	if err != nil {
		return nil, fmt.Errorf("stop trail %s: %w", *in.Name, err)
	}
	return &cloudtrail.StopLoggingOutput{}, nil
}

func (s *Service) stopLoggingChecks(ctx context.Context, in *cloudtrail.StopLoggingInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:StopLogging", *in.Name)
}
