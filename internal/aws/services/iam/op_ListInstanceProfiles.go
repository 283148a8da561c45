package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListInstanceProfiles lists the instance profiles under a path, with their
// roles, in the order of their names.
func (s *Service) ListInstanceProfiles(ctx context.Context, in *iam.ListInstanceProfilesInput) (*iam.ListInstanceProfilesOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	out := &iam.ListInstanceProfilesOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, page, err := pageOf(tx, &profiles, sc, asked{"ListInstanceProfiles", in.Marker, in.MaxItems}, below(in.PathPrefix, func(p *profile) string { return p.Path }))
		if err != nil {
			return err
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		out.InstanceProfiles, err = shownProfiles(tx, sc, found)
		return err
	})
	return out, err
}

func (s *Service) listInstanceProfilesChecks(context.Context, *iam.ListInstanceProfilesInput) ([]api.Check, error) {
	return api.OnAny("iam:ListInstanceProfiles"), nil
}

func shownProfiles(tx *store.Tx, sc store.Scope, found []*profile) ([]types.InstanceProfile, error) {
	out := make([]types.InstanceProfile, 0, len(found))
	for _, p := range found {
		shown, err := p.shown(tx, sc)
		if err != nil {
			return nil, err
		}
		out = append(out, *shown)
	}
	return out, nil
}
