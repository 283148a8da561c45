package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListAttachedGroupPolicies lists the managed policies of a group under a path, in the
// order of their ARNs.
func (s *Service) ListAttachedGroupPolicies(ctx context.Context, in *iam.ListAttachedGroupPoliciesInput) (*iam.ListAttachedGroupPoliciesOutput, error) {
	found, page, err := s.listAttached(ctx, ofGroup, *in.GroupName, in.PathPrefix, asked{"ListAttachedGroupPolicies", in.Marker, in.MaxItems})
	return &iam.ListAttachedGroupPoliciesOutput{AttachedPolicies: found, IsTruncated: page.truncated, Marker: page.marker}, err
}

func (s *Service) listAttachedGroupPoliciesChecks(ctx context.Context, in *iam.ListAttachedGroupPoliciesInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:ListAttachedGroupPolicies", ofGroup, *in.GroupName, "")
}
