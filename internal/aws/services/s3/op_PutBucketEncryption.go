package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutBucketEncryption says how objects are encrypted. They are by AES256; KMS keys are not to be had.
func (s *Service) PutBucketEncryption(ctx context.Context, in *s3.PutBucketEncryptionInput) (*s3.PutBucketEncryptionOutput, error) {
	rules := in.ServerSideEncryptionConfiguration.Rules
	if len(rules) != 1 || rules[0].ApplyServerSideEncryptionByDefault == nil {
		return nil, malformedXML()
	}
	by := rules[0].ApplyServerSideEncryptionByDefault
	switch {
	case by.SSEAlgorithm != types.ServerSideEncryptionAes256:
		return nil, fault(statusNotImplemented, "NotImplemented", "Objects are encrypted with AES256; encryption with KMS keys is not available on this plane")
	case by.KMSMasterKeyID != nil:
		return nil, invalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", "KMSMasterKeyID", *by.KMSMasterKeyID)
	case rules[0].BlockedEncryptionTypes != nil:
		return nil, notImplemented("BlockedEncryptionTypes")
	}
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		b.Encryption = &encryption{BucketKey: aws.ToBool(rules[0].BucketKeyEnabled)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutBucketEncryptionOutput), nil
}

func (s *Service) putBucketEncryptionChecks(ctx context.Context, in *s3.PutBucketEncryptionInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutEncryptionConfiguration")
}
