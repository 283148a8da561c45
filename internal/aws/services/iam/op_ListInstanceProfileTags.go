package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListInstanceProfileTags lists an instance profile's tags in the order of
// their keys.
func (s *Service) ListInstanceProfileTags(ctx context.Context, in *iam.ListInstanceProfileTagsInput) (*iam.ListInstanceProfileTagsOutput, error) {
	tags, end, err := listTags(ctx, s, findProfile, *in.InstanceProfileName, func(p *profile) map[string]string { return p.Tags }, asked{"ListInstanceProfileTags", in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &iam.ListInstanceProfileTagsOutput{Tags: tags, IsTruncated: end.truncated, Marker: end.marker}, nil
}

func (s *Service) listInstanceProfileTagsChecks(ctx context.Context, in *iam.ListInstanceProfileTagsInput) ([]api.Check, error) {
	return s.checksOfProfile(ctx, "iam:ListInstanceProfileTags", in.InstanceProfileName)
}
