package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListRoots shows the one root of the organization.
func (s *Service) ListRoots(ctx context.Context, in *organizations.ListRootsInput) (*organizations.ListRootsOutput, error) {
	out := &organizations.ListRootsOutput{}
	err := s.view(ctx, func(_ *store.Tx, o *organization) error {
		roots := []types.Root{*o.rootShown()}
		var err error
		out.Roots, out.NextToken, err = page("ListRoots", in.NextToken, in.MaxResults, roots, func(r types.Root) string { return *r.Id })
		return err
	})
	return out, err
}

func (s *Service) listRootsChecks(context.Context, *organizations.ListRootsInput) ([]api.Check, error) {
	return api.OnAny("organizations:ListRoots"), nil
}
