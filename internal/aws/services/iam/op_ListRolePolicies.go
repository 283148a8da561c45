package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListRolePolicies lists the names of the inline policies of a role.
func (s *Service) ListRolePolicies(ctx context.Context, in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput, error) {
	names, page, err := s.listInline(ctx, ofRole, *in.RoleName, asked{"ListRolePolicies", in.Marker, in.MaxItems})
	return &iam.ListRolePoliciesOutput{PolicyNames: names, IsTruncated: page.truncated, Marker: page.marker}, err
}

func (s *Service) listRolePoliciesChecks(ctx context.Context, in *iam.ListRolePoliciesInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:ListRolePolicies", ofRole, *in.RoleName, "")
}
