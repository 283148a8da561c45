package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetGroup shows a group and a page of its users.
func (s *Service) GetGroup(ctx context.Context, in *iam.GetGroupInput) (*iam.GetGroupOutput, error) {
	call := api.CallFrom(ctx)
	out := &iam.GetGroupOutput{Users: []types.User{}}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		g, err := findGroup(tx, store.Scope{Account: call.Account}, *in.GroupName)
		if err != nil {
			return err
		}
		all, err := membersOf(tx, store.Scope{Account: call.Account}, g.ID)
		if err != nil {
			return err
		}
		members, page, err := pageFrom(all, asked{"GetGroup", in.Marker, in.MaxItems}, users.Key)
		for _, u := range members {
			out.Users = append(out.Users, *u.shown(call.Account))
		}
		out.Group, out.IsTruncated, out.Marker = g.shown(call.Account), page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) getGroupChecks(ctx context.Context, in *iam.GetGroupInput) ([]api.Check, error) {
	return s.checksOfGroup(ctx, "iam:GetGroup", *in.GroupName)
}
