package organizations

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListCreateAccountStatus lists how the organization's requests for accounts
// went, those of the given states or all.
func (s *Service) ListCreateAccountStatus(ctx context.Context, in *organizations.ListCreateAccountStatusInput) (*organizations.ListCreateAccountStatusOutput, error) {
	out := &organizations.ListCreateAccountStatusOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		all, err := requests.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
		if err != nil {
			return err
		}
		if len(in.States) > 0 {
			all = slices.DeleteFunc(all, func(r *request) bool { return !slices.Contains(in.States, types.CreateAccountState(r.State)) })
		}
		shown, next, err := page("ListCreateAccountStatus", in.NextToken, in.MaxResults, all, requests.Key)
		for _, r := range shown {
			out.CreateAccountStatuses = append(out.CreateAccountStatuses, *r.shown())
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listCreateAccountStatusChecks(context.Context, *organizations.ListCreateAccountStatusInput) ([]api.Check, error) {
	return api.OnAny("organizations:ListCreateAccountStatus"), nil
}
