package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UntagInstanceProfile takes tags off an instance profile.
func (s *Service) UntagInstanceProfile(ctx context.Context, in *iam.UntagInstanceProfileInput) (*iam.UntagInstanceProfileOutput, error) {
	err := s.changeProfile(ctx, *in.InstanceProfileName, func(_ *store.Tx, _ store.Scope, p *profile) error {
		p.Tags = removeTags(p.Tags, in.TagKeys)
		return nil
	})
	return &iam.UntagInstanceProfileOutput{}, err
}

func (s *Service) untagInstanceProfileChecks(ctx context.Context, in *iam.UntagInstanceProfileInput) ([]api.Check, error) {
	c, err := s.checkProfile(ctx, "iam:UntagInstanceProfile", *in.InstanceProfileName)
	return []api.Check{withTagKeys(c, in.TagKeys)}, err
}
