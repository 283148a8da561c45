package iam

import (
	"context"
	"time"
)

// Upkeep stores what calls left in memory (when keys and roles were last used),
// and makes the reports that were asked for.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	next, err = s.keepKeyUses(ctx)
	if err != nil {
		return next, err
	}
	also, err := s.keepRoleUses(ctx)
	if err != nil {
		return next, err
	}
	touched, err := s.keepTouches(ctx)
	if err != nil {
		return next, err
	}
	reports, err := s.makeReports(ctx)
	for _, other := range []time.Time{also, touched, reports} {
		if other.Before(next) {
			next = other
		}
	}
	return next, err
}
