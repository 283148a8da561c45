package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateOrganizationalUnit gives a unit another name.
func (s *Service) UpdateOrganizationalUnit(ctx context.Context, in *organizations.UpdateOrganizationalUnitInput) (*organizations.UpdateOrganizationalUnitOutput, error) {
	out := &organizations.UpdateOrganizationalUnitOutput{}
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		u, err := wantUnit(tx, o, *in.OrganizationalUnitId)
		if err != nil {
			return err
		}
		if in.Name != nil {
			if err := freeName(tx, o, u.Parent, *in.Name, u.ID); err != nil {
				return err
			}
			u.Name = *in.Name
		}
		out.OrganizationalUnit = u.shown(o)
		return units.Put(tx, store.Scope{}, u)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) updateOrganizationalUnitChecks(ctx context.Context, in *organizations.UpdateOrganizationalUnitInput) ([]api.Check, error) {
	return s.on(ctx, "UpdateOrganizationalUnit", *in.OrganizationalUnitId)
}
