package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListAccounts lists the accounts of the organization.
func (s *Service) ListAccounts(ctx context.Context, in *organizations.ListAccountsInput) (*organizations.ListAccountsOutput, error) {
	out := &organizations.ListAccountsOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		all, err := of(tx, o)
		if err != nil {
			return err
		}
		shown, next, err := page("ListAccounts", in.NextToken, in.MaxResults, all, members.Key)
		for _, m := range shown {
			out.Accounts = append(out.Accounts, *m.shown(o))
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listAccountsChecks(context.Context, *organizations.ListAccountsInput) ([]api.Check, error) {
	return api.OnAny("organizations:ListAccounts"), nil
}
