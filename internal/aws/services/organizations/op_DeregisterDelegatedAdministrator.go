package organizations

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeregisterDelegatedAdministrator takes the administration of a service from an account.
func (s *Service) DeregisterDelegatedAdministrator(ctx context.Context, in *organizations.DeregisterDelegatedAdministratorInput) (*organizations.DeregisterDelegatedAdministratorOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := acceptService(*in.ServicePrincipal); err != nil {
			return err
		}
		if _, err := wantMember(tx, o, *in.AccountId); err != nil {
			return err
		}
		err := delegates.Delete(tx, store.Scope{}, o.ID+"/"+*in.AccountId+"/"+*in.ServicePrincipal)
		if errors.Is(err, store.ErrNotFound) {
			return notRegistered()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &organizations.DeregisterDelegatedAdministratorOutput{}, nil
}

func (s *Service) deregisterDelegatedAdministratorChecks(ctx context.Context, in *organizations.DeregisterDelegatedAdministratorInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "DeregisterDelegatedAdministrator", *in.AccountId)
	return withKey(checks, err, "organizations:ServicePrincipal", *in.ServicePrincipal)
}
