package cloudtrail

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// StartLogging makes a trail record from now on.
func (s *Service) StartLogging(ctx context.Context, in *cloudtrail.StartLoggingInput) (*cloudtrail.StartLoggingOutput, error) {
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
		t.start(d, call.Time, last)
		if err := trails.Put(tx, sc, t); err != nil {
			return err
		}
		return deliveries.Put(tx, sc, d)
	})
	if err != nil {
		return nil, fmt.Errorf("start trail %s: %w", *in.Name, err)
	}
	return &cloudtrail.StartLoggingOutput{}, nil
}

func (s *Service) startLoggingChecks(ctx context.Context, in *cloudtrail.StartLoggingInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:StartLogging", *in.Name)
}
