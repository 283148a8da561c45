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
// management account. How accounts were asked for is forgotten with it.
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
		asked, err := requests.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
		if err != nil {
			return err
		}
		for _, r := range asked {
			if err := requests.Delete(tx, store.Scope{}, r.ID); err != nil {
				return err
			}
		}
		return errors.Join(members.Delete(tx, store.Scope{}, account), known.Delete(tx, store.Scope{}, o.ID))
	})
	if err != nil {
		return nil, err
	}
	return &organizations.DeleteOrganizationOutput{}, nil
}

func (s *Service) deleteOrganizationChecks(context.Context, *organizations.DeleteOrganizationInput) ([]api.Check, error) {
	return api.OnAny("organizations:DeleteOrganization"), nil
}
