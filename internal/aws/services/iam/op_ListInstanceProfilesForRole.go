package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListInstanceProfilesForRole lists the instance profiles that have a role.
func (s *Service) ListInstanceProfilesForRole(ctx context.Context, in *iam.ListInstanceProfilesForRoleInput) (*iam.ListInstanceProfilesForRoleOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	out := &iam.ListInstanceProfilesForRoleOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		r, err := findRole(tx, sc, *in.RoleName)
		if err != nil {
			return err
		}
		all, err := profiles.By(tx, sc, "role", strings.ToLower(r.Name), store.Page{})
		if err != nil {
			return err
		}
		found, page, err := pageFrom(all, asked{"ListInstanceProfilesForRole", in.Marker, in.MaxItems}, profiles.Key)
		if err != nil {
			return err
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		out.InstanceProfiles, err = shownProfiles(tx, sc, found)
		return err
	})
	return out, err
}

func (s *Service) listInstanceProfilesForRoleChecks(ctx context.Context, in *iam.ListInstanceProfilesForRoleInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:ListInstanceProfilesForRole", in.RoleName)
}
