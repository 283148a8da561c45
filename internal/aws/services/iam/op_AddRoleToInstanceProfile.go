package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AddRoleToInstanceProfile puts a role into an instance profile, which holds
// one at most.
func (s *Service) AddRoleToInstanceProfile(ctx context.Context, in *iam.AddRoleToInstanceProfileInput) (*iam.AddRoleToInstanceProfileOutput, error) {
	err := s.changeProfile(ctx, *in.InstanceProfileName, func(tx *store.Tx, sc store.Scope, p *profile) error {
		r, err := findOwnRole(tx, sc, *in.RoleName)
		if err != nil {
			return err
		}
		if p.Role != "" {
			return overQuota("InstanceSessionsPerInstanceProfile", 1)
		}
		p.Role = r.Name
		return nil
	})
	return &iam.AddRoleToInstanceProfileOutput{}, err
}

func (s *Service) addRoleToInstanceProfileChecks(ctx context.Context, in *iam.AddRoleToInstanceProfileInput) ([]api.Check, error) {
	c, err := s.checkProfile(ctx, "iam:AddRoleToInstanceProfile", *in.InstanceProfileName)
	if err != nil {
		return nil, err
	}
	pass, err := s.checkRole(ctx, "iam:PassRole", *in.RoleName)
	return []api.Check{c, withKey(pass, "iam:PassedToService", "ec2.amazonaws.com")}, err
}
