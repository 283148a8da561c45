package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListUsers lists the users below a path, without tags and boundaries, as AWS
// does.
func (s *Service) ListUsers(ctx context.Context, in *iam.ListUsersInput) (*iam.ListUsersOutput, error) {
	call := api.CallFrom(ctx)
	out := &iam.ListUsersOutput{Users: []types.User{}}
	below := func(u *user) bool { return strings.HasPrefix(u.Path, aws.ToString(in.PathPrefix)) }
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, page, err := pageOf(tx, &users, scopeOf(call), asked{"ListUsers", in.Marker, in.MaxItems}, below)
		for _, u := range found {
			out.Users = append(out.Users, *u.shown(call.Account))
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listUsersChecks(ctx context.Context, in *iam.ListUsersInput) ([]api.Check, error) {
	return api.OnAny("iam:ListUsers"), nil
}
