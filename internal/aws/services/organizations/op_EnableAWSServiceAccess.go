package organizations

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// EnableAWSServiceAccess lets a service act in the accounts of the organization.
func (s *Service) EnableAWSServiceAccess(ctx context.Context, in *organizations.EnableAWSServiceAccessInput) (*organizations.EnableAWSServiceAccessOutput, error) {
	t := &trust{Service: *in.ServicePrincipal, Since: api.CallFrom(ctx).Time.UTC().Truncate(time.Second)}
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := acceptService(t.Service); err != nil {
			return err
		}
		t.Organization = o.ID
		_, err := trusted.Get(tx, store.Scope{}, trusted.Key(t))
		if !errors.Is(err, store.ErrNotFound) {
			return err // again: nothing changes
		}
		return trusted.Put(tx, store.Scope{}, t)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.EnableAWSServiceAccessOutput{}, nil
}

func (s *Service) enableAWSServiceAccessChecks(ctx context.Context, in *organizations.EnableAWSServiceAccessInput) ([]api.Check, error) {
	checks, err := anywhere("EnableAWSServiceAccess")
	return withKey(checks, err, "organizations:ServicePrincipal", *in.ServicePrincipal)
}
