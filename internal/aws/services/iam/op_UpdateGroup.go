package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateGroup renames a group or moves it to another path; its users stay.
func (s *Service) UpdateGroup(ctx context.Context, in *iam.UpdateGroupInput) (*iam.UpdateGroupOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := findGroup(tx, sc, *in.GroupName)
		if err != nil {
			return err
		}
		return rename(tx, &groups, sc, g, func() { g.update(in) }, func() error { return freeGroupName(tx, sc, g.Name) })
	})
	return &iam.UpdateGroupOutput{}, err
}

func (s *Service) updateGroupChecks(ctx context.Context, in *iam.UpdateGroupInput) ([]api.Check, error) {
	checks, err := s.checksOfGroup(ctx, "iam:UpdateGroup", *in.GroupName)
	if err != nil {
		return nil, err
	}
	g, err := renamed(ctx, s, &groups, *in.GroupName, &group{Name: *in.GroupName, Path: "/"})
	if err != nil {
		return nil, err
	}
	g.update(in)
	return append(checks, api.Check{Action: "iam:UpdateGroup", Resource: g.arn(api.CallFrom(ctx).Account)}), nil
}

func (g *group) update(in *iam.UpdateGroupInput) {
	set(&g.Name, in.NewGroupName)
	set(&g.Path, in.NewPath)
}
