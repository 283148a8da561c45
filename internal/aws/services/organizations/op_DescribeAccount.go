package organizations

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeAccount shows an account of the organization.
func (s *Service) DescribeAccount(ctx context.Context, in *organizations.DescribeAccountInput) (*organizations.DescribeAccountOutput, error) {
	out := &organizations.DescribeAccountOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		m, err := members.Get(tx, store.Scope{}, *in.AccountId)
		if errors.Is(err, store.ErrNotFound) || err == nil && m.Organization != o.ID {
			return &types.AccountNotFoundException{Message: aws.String("You specified an account that doesn't exist.")}
		}
		if err == nil {
			out.Account = m.shown(o)
		}
		return err
	})
	return out, err
}

// describeAccountChecks asks for the account, with the tags that it has.
func (s *Service) describeAccountChecks(ctx context.Context, in *organizations.DescribeAccountInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	// An account without organization learns so from the operation.
	c := api.Check{Action: "organizations:DescribeAccount", Resource: arn.New("organizations", "", call.Account, "account/o-0000000000/"+*in.AccountId).String()}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		o, err := find(tx, call.Account)
		if err != nil {
			return err
		}
		c.Resource = o.arn("account", *in.AccountId)
		m, err := members.Get(tx, store.Scope{}, *in.AccountId)
		if err == nil && m.Organization == o.ID {
			c.Tags = m.Tags
		}
		return err
	})
	if _, known := errors.AsType[smithy.APIError](err); known || errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return []api.Check{c}, err
}
