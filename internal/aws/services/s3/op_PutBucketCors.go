package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutBucketCors says which pages of other origins may use a bucket, in the
// place of what was said before.
func (s *Service) PutBucketCors(ctx context.Context, in *s3.PutBucketCorsInput) (*s3.PutBucketCorsOutput, error) {
	if in.CORSConfiguration == nil {
		return nil, malformedXML()
	}
	rules, err := readCORS(in.CORSConfiguration.CORSRules)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(_ *store.Tx, b *bucket) error {
		b.CORS = rules
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutBucketCorsOutput), nil
}

func (s *Service) putBucketCorsChecks(ctx context.Context, in *s3.PutBucketCorsInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketCORS")
}
