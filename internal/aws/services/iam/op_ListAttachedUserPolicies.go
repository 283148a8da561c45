package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListAttachedUserPolicies lists the managed policies of a user under a path, in the
// order of their ARNs.
func (s *Service) ListAttachedUserPolicies(ctx context.Context, in *iam.ListAttachedUserPoliciesInput) (*iam.ListAttachedUserPoliciesOutput, error) {
	found, page, err := s.listAttached(ctx, ofUser, *in.UserName, in.PathPrefix, asked{"ListAttachedUserPolicies", in.Marker, in.MaxItems})
	return &iam.ListAttachedUserPoliciesOutput{AttachedPolicies: found, IsTruncated: page.truncated, Marker: page.marker}, err
}

func (s *Service) listAttachedUserPoliciesChecks(ctx context.Context, in *iam.ListAttachedUserPoliciesInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:ListAttachedUserPolicies", ofUser, *in.UserName, "")
}
