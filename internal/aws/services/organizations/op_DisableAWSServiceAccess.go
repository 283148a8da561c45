package organizations

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisableAWSServiceAccess takes the trust from a service.
func (s *Service) DisableAWSServiceAccess(ctx context.Context, in *organizations.DisableAWSServiceAccessInput) (*organizations.DisableAWSServiceAccessOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := acceptService(*in.ServicePrincipal); err != nil {
			return err
		}
		err := trusted.Delete(tx, store.Scope{}, o.ID+"/"+*in.ServicePrincipal)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &organizations.DisableAWSServiceAccessOutput{}, nil
}

func (s *Service) disableAWSServiceAccessChecks(ctx context.Context, in *organizations.DisableAWSServiceAccessInput) ([]api.Check, error) {
	checks, err := anywhere("DisableAWSServiceAccess")
	return withKey(checks, err, "organizations:ServicePrincipal", *in.ServicePrincipal)
}
