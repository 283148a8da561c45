package s3

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UploadPart stores one part of an upload.
func (s *Service) UploadPart(ctx context.Context, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
	if anyGiven([]*string{in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5}) {
		return nil, notImplemented("x-amz-server-side-encryption-customer-algorithm")
	}
	if err := checkPartNumber(*in.PartNumber); err != nil {
		return nil, err
	}
	if err := knownAlgorithm(in.ChecksumAlgorithm); err != nil {
		return nil, err
	}
	var u *upload
	err := s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) (err error) {
		u, err = openUpload(tx, b, *in.Key, *in.UploadId)
		return err
	})
	if err != nil {
		return nil, err
	}
	arriving := incoming{
		body: in.Body, length: in.ContentLength, md5: in.ContentMD5, algorithm: in.ChecksumAlgorithm, also: u.Algorithm,
		sums: givens(in.ChecksumCRC32, in.ChecksumCRC32C, in.ChecksumCRC64NVME, in.ChecksumSHA1, in.ChecksumSHA256),
	}
	if err := u.accepts(arriving); err != nil {
		return nil, err
	}
	r, err := s.receive(ctx, arriving)
	if err != nil {
		return nil, err
	}
	if err := s.finishPart(ctx, in.Bucket, in.ExpectedBucketOwner, u, *in.PartNumber, r); err != nil {
		return nil, err
	}
	out := &s3.UploadPartOutput{ETag: aws.String(`"` + r.etag() + `"`), ServerSideEncryption: types.ServerSideEncryptionAes256}
	sum := checksum{Algorithm: r.own, Value: r.sums[r.own]}
	if r.own == "" {
		sum = checksum{Algorithm: u.Algorithm, Value: r.sums[u.Algorithm]}
	}
	out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME, out.ChecksumSHA1, out.ChecksumSHA256 = sum.members()
	return out, nil
}

// finishPart records a part that was received.
func (s *Service) finishPart(ctx context.Context, name, expected *string, u *upload, number int32, r *received) error {
	err := s.within(ctx, name, expected, func(tx *store.Tx, b *bucket) error {
		if _, err := openUpload(tx, b, u.Key, u.ID); err != nil {
			return err
		}
		return s.putPart(tx, b, u, &part{Number: number, Blob: r.blob, Size: r.size, ETag: r.etag(), Sum: r.sums[u.Algorithm]})
	})
	return s.settle(r.blob, err)
}

// accepts refuses a part with another checksum than the upload was begun with.
func (u *upload) accepts(in incoming) error {
	name, _, err := in.sums.one()
	if err != nil {
		return err
	}
	if name == "" {
		name = string(in.algorithm)
	}
	if !u.Chosen || name == "" || name == u.Algorithm {
		return nil
	}
	return invalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + strings.ToLower(u.Algorithm) + ", actual checksum Type: " + strings.ToLower(name))
}

func (s *Service) uploadPartChecks(ctx context.Context, in *s3.UploadPartInput) ([]api.Check, error) {
	return s.onObject(ctx, in.Bucket, in.Key, "PutObject")
}
