package s3

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UploadPartCopy makes a part of an upload of a stretch of an object.
func (s *Service) UploadPartCopy(ctx context.Context, in *s3.UploadPartCopyInput) (*s3.UploadPartCopyOutput, error) {
	customer := []*string{
		in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5,
		in.CopySourceSSECustomerAlgorithm, in.CopySourceSSECustomerKey, in.CopySourceSSECustomerKeyMD5,
	}
	if anyGiven(customer) {
		return nil, notImplemented("x-amz-server-side-encryption-customer-algorithm")
	}
	if err := checkPartNumber(*in.PartNumber); err != nil {
		return nil, err
	}
	from, err := parseSource(*in.CopySource)
	if err != nil {
		return nil, err
	}
	var u *upload
	err = s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) (err error) {
		u, err = openUpload(tx, b, *in.Key, *in.UploadId)
		return err
	})
	if err != nil {
		return nil, err
	}
	sel, content, err := s.openSource(ctx, from, in.ExpectedSourceBucketOwner, conditions{
		match: in.CopySourceIfMatch, noneMatch: in.CopySourceIfNoneMatch,
		modifiedSince: in.CopySourceIfModifiedSince, unmodifiedSince: in.CopySourceIfUnmodifiedSince,
	}, func(size int64) (window, error) { return copyRange(in.CopySourceRange, size) })
	if err != nil {
		return nil, err
	}
	r, err := s.pour(ctx, sel, content, u.Algorithm)
	if err != nil {
		return nil, err
	}
	if err := s.finishPart(ctx, in.Bucket, in.ExpectedBucketOwner, u, *in.PartNumber, r); err != nil {
		return nil, err
	}
	result := &types.CopyPartResult{ETag: aws.String(`"` + r.etag() + `"`), LastModified: aws.Time(s.clock.Now().Truncate(time.Second))}
	sum := u.sum(&part{Sum: r.sums[u.Algorithm]})
	result.ChecksumCRC32, result.ChecksumCRC32C, result.ChecksumCRC64NVME, result.ChecksumSHA1, result.ChecksumSHA256 = sum.members()
	return &s3.UploadPartCopyOutput{
		CopyPartResult: result, CopySourceVersionId: sel.object.shown(sel.bucket), ServerSideEncryption: types.ServerSideEncryptionAes256,
	}, nil
}

func (s *Service) uploadPartCopyChecks(ctx context.Context, in *s3.UploadPartCopyInput) ([]api.Check, error) {
	from, err := parseSource(*in.CopySource)
	if err != nil {
		return nil, err
	}
	read, err := s.onCopy(ctx, from)
	if err != nil {
		return nil, err
	}
	write, err := s.onObject(ctx, in.Bucket, in.Key, "PutObject")
	if err != nil {
		return nil, err
	}
	return append(read, write...), nil
}
