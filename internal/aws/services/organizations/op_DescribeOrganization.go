package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeOrganization shows the organization of the caller's account; members
// may see it too.
func (s *Service) DescribeOrganization(ctx context.Context, _ *organizations.DescribeOrganizationInput) (*organizations.DescribeOrganizationOutput, error) {
	out := &organizations.DescribeOrganizationOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		o, err := find(tx, api.CallFrom(ctx).Account)
		if err != nil {
			return err
		}
		m, err := members.Get(tx, store.Scope{}, o.Management)
		if err == nil {
			out.Organization = o.shown(m)
		}
		return err
	})
	return out, err
}

func (s *Service) describeOrganizationChecks(context.Context, *organizations.DescribeOrganizationInput) ([]api.Check, error) {
	return api.OnAny("organizations:DescribeOrganization"), nil
}
