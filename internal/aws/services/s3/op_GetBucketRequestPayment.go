package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
)

// GetBucketRequestPayment answers that the owner pays: it cannot be changed.
func (s *Service) GetBucketRequestPayment(ctx context.Context, in *s3.GetBucketRequestPaymentInput) (*s3.GetBucketRequestPaymentOutput, error) {
	if _, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner); err != nil {
		return nil, err
	}
	return &s3.GetBucketRequestPaymentOutput{Payer: types.PayerBucketOwner}, nil
}

func (s *Service) getBucketRequestPaymentChecks(ctx context.Context, in *s3.GetBucketRequestPaymentInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetBucketRequestPayment")
}
