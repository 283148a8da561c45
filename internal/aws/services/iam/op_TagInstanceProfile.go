package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// TagInstanceProfile adds tags to an instance profile, or gives those that are
// there new values.
func (s *Service) TagInstanceProfile(ctx context.Context, in *iam.TagInstanceProfileInput) (*iam.TagInstanceProfileOutput, error) {
	err := s.changeProfile(ctx, *in.InstanceProfileName, func(_ *store.Tx, _ store.Scope, p *profile) (err error) {
		p.Tags, err = addTags(p.Tags, in.Tags)
		return err
	})
	return &iam.TagInstanceProfileOutput{}, err
}

func (s *Service) tagInstanceProfileChecks(ctx context.Context, in *iam.TagInstanceProfileInput) ([]api.Check, error) {
	c, err := s.checkProfile(ctx, "iam:TagInstanceProfile", *in.InstanceProfileName)
	return []api.Check{withRequestTags(c, in.Tags)}, err
}
