package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListRoles lists the roles under a path in the order of their names, without
// tags, boundary and last use.
func (s *Service) ListRoles(ctx context.Context, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	call := api.CallFrom(ctx)
	out := &iam.ListRolesOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		under := func(r *role) bool { return strings.HasPrefix(r.Path, pathOr(in.PathPrefix)) }
		found, p, err := pageOf(tx, &roles, scopeOf(call), asked{"ListRoles", in.Marker, in.MaxItems}, under)
		for _, r := range found {
			out.Roles = append(out.Roles, *r.shown(call.Account))
		}
		out.IsTruncated, out.Marker = p.truncated, p.marker
		return err
	})
	return out, err
}

func (s *Service) listRolesChecks(context.Context, *iam.ListRolesInput) ([]api.Check, error) {
	return api.OnAny("iam:ListRoles"), nil
}
