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
	list, limit := "ListDesktopPolicies "+*in.DirectoryId, limitOf(in.MaxResults)
	place, err := placeOf(list, in.NextToken)
	if err != nil {
		return nil, err
	}
	var found []*deskPolicy
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		found, err = policies.By(tx, store.In(call.Place()), "directory", *in.DirectoryId, beyond(place, limit))
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ListDesktopPoliciesOutput{Policies: []DesktopPolicy{}}
	found, out.NextToken = api.Cut(list, found, limit, policies.Key)
	for _, p := range found {
		out.Policies = append(out.Policies, p.shown())
	}
	return out, nil
}

func (s *Service) listDesktopPoliciesChecks(ctx context.Context, in *ListDesktopPoliciesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaceDirectories"), nil
}
