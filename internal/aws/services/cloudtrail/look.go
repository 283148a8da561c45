package cloudtrail

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// look returns a trail by name or ARN, and how its deliveries go.
func (s *Service) look(ctx context.Context, given string) (t *trail, d *delivery, err error) {
	ref, err := refer(api.CallFrom(ctx), given)
	if err != nil {
		return nil, nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if t, err = ref.find(tx); err != nil {
			return err
		}
		d, err = deliveries.Get(tx, store.Scope{Account: t.Account}, t.key())
		return err
	})
	return t, d, err
}

// home returns a trail whose home is the call's Region.
func (s *Service) home(ctx context.Context, ref reference, call *api.Call) (t *trail, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		t, err = ref.home(tx, call)
		return err
	})
	return t, err
}

// onTrail is the check of an action on a trail by name or ARN. One that does
// not exist is checked by the ARN that it would have.
func (s *Service) onTrail(ctx context.Context, action, given string) ([]api.Check, error) {
	ref, err := refer(api.CallFrom(ctx), given)
	if err != nil {
		return nil, err
	}
	check := api.Check{Action: action, Resource: trailARN(ref.region, ref.account, ref.name).String()}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		t, err := ref.find(tx)
		if err == nil {
			check.Resource, check.Tags = t.ARN().String(), t.Tags
		}
		if _, missing := errors.AsType[*types.TrailNotFoundException](err); missing {
			return nil
		}
		return err
	})
	return []api.Check{check}, err
}

// onTagged is onTrail for what only the ARN of a trail may name.
func (s *Service) onTagged(ctx context.Context, action, given string) ([]api.Check, error) {
	if _, err := tagged(api.CallFrom(ctx), given); err != nil {
		return nil, err
	}
	return s.onTrail(ctx, action, given)
}
