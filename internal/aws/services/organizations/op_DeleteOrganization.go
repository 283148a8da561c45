package organizations

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteOrganization ends an organization that has no account but its
// management account, no units and no policies. What else it kept is forgotten
// with it.
func (s *Service) DeleteOrganization(ctx context.Context, _ *organizations.DeleteOrganizationInput) (*organizations.DeleteOrganizationOutput, error) {
	account := api.CallFrom(ctx).Account
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		o, err := managed(tx, account)
		if err != nil {
			return err
		}
		all, err := of(tx, o)
		if err != nil {
			return err
		}
		if len(all) > 1 {
			return &types.OrganizationNotEmptyException{Message: aws.String("To delete an organization you must first remove all member accounts (except the master).")}
		}
		us, err := units.By(tx, store.Scope{}, "organization", o.ID, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		ps, err := policiesOf(tx, o)
		if err != nil {
			return err
		}
		if len(us)+len(ps) > 0 {
			return &types.OrganizationNotEmptyException{Message: aws.String("To delete an organization you must first delete its organizational units and policies.")}
		}
		return errors.Join(
			forget(tx, o, &requests), forget(tx, o, &attachments), forget(tx, o, &trusted), forget(tx, o, &handshakes),
			members.Delete(tx, store.Scope{}, account), known.Delete(tx, store.Scope{}, o.ID),
		)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.DeleteOrganizationOutput{}, nil
}

func (s *Service) deleteOrganizationChecks(context.Context, *organizations.DeleteOrganizationInput) ([]api.Check, error) {
	return api.OnAny("organizations:DeleteOrganization"), nil
}

// forget deletes what a table has of an organization.
func forget[R any](tx *store.Tx, o *organization, table *store.Table[R]) error {
	all, err := table.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
	for _, r := range all {
		err = errors.Join(err, table.Delete(tx, store.Scope{}, table.Key(r)))
	}
	return err
}
