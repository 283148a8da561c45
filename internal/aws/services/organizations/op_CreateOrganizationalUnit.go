package organizations

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateOrganizationalUnit makes a unit below the root or another unit.
func (s *Service) CreateOrganizationalUnit(ctx context.Context, in *organizations.CreateOrganizationalUnitInput) (*organizations.CreateOrganizationalUnitOutput, error) {
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	out := &organizations.CreateOrganizationalUnitOutput{}
	id := s.ids.Lower(8)
	err = s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := wantParent(tx, o, *in.ParentId); err != nil {
			return err
		}
		path, err := above(tx, o, *in.ParentId)
		if err != nil {
			return err
		}
		if len(path) > maxDepth {
			return violation(types.ConstraintViolationExceptionReasonOuDepthLimitExceeded, "You have exceeded the maximum depth of organizational units.")
		}
		all, err := units.By(tx, store.Scope{}, "organization", o.ID, store.Page{})
		if err != nil {
			return err
		}
		if len(all) >= maxUnits {
			return violation(types.ConstraintViolationExceptionReasonOuNumberLimitExceeded, "You have exceeded the number of organizational units that an organization may have.")
		}
		u := &unit{ID: "ou-" + o.Root[len("r-"):] + "-" + id, Organization: o.ID, Parent: *in.ParentId, Name: *in.Name, Tags: tags}
		if err := freeName(tx, o, u.Parent, u.Name, u.ID); err != nil {
			return err
		}
		out.OrganizationalUnit = u.shown(o)
		return errors.Join(units.Put(tx, store.Scope{}, u), o.attachFull(tx, u.ID))
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) createOrganizationalUnitChecks(ctx context.Context, in *organizations.CreateOrganizationalUnitInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "CreateOrganizationalUnit", *in.ParentId)
	return tagged(checks, err, in.Tags)
}
