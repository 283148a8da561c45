package iam

import (
	"context"
	"time"
)

// Upkeep stores what calls left in memory: when keys were last used.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	return s.keepKeyUses(ctx)
}
