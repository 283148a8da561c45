package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
)

// ListAccountsForParent lists the accounts right below a parent.
func (s *Service) ListAccountsForParent(ctx context.Context, in *organizations.ListAccountsForParentInput) (*organizations.ListAccountsForParentOutput, error) {
	shown, next, err := below(ctx, s, parent{"ListAccountsForParent", *in.ParentId, in.NextToken, in.MaxResults}, membersIn, members.Key, (*member).shown)
	return &organizations.ListAccountsForParentOutput{Accounts: shown, NextToken: next}, err
}

func (s *Service) listAccountsForParentChecks(ctx context.Context, in *organizations.ListAccountsForParentInput) ([]api.Check, error) {
	return s.on(ctx, "ListAccountsForParent", *in.ParentId)
}
