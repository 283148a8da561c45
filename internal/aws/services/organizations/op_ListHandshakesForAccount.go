package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListHandshakesForAccount lists the invitations of the caller's account.
func (s *Service) ListHandshakesForAccount(ctx context.Context, in *organizations.ListHandshakesForAccountInput) (*organizations.ListHandshakesForAccountOutput, error) {
	call := api.CallFrom(ctx)
	out := &organizations.ListHandshakesForAccountOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		all, err := handshakes.By(tx, store.Scope{}, "account", call.Account, store.Page{})
		if err != nil {
			return err
		}
		out.Handshakes, out.NextToken, err = shownOf("ListHandshakesForAccount", call.Time, in.NextToken, in.MaxResults, in.Filter, all)
		return err
	})
	return out, err
}

func (s *Service) listHandshakesForAccountChecks(ctx context.Context, in *organizations.ListHandshakesForAccountInput) ([]api.Check, error) {
	return anywhere("ListHandshakesForAccount")
}
