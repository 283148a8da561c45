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

// DeleteOrganizationalUnit ends a unit that holds neither accounts nor units.
func (s *Service) DeleteOrganizationalUnit(ctx context.Context, in *organizations.DeleteOrganizationalUnitInput) (*organizations.DeleteOrganizationalUnitOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		u, err := wantUnit(tx, o, *in.OrganizationalUnitId)
		if err != nil {
			return err
		}
		below, err := unitsIn(tx, o, u.ID)
		if err != nil {
			return err
		}
		accounts, err := membersIn(tx, o, u.ID)
		if err != nil {
			return err
		}
		if len(below)+len(accounts) > 0 {
			return &types.OrganizationalUnitNotEmptyException{Message: aws.String("The organizational unit is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again.")}
		}
		return errors.Join(detachAll(tx, o, u.ID), units.Delete(tx, store.Scope{}, units.Key(u)))
	})
	if err != nil {
		return nil, err
	}
	return &organizations.DeleteOrganizationalUnitOutput{}, nil
}

func (s *Service) deleteOrganizationalUnitChecks(ctx context.Context, in *organizations.DeleteOrganizationalUnitInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteOrganizationalUnit", *in.OrganizationalUnitId)
}
