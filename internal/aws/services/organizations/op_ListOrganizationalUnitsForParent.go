package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
)

// ListOrganizationalUnitsForParent lists the units right below a parent.
func (s *Service) ListOrganizationalUnitsForParent(ctx context.Context, in *organizations.ListOrganizationalUnitsForParentInput) (*organizations.ListOrganizationalUnitsForParentOutput, error) {
	shown, next, err := below(ctx, s, parent{"ListOrganizationalUnitsForParent", *in.ParentId, in.NextToken, in.MaxResults}, unitsIn, units.Key, (*unit).shown)
	return &organizations.ListOrganizationalUnitsForParentOutput{OrganizationalUnits: shown, NextToken: next}, err
}

func (s *Service) listOrganizationalUnitsForParentChecks(ctx context.Context, in *organizations.ListOrganizationalUnitsForParentInput) ([]api.Check, error) {
	return s.on(ctx, "ListOrganizationalUnitsForParent", *in.ParentId)
}
