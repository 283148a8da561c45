package statemanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/store"
)

// UpdateAssociation makes a new version of an association. What the request
// leaves out is empty afterwards, as on AWS; the document stays, and so do the
// targets, which an association cannot be without.
func (s *Service) UpdateAssociation(ctx context.Context, in *ssm.UpdateAssociationInput) (*ssm.UpdateAssociationOutput, error) {
	call := api.CallFrom(ctx)
	scope, now := store.In(call.Place()), s.clk.Now()
	out := &ssm.UpdateAssociationOutput{}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		a, err := find(tx, scope, *in.AssociationId)
		if err != nil {
			return err
		}
		if v := str(in.AssociationVersion); v != "" && v != "$LATEST" && v != *decimal(a.Version) {
			return noVersion()
		}
		if a.Version >= maxVersions {
			return &types.AssociationVersionLimitExceeded{Message: new("You have reached the maximum number versions allowed for an association. Each association has a limit of 1,000 versions.")}
		}
		r := ofUpdate(in, a.Document)
		if a.InstanceID != "" && len(r.Targets) == 0 {
			r.instance = a.InstanceID
		} else if len(r.Targets) == 0 {
			r.Targets = a.Targets
		}
		if err := s.check(tx, scope, &r); err != nil {
			return err
		}
		a.Version++
		a.settings, a.InstanceID = r.settings, r.instance
		if err := a.put(tx, scope, now); err != nil {
			return err
		}
		st, err := stand(tx, scope, a.ID)
		out.AssociationDescription = a.describe(st)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// updateAssociationChecks asks for the association, for the document and nodes
// that it gets, and for the right to describe it (API reference,
// UpdateAssociation).
func (s *Service) updateAssociationChecks(ctx context.Context, in *ssm.UpdateAssociationInput) ([]api.Check, error) {
	checks, err := s.onAssociation(ctx, "ssm:UpdateAssociation", *in.AssociationId)
	if err != nil {
		return nil, err
	}
	described, err := s.onAssociation(ctx, "ssm:DescribeAssociation", *in.AssociationId)
	if err != nil {
		return nil, err
	}
	checks = append(checks, described...)
	r := ofUpdate(in, "")
	more, err := reference.Checks(ctx, s.ports.Parameters, reference.Names(r.Parameters))
	if r.Document != "" {
		more, err = s.onWhole(ctx, "ssm:UpdateAssociation", &r)
	}
	return append(checks, more...), err
}
