package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListGroupsForUser lists the groups that a user is in.
func (s *Service) ListGroupsForUser(ctx context.Context, in *iam.ListGroupsForUserInput) (*iam.ListGroupsForUserOutput, error) {
	call := api.CallFrom(ctx)
	out := &iam.ListGroupsForUserOutput{Groups: []types.Group{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		u, err := findUser(tx, store.Scope{Account: call.Account}, *in.UserName)
		if err != nil {
			return err
		}
		all, err := groupsOf(tx, store.Scope{Account: call.Account}, u.ID)
		if err != nil {
			return err
		}
		found, page, err := pageFrom(all, asked{"ListGroupsForUser", in.Marker, in.MaxItems}, groups.Key)
		for _, g := range found {
			out.Groups = append(out.Groups, *g.shown(call.Account))
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listGroupsForUserChecks(ctx context.Context, in *iam.ListGroupsForUserInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:ListGroupsForUser", in.UserName)
}
