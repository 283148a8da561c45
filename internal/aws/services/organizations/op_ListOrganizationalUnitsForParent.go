package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListOrganizationalUnitsForParent lists the units right below a parent.
func (s *Service) ListOrganizationalUnitsForParent(ctx context.Context, in *organizations.ListOrganizationalUnitsForParentInput) (*organizations.ListOrganizationalUnitsForParentOutput, error) {
	out := &organizations.ListOrganizationalUnitsForParentOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		if err := wantParent(tx, o, *in.ParentId); err != nil {
			return err
		}
		all, err := unitsIn(tx, o, *in.ParentId)
		if err != nil {
			return err
		}
		shown, next, err := page("ListOrganizationalUnitsForParent", in.NextToken, in.MaxResults, all, units.Key)
		for _, u := range shown {
			out.OrganizationalUnits = append(out.OrganizationalUnits, *u.shown(o))
		}
		out.NextToken = next
		return err
	})
	return out, err
}

func (s *Service) listOrganizationalUnitsForParentChecks(ctx context.Context, in *organizations.ListOrganizationalUnitsForParentInput) ([]api.Check, error) {
	return s.on(ctx, "ListOrganizationalUnitsForParent", *in.ParentId)
}
