package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeOrganizationalUnit shows a unit.
func (s *Service) DescribeOrganizationalUnit(ctx context.Context, in *organizations.DescribeOrganizationalUnitInput) (*organizations.DescribeOrganizationalUnitOutput, error) {
	out := &organizations.DescribeOrganizationalUnitOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		u, err := wantUnit(tx, o, *in.OrganizationalUnitId)
		if err == nil {
			out.OrganizationalUnit = u.shown(o)
		}
		return err
	})
	return out, err
}

func (s *Service) describeOrganizationalUnitChecks(ctx context.Context, in *organizations.DescribeOrganizationalUnitInput) ([]api.Check, error) {
	return s.on(ctx, "DescribeOrganizationalUnit", *in.OrganizationalUnitId)
}
