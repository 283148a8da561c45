package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListPolicyTags lists a managed policy's tags in the order of their keys.
func (s *Service) ListPolicyTags(ctx context.Context, in *iam.ListPolicyTagsInput) (*iam.ListPolicyTagsOutput, error) {
	out := &iam.ListPolicyTagsOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, err := findManaged(tx, store.Scope{Account: api.CallFrom(ctx).Account}, *in.PolicyArn)
		if err != nil {
			return err
		}
		tags, page, err := pageTags(m.Tags, asked{"ListPolicyTags", in.Marker, in.MaxItems})
		out.Tags, out.IsTruncated, out.Marker = tags, page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listPolicyTagsChecks(ctx context.Context, in *iam.ListPolicyTagsInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:ListPolicyTags", in.PolicyArn)
}
