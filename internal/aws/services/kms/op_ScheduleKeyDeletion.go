package kms

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// The waiting period before a key is deleted, in days.
const (
	shortestWindow = 7
	longestWindow  = 30
)

// ScheduleKeyDeletion says that a key is to be deleted; Upkeep does it.
func (s *Service) ScheduleKeyDeletion(ctx context.Context, in *kms.ScheduleKeyDeletionInput) (*kms.ScheduleKeyDeletionOutput, error) {
	days := int32(longestWindow)
	if in.PendingWindowInDays != nil {
		days = *in.PendingWindowInDays
	}
	if days < shortestWindow || days > longestWindow {
		return nil, invalid("PendingWindowInDays must be between 7 and 30 (inclusive).")
	}
	k, err := s.change(ctx, *in.KeyId, func(_ *store.Tx, k *Key) error {
		if err := k.managedByAccount("ScheduleKeyDeletion"); err != nil {
			return asState(err, k)
		}
		if err := k.kept(); err != nil {
			return err
		}
		k.schedule(s.clock.Now(), days)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &kms.ScheduleKeyDeletionOutput{
		KeyId: new(k.ARN()), DeletionDate: &k.Deletion, KeyState: k.State(), PendingWindowInDays: &k.Window,
	}, nil
}

func (s *Service) scheduleKeyDeletionChecks(ctx context.Context, in *kms.ScheduleKeyDeletionInput) ([]api.Check, error) {
	days := int32(longestWindow)
	if in.PendingWindowInDays != nil {
		days = *in.PendingWindowInDays
	}
	return s.on(ctx, text(in.KeyId), ask{
		action: "kms:ScheduleKeyDeletion", home: true,
		keys: with("kms:ScheduleKeyDeletionPendingWindowInDays", fmt.Sprint(days)),
	})
}
