package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListUserPolicies lists the names of the inline policies of a user.
func (s *Service) ListUserPolicies(ctx context.Context, in *iam.ListUserPoliciesInput) (*iam.ListUserPoliciesOutput, error) {
	names, page, err := s.listInline(ctx, ofUser, *in.UserName, asked{"ListUserPolicies", in.Marker, in.MaxItems})
	return &iam.ListUserPoliciesOutput{PolicyNames: names, IsTruncated: page.truncated, Marker: page.marker}, err
}

func (s *Service) listUserPoliciesChecks(ctx context.Context, in *iam.ListUserPoliciesInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:ListUserPolicies", ofUser, *in.UserName, "")
}
