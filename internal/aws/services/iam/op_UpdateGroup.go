package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateGroup renames a group or moves it to another path; its users stay.
func (s *Service) UpdateGroup(ctx context.Context, in *iam.UpdateGroupInput) (*iam.UpdateGroupOutput, error) {
	sc := scopeOf(api.CallFrom(ctx))
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		g, err := findGroup(tx, sc, *in.GroupName)
		if err != nil {
			return err
		}
		was := groups.Key(g)
		g.rename(in)
		if groups.Key(g) != was {
			if err := freeGroupName(tx, sc, g.Name); err != nil {
				return err
			}
			if err := groups.Delete(tx, sc, was); err != nil {
				return err
			}
		}
		return groups.Put(tx, sc, g)
	})
	return &iam.UpdateGroupOutput{}, err
}

func (s *Service) updateGroupChecks(ctx context.Context, in *iam.UpdateGroupInput) ([]api.Check, error) {
	checks, err := s.checksOfGroup(ctx, "iam:UpdateGroup", *in.GroupName)
	if err != nil {
		return nil, err
	}
	target, err := s.targetOfGroupUpdate(ctx, in)
	return append(checks, api.Check{Action: "iam:UpdateGroup", Resource: target}), err
}

func (g *group) rename(in *iam.UpdateGroupInput) {
	if in.NewGroupName != nil {
		g.Name = *in.NewGroupName
	}
	if in.NewPath != nil {
		g.Path = *in.NewPath
	}
}

// targetOfGroupUpdate is the ARN that the group would get; the caller needs the
// right on both (IAM User Guide, "Rename an IAM user group").
func (s *Service) targetOfGroupUpdate(ctx context.Context, in *iam.UpdateGroupInput) (string, error) {
	call := api.CallFrom(ctx)
	g := &group{Name: *in.GroupName, Path: "/"}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		found, err := groups.Get(tx, scopeOf(call), strings.ToLower(*in.GroupName))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			g = found
		}
		return err
	})
	g.rename(in)
	return g.arn(call.Account), err
}
