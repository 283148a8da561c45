package iam

import (
	"context"
	"time"
)

// Upkeep stores what calls left in memory: when keys and roles were last used.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	next, err = s.keepKeyUses(ctx)
	if err != nil {
		return next, err
	}
	also, err := s.keepRoleUses(ctx)
	if also.Before(next) {
		next = also
	}
	return next, err
}
