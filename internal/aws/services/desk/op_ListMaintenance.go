package desk

import (
	"context"
	"time"

	"tamachi/internal/aws/api"
)

// ListMaintenanceInput is empty.
type ListMaintenanceInput struct{}

// ListMaintenanceOutput is what is to be expected next, the soonest first.
type ListMaintenanceOutput struct{ Maintenance []Maintenance }

// Maintenance is the next time of work on the desktops of a directory that run
// in a mode, or the next opening of a maintenance window of Systems Manager.
type Maintenance struct {
	Name, DirectoryId, RunningMode *string
	From, To                       *time.Time
}

// ListMaintenance tells when work on desktops and nodes is to be expected, as
// the feed of `tamachi calendar` does, with the caller's credentials.
func (s *Service) ListMaintenance(ctx context.Context, _ *ListMaintenanceInput) (*ListMaintenanceOutput, error) {
	if s.ports.Calendar == nil {
		return nil, none()
	}
	all, err := s.ports.Calendar.Maintenance(ctx, visitor(api.CallFrom(ctx), nil))
	if err != nil {
		return nil, refused(err)
	}
	return &ListMaintenanceOutput{all}, nil
}

// What it calls is checked call by call.
func (s *Service) listMaintenanceChecks(context.Context, *ListMaintenanceInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
