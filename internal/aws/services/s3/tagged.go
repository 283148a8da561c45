package s3

import (
	"context"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Tagged lists the buckets of an account in a Region, for the Tag Editor.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	var out []api.Tagged
	err := s.store.View(ctx, func(tx *store.Tx) error {
		list, err := buckets.By(tx, store.Scope{}, "owner", account, store.Page{})
		for _, b := range list {
			if b.Region == region {
				out = append(out, api.Tagged{ARN: b.arn(), Type: "s3:bucket", Tags: b.Tags})
			}
		}
		return err
	})
	return out, err
}

// TagActions names the IAM actions for tagging a bucket.
func (s *Service) TagActions(arn string) (tag, untag string, ok bool) {
	name, ok := strings.CutPrefix(arn, "arn:aws:s3:::")
	if !ok || name == "" || strings.Contains(name, "/") {
		return "", "", false
	}
	return "s3:PutBucketTagging", "s3:PutBucketTagging", true
}
