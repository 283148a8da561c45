package cloudwatch

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostDeleted is how many dashboards one call removes.
const mostDeleted = 100

// DeleteDashboards removes dashboards; names of none are passed over.
func (s *Service) DeleteDashboards(ctx context.Context, in *cloudwatch.DeleteDashboardsInput) (*cloudwatch.DeleteDashboardsOutput, error) {
	if n := len(in.DashboardNames); n == 0 || n > mostDeleted {
		return nil, badValue("The collection DashboardNames must have between 1 and %d members.", mostDeleted)
	}
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		for _, name := range in.DashboardNames {
			if err := dashboards.Delete(tx, sc, name); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("delete dashboards: %w", err)
	}
	return &cloudwatch.DeleteDashboardsOutput{}, nil
}

func (s *Service) deleteDashboardsChecks(ctx context.Context, in *cloudwatch.DeleteDashboardsInput) (out []api.Check, err error) {
	for _, name := range in.DashboardNames {
		out = append(out, onDashboard(api.CallFrom(ctx), "cloudwatch:DeleteDashboards", name))
	}
	if out == nil {
		out = []api.Check{onDashboard(api.CallFrom(ctx), "cloudwatch:DeleteDashboards", "*")}
	}
	return out, nil
}
