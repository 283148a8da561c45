package cloudtrail

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteTrail removes a trail. What it delivered stays in the bucket.
func (s *Service) DeleteTrail(ctx context.Context, in *cloudtrail.DeleteTrailInput) (*cloudtrail.DeleteTrailOutput, error) {
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
		return errors.Join(trails.Delete(tx, sc, t.key()), deliveries.Delete(tx, sc, t.key()))
	})
	if err != nil {
		return nil, fmt.Errorf("delete trail %s: %w", *in.Name, err)
	}
	return &cloudtrail.DeleteTrailOutput{}, nil
}

func (s *Service) deleteTrailChecks(ctx context.Context, in *cloudtrail.DeleteTrailInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:DeleteTrail", *in.Name)
}
