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

// CloseAccount suspends an account: none of its credentials works any more.
// What it has stays, as on AWS for ninety days.
func (s *Service) CloseAccount(ctx context.Context, in *organizations.CloseAccountInput) (*organizations.CloseAccountOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		m, err := wantMember(tx, o, *in.AccountId)
		switch {
		case err != nil:
			return err
		case m.Account == o.Management:
			return violation(types.ConstraintViolationExceptionReasonCannotCloseManagementAccount, "You can't close the management account.")
		case m.Closed:
			return &types.AccountAlreadyClosedException{Message: aws.String("The account is already closed.")}
		}
		m.Closed = true
		now := api.CallFrom(ctx).Time.UTC()
		return errors.Join(members.Put(tx, store.Scope{}, m), s.tell(tx, o, now, "CloseAccountResult", map[string]any{"closeAccountStatus": map[string]string{
			"accountId": m.Account, "state": "SUCCEEDED", "requestedTimestamp": spoken(now), "completedTimestamp": spoken(now),
		}}))
	})
	if err != nil {
		return nil, err
	}
	return &organizations.CloseAccountOutput{}, nil
}

func (s *Service) closeAccountChecks(ctx context.Context, in *organizations.CloseAccountInput) ([]api.Check, error) {
	return s.on(ctx, "CloseAccount", *in.AccountId)
}
