package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribePolicy shows a policy with its text.
func (s *Service) DescribePolicy(ctx context.Context, in *organizations.DescribePolicyInput) (*organizations.DescribePolicyOutput, error) {
	out := &organizations.DescribePolicyOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		p, err := wantPolicy(tx, o, *in.PolicyId)
		if err == nil {
			out.Policy = p.shown(o)
		}
		return err
	})
	return out, err
}

func (s *Service) describePolicyChecks(ctx context.Context, in *organizations.DescribePolicyInput) ([]api.Check, error) {
	return s.onPolicy(ctx, "DescribePolicy", *in.PolicyId)
}
