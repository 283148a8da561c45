package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListAccountsForParent lists the accounts right below a parent.
func (s *Service) ListAccountsForParent(ctx context.Context, in *organizations.ListAccountsForParentInput) (*organizations.ListAccountsForParentOutput, error) {
	out := &organizations.ListAccountsForParentOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		if err := wantParent(tx, o, *in.ParentId); err != nil {
			return err
		}
		all, err := membersIn(tx, o, *in.ParentId)
		if err != nil {
			return err
		}
		shown, next, err := page("ListAccountsForParent", in.NextToken, in.MaxResults, all, members.Key)
		for _, m := range shown {
			out.Accounts = append(out.Accounts, *m.shown(o))
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listAccountsForParentChecks(ctx context.Context, in *organizations.ListAccountsForParentInput) ([]api.Check, error) {
	return s.on(ctx, "ListAccountsForParent", *in.ParentId)
}
