package cloudtrail

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutEventSelectors says which management events a trail records, by basic or
// by advanced selectors; one kind replaces the other.
func (s *Service) PutEventSelectors(ctx context.Context, in *cloudtrail.PutEventSelectorsInput) (*cloudtrail.PutEventSelectorsOutput, error) {
	call := api.CallFrom(ctx)
	ref, err := refer(call, *in.TrailName)
	if err != nil {
		return nil, err
	}
	if (len(in.EventSelectors) > 0) == (len(in.AdvancedEventSelectors) > 0) {
		return nil, badSelectors("Specify either EventSelectors or AdvancedEventSelectors, but not both.")
	}
	simple, err := basic(in.EventSelectors)
	if err != nil {
		return nil, err
	}
	more, err := advancedOf(in.AdvancedEventSelectors)
	if err != nil {
		return nil, err
	}
	out := &cloudtrail.PutEventSelectorsOutput{}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		t, err := ref.home(tx, call)
		if err != nil {
			return err
		}
		t.Selectors, t.Advanced = simple, more
		out.TrailARN = aws.String(t.ARN().String())
		out.EventSelectors, out.AdvancedEventSelectors = shownSelectors(t)
		return trails.Put(tx, store.Scope{Account: t.Account}, t)
	})
	if err != nil {
		return nil, fmt.Errorf("put the selectors of trail %s: %w", *in.TrailName, err)
	}
	return out, nil
}

func (s *Service) putEventSelectorsChecks(ctx context.Context, in *cloudtrail.PutEventSelectorsInput) ([]api.Check, error) {
	return s.onTrail(ctx, "cloudtrail:PutEventSelectors", *in.TrailName)
}
