package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
)

// ListUserTags lists the tags of a user in the order of their keys.
func (s *Service) ListUserTags(ctx context.Context, in *iam.ListUserTagsInput) (*iam.ListUserTagsOutput, error) {
	tags, end, err := listTags(ctx, s, findUser, *in.UserName, func(u *user) map[string]string { return u.Tags }, asked{"ListUserTags", in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &iam.ListUserTagsOutput{Tags: tags, IsTruncated: end.truncated, Marker: end.marker}, nil
}

func (s *Service) listUserTagsChecks(ctx context.Context, in *iam.ListUserTagsInput) ([]api.Check, error) {
	return s.checksOfUser(ctx, "iam:ListUserTags", in.UserName)
}
