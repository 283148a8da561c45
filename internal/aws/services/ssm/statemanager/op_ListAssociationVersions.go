package statemanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListAssociationVersions lists the versions of an association, oldest first.
func (s *Service) ListAssociationVersions(ctx context.Context, in *ssm.ListAssociationVersionsInput) (*ssm.ListAssociationVersionsOutput, error) {
	const operation = "ListAssociationVersions"
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListAssociationVersionsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.AssociationVersions = []types.AssociationVersionInfo{}
		a, err := find(tx, scope, *in.AssociationId)
		if err != nil {
			return err
		}
		page := store.Page{Min: a.ID + ":", Max: a.ID + ";", After: after}
		read := func(p store.Page) ([]*version, error) { return versions.List(tx, scope, p) }
		out.NextToken, err = collect(operation, limit, page, &versions, read, func(v *version) (bool, error) {
			out.AssociationVersions = append(out.AssociationVersions, v.show())
			return true, nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) listAssociationVersionsChecks(ctx context.Context, in *ssm.ListAssociationVersionsInput) ([]api.Check, error) {
	return s.onAssociation(ctx, "ssm:ListAssociationVersions", *in.AssociationId)
}
