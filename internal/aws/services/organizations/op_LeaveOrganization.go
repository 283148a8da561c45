package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// LeaveOrganization takes the caller's account out of its organization.
func (s *Service) LeaveOrganization(ctx context.Context, in *organizations.LeaveOrganizationInput) (*organizations.LeaveOrganizationOutput, error) {
	account := api.CallFrom(ctx).Account
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		o, err := find(tx, account)
		if err != nil {
			return err
		}
		m, err := wantMember(tx, o, account)
		if err != nil {
			return err
		}
		return m.leave(tx, o, api.CallFrom(ctx).Time)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.LeaveOrganizationOutput{}, nil
}

func (s *Service) leaveOrganizationChecks(ctx context.Context, in *organizations.LeaveOrganizationInput) ([]api.Check, error) {
	return anywhere("LeaveOrganization")
}
