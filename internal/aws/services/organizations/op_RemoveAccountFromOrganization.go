package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RemoveAccountFromOrganization takes a member account out; it stands alone then.
func (s *Service) RemoveAccountFromOrganization(ctx context.Context, in *organizations.RemoveAccountFromOrganizationInput) (*organizations.RemoveAccountFromOrganizationOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		m, err := wantMember(tx, o, *in.AccountId)
		if err != nil {
			return err
		}
		return m.leave(tx, o, api.CallFrom(ctx).Time)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.RemoveAccountFromOrganizationOutput{}, nil
}

func (s *Service) removeAccountFromOrganizationChecks(ctx context.Context, in *organizations.RemoveAccountFromOrganizationInput) ([]api.Check, error) {
	return s.on(ctx, "RemoveAccountFromOrganization", *in.AccountId)
}
