package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetInstanceProfile shows an instance profile with its role and tags.
func (s *Service) GetInstanceProfile(ctx context.Context, in *iam.GetInstanceProfileInput) (*iam.GetInstanceProfileOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	out := &iam.GetInstanceProfileOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		p, err := findProfile(tx, sc, *in.InstanceProfileName)
		if err != nil {
			return err
		}
		if out.InstanceProfile, err = p.shown(tx, sc); err != nil {
			return err
		}
		out.InstanceProfile.Tags = tagList(p.Tags)
		return nil
	})
	return out, err
}

func (s *Service) getInstanceProfileChecks(ctx context.Context, in *iam.GetInstanceProfileInput) ([]api.Check, error) {
	return s.checksOfProfile(ctx, "iam:GetInstanceProfile", in.InstanceProfileName)
}
