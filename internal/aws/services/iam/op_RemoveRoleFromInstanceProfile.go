package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// RemoveRoleFromInstanceProfile takes the role out of an instance profile.
func (s *Service) RemoveRoleFromInstanceProfile(ctx context.Context, in *iam.RemoveRoleFromInstanceProfileInput) (*iam.RemoveRoleFromInstanceProfileOutput, error) {
	err := s.changeProfile(ctx, *in.InstanceProfileName, func(_ *store.Tx, _ store.Scope, p *profile) error {
		if !strings.EqualFold(p.Role, *in.RoleName) {
			return noSuch("The role with name %s cannot be found.", *in.RoleName)
		}
		p.Role = ""
		return nil
	})
	return &iam.RemoveRoleFromInstanceProfileOutput{}, err
}

func (s *Service) removeRoleFromInstanceProfileChecks(ctx context.Context, in *iam.RemoveRoleFromInstanceProfileInput) ([]api.Check, error) {
	return s.checksOfProfile(ctx, "iam:RemoveRoleFromInstanceProfile", in.InstanceProfileName)
}
