package organizations

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RegisterDelegatedAdministrator lets a member account administer a service; it may read the organization then.
func (s *Service) RegisterDelegatedAdministrator(ctx context.Context, in *organizations.RegisterDelegatedAdministratorInput) (*organizations.RegisterDelegatedAdministratorOutput, error) {
	d := &delegate{Account: *in.AccountId, Service: *in.ServicePrincipal, Since: api.CallFrom(ctx).Time.UTC().Truncate(time.Second)}
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := acceptService(d.Service); err != nil {
			return err
		}
		m, err := wantMember(tx, o, d.Account)
		switch {
		case err != nil:
			return err
		case m.Account == o.Management:
			return violation(types.ConstraintViolationExceptionReasonCannotRegisterMasterAsDelegatedAdministrator, "You cannot register master account/yourself as delegated administrator for your organization.")
		case m.Closed:
			return violation(types.ConstraintViolationExceptionReasonCannotRegisterSuspendedAccountAsDelegatedAdministrator, "You cannot register a suspended account as delegated administrator.")
		}
		d.Organization = o.ID
		_, err = delegates.Get(tx, store.Scope{}, delegates.Key(d))
		if err == nil {
			return &types.AccountAlreadyRegisteredException{Message: aws.String("The provided account is already a delegated administrator for your organization.")}
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return delegates.Put(tx, store.Scope{}, d)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.RegisterDelegatedAdministratorOutput{}, nil
}

func (s *Service) registerDelegatedAdministratorChecks(ctx context.Context, in *organizations.RegisterDelegatedAdministratorInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "RegisterDelegatedAdministrator", *in.AccountId)
	return withKey(checks, err, "organizations:ServicePrincipal", *in.ServicePrincipal)
}
