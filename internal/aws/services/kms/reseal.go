package kms

import (
	"context"
	"fmt"

	"tamachi/internal/store"
)

// resealed is how many materials one transaction seals anew.
const resealed = 200

// Reseal seals everything anew that an old data key of the box sealed, and
// refuses to go on when the box is not the one that this store belongs to. It
// may be cut short and repeated. House calls it at the start, before Forget.
func (s *Service) Reseal(ctx context.Context) error {
	if err := s.opens(ctx); err != nil {
		return err
	}
	for _, generation := range s.box.Old() {
		for {
			done, err := s.resealSome(ctx, generation)
			if err != nil {
				return fmt.Errorf("seal keys anew: %w", err)
			}
			if done {
				break
			}
		}
	}
	return nil
}

// opens tries one material.
func (s *Service) opens(ctx context.Context) error {
	return s.store.View(ctx, func(tx *store.Tx) error {
		list, err := materials.List(tx, store.Scope{}, store.Page{Limit: 1})
		if err != nil || len(list) == 0 || len(list[0].Sealed) == 0 {
			return err
		}
		if _, err := s.secret(list[0]); err != nil {
			return fmt.Errorf("%w: %w", errRing, err)
		}
		return nil
	})
}

func (s *Service) resealSome(ctx context.Context, generation string) (done bool, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		list, err := materials.By(tx, store.Scope{}, "generation", generation, store.Page{Limit: resealed})
		if err != nil {
			return err
		}
		done = len(list) < resealed
		for _, m := range list {
			secret, err := s.secret(m)
			if err != nil {
				return err
			}
			if m.Sealed, err = s.box.Seal(m.purpose(), secret); err != nil {
				return err
			}
			if err := materials.Put(tx, store.Scope{}, m); err != nil {
				return err
			}
		}
		return nil
	})
	return done, err
}
