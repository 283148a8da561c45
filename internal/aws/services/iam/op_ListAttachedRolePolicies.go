package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListAttachedRolePolicies lists the managed policies of a role under a path, in the
// order of their ARNs.
func (s *Service) ListAttachedRolePolicies(ctx context.Context, in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
	found, page, err := s.listAttached(ctx, ofRole, *in.RoleName, in.PathPrefix, asked{"ListAttachedRolePolicies", in.Marker, in.MaxItems})
	return &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: found, IsTruncated: page.truncated, Marker: page.marker}, err
}

func (s *Service) listAttachedRolePoliciesChecks(ctx context.Context, in *iam.ListAttachedRolePoliciesInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:ListAttachedRolePolicies", ofRole, *in.RoleName, "")
}
