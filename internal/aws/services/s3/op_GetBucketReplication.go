package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// GetBucketReplication answers that the bucket is not replicated: replication cannot be put.
func (s *Service) GetBucketReplication(ctx context.Context, in *s3.GetBucketReplicationInput) (*s3.GetBucketReplicationOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return nil, fault(statusNotFound, "ReplicationConfigurationNotFoundError", "The replication configuration was not found", "BucketName", b.Name)
}

func (s *Service) getBucketReplicationChecks(ctx context.Context, in *s3.GetBucketReplicationInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "GetReplicationConfiguration")
}
