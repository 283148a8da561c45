package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListParents shows the one parent of an account or a unit.
func (s *Service) ListParents(ctx context.Context, in *organizations.ListParentsInput) (*organizations.ListParentsOutput, error) {
	out := &organizations.ListParentsOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		path, err := above(tx, o, *in.ChildId)
		if err != nil {
			return err
		}
		if len(path) < 2 {
			return &types.ChildNotFoundException{Message: aws.String("You specified a child that doesn't exist.")}
		}
		parent := types.Parent{Id: aws.String(path[len(path)-2]), Type: types.ParentTypeOrganizationalUnit}
		if *parent.Id == o.Root {
			parent.Type = types.ParentTypeRoot
		}
		out.Parents, out.NextToken, err = page("ListParents", in.NextToken, in.MaxResults, []types.Parent{parent}, func(p types.Parent) string { return *p.Id })
		return err
	})
	return out, err
}

func (s *Service) listParentsChecks(ctx context.Context, in *organizations.ListParentsInput) ([]api.Check, error) {
	return s.on(ctx, "ListParents", *in.ChildId)
}
