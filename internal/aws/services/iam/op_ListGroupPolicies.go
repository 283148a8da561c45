package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListGroupPolicies lists the names of the inline policies of a group.
func (s *Service) ListGroupPolicies(ctx context.Context, in *iam.ListGroupPoliciesInput) (*iam.ListGroupPoliciesOutput, error) {
	names, page, err := s.listInline(ctx, ofGroup, *in.GroupName, asked{"ListGroupPolicies", in.Marker, in.MaxItems})
	return &iam.ListGroupPoliciesOutput{PolicyNames: names, IsTruncated: page.truncated, Marker: page.marker}, err
}

func (s *Service) listGroupPoliciesChecks(ctx context.Context, in *iam.ListGroupPoliciesInput) ([]api.Check, error) {
	return s.checksOfHolder(ctx, "iam:ListGroupPolicies", ofGroup, *in.GroupName, "")
}
