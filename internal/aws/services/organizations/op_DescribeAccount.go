package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeAccount shows an account of the organization.
func (s *Service) DescribeAccount(ctx context.Context, in *organizations.DescribeAccountInput) (*organizations.DescribeAccountOutput, error) {
	out := &organizations.DescribeAccountOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		m, err := wantMember(tx, o, *in.AccountId)
		if err == nil {
			out.Account = m.shown(o)
		}
		return err
	})
	return out, err
}

func (s *Service) describeAccountChecks(ctx context.Context, in *organizations.DescribeAccountInput) ([]api.Check, error) {
	return s.on(ctx, "DescribeAccount", *in.AccountId)
}
