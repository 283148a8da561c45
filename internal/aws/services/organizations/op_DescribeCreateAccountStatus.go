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

// DescribeCreateAccountStatus shows how a CreateAccount went.
func (s *Service) DescribeCreateAccountStatus(ctx context.Context, in *organizations.DescribeCreateAccountStatusInput) (*organizations.DescribeCreateAccountStatusOutput, error) {
	out := &organizations.DescribeCreateAccountStatusOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		r, err := requests.Get(tx, store.Scope{}, *in.CreateAccountRequestId)
		if errors.Is(err, store.ErrNotFound) || err == nil && r.Organization != o.ID {
			return &types.CreateAccountStatusNotFoundException{Message: aws.String("You specified a create account request that doesn't exist.")}
		}
		if err == nil {
			out.CreateAccountStatus = r.shown()
		}
		return err
	})
	return out, err
}

func (s *Service) describeCreateAccountStatusChecks(context.Context, *organizations.DescribeCreateAccountStatusInput) ([]api.Check, error) {
	return api.OnAny("organizations:DescribeCreateAccountStatus"), nil
}
