package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListPolicyTags lists a managed policy's tags in the order of their keys.
func (s *Service) ListPolicyTags(ctx context.Context, in *iam.ListPolicyTagsInput) (*iam.ListPolicyTagsOutput, error) {
	tags, end, err := listTags(ctx, s, findManaged, *in.PolicyArn, func(m *managed) map[string]string { return m.Tags }, asked{"ListPolicyTags", in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &iam.ListPolicyTagsOutput{Tags: tags, IsTruncated: end.truncated, Marker: end.marker}, nil
}

func (s *Service) listPolicyTagsChecks(ctx context.Context, in *iam.ListPolicyTagsInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:ListPolicyTags", in.PolicyArn)
}
