package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListChildren lists the ids of the accounts or of the units right below a parent.
func (s *Service) ListChildren(ctx context.Context, in *organizations.ListChildrenInput) (*organizations.ListChildrenOutput, error) {
	out := &organizations.ListChildrenOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		if err := wantParent(tx, o, *in.ParentId); err != nil {
			return err
		}
		var ids []string
		if in.ChildType == types.ChildTypeAccount {
			all, err := membersIn(tx, o, *in.ParentId)
			if err != nil {
				return err
			}
			for _, m := range all {
				ids = append(ids, m.Account)
			}
		} else {
			all, err := unitsIn(tx, o, *in.ParentId)
			if err != nil {
				return err
			}
			for _, u := range all {
				ids = append(ids, u.ID)
			}
		}
		shown, next, err := page("ListChildren", in.NextToken, in.MaxResults, ids, func(id string) string { return id })
		for _, id := range shown {
			out.Children = append(out.Children, types.Child{Id: aws.String(id), Type: in.ChildType})
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listChildrenChecks(ctx context.Context, in *organizations.ListChildrenInput) ([]api.Check, error) {
	return s.on(ctx, "ListChildren", *in.ParentId)
}
