package statemanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// StartAssociationsOnce begins a round of each association now, also of one
// that runs only at times of its schedule.
func (s *Service) StartAssociationsOnce(ctx context.Context, in *ssm.StartAssociationsOnceInput) (*ssm.StartAssociationsOnceOutput, error) {
	scope, now := store.In(api.CallFrom(ctx).Place()), s.clk.Now()
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		for _, id := range in.AssociationIds {
			a, err := find(tx, scope, id)
			if err != nil {
				return err
			}
			begun, err := s.match(tx, scope, a, now)
			if err != nil {
				return err
			}
			if begun { // it was new, or changed: this is its round
				continue
			}
			st, err := stand(tx, scope, id)
			if err != nil {
				return err
			}
			nodes, err := bindings.By(tx, scope, "association", id, store.Page{})
			if err != nil {
				return err
			}
			if err := s.begin(tx, scope, a, st, nodes, now); err != nil {
				return err
			}
			if err := standings.Put(tx, scope, st); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ssm.StartAssociationsOnceOutput{}, nil
}

func (s *Service) startAssociationsOnceChecks(ctx context.Context, in *ssm.StartAssociationsOnceInput) ([]api.Check, error) {
	var out []api.Check
	for _, id := range in.AssociationIds {
		checks, err := s.onAssociation(ctx, "ssm:StartAssociationsOnce", id)
		if err != nil {
			return nil, err
		}
		out = append(out, checks...)
	}
	return out, nil
}
