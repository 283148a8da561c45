package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListDesktopPoliciesInput asks for one page of a directory's policies.
type ListDesktopPoliciesInput struct {
	DirectoryId, NextToken *string
	MaxResults             *int32
}

// ListDesktopPoliciesOutput is one page of policies, by id.
type ListDesktopPoliciesOutput struct {
	Policies  []DesktopPolicy
	NextToken *string
}

// ListDesktopPolicies returns one page of a directory's policies.
func (s *Service) ListDesktopPolicies(ctx context.Context, in *ListDesktopPoliciesInput) (*ListDesktopPoliciesOutput, error) {
	call := api.CallFrom(ctx)
	limit := 100
	if in.MaxResults != nil {
		limit = int(*in.MaxResults)
	}
	list := "ListDesktopPolicies " + *in.DirectoryId
	page := store.Page{Limit: limit + 1} // one more tells whether there is a next page
	if in.NextToken != nil {
		after, ok := api.After(list, *in.NextToken)
		if !ok {
			return nil, invalidPolicy("The specified token isn't valid.")
		}
		page.After = after
	}
	var found []*deskPolicy
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		found, err = policies.By(tx, store.In(call.Place()), "directory", *in.DirectoryId, page)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ListDesktopPoliciesOutput{Policies: []DesktopPolicy{}}
	if len(found) > limit {
		found = found[:limit]
		token := api.Token(list, found[limit-1].ID)
		out.NextToken = &token
	}
	for _, p := range found {
		out.Policies = append(out.Policies, p.shown())
	}
	return out, nil
}

func (s *Service) listDesktopPoliciesChecks(ctx context.Context, in *ListDesktopPoliciesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaceDirectories"), nil
}
