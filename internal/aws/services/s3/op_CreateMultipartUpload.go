package s3

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateMultipartUpload begins an object that comes in parts.
func (s *Service) CreateMultipartUpload(ctx context.Context, in *s3.CreateMultipartUploadInput) (*s3.CreateMultipartUploadOutput, error) {
	u, err := s.newUpload(api.CallFrom(ctx), in)
	if err != nil {
		return nil, err
	}
	var b *bucket
	err = s.within(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, now *bucket) error {
		b = now
		return uploads.Put(tx, b.scope(), u)
	})
	if err != nil {
		return nil, err
	}
	out := &s3.CreateMultipartUploadOutput{
		Bucket: in.Bucket, Key: in.Key, UploadId: aws.String(u.ID), ServerSideEncryption: types.ServerSideEncryptionAes256,
	}
	if u.Chosen {
		out.ChecksumAlgorithm, out.ChecksumType = types.ChecksumAlgorithm(u.Algorithm), u.kind()
	}
	out.AbortDate, out.AbortRuleId = b.abortion(u)
	return out, nil
}

func (s *Service) createMultipartUploadChecks(ctx context.Context, in *s3.CreateMultipartUploadInput) ([]api.Check, error) {
	tags, err := readTagging(in.Tagging)
	if err != nil {
		return nil, err
	}
	return s.onWrite(ctx, in.Bucket, in.Key, tags, string(in.ACL))
}

func (s *Service) newUpload(call *api.Call, in *s3.CreateMultipartUploadInput) (*upload, error) {
	w := wish{
		acl: in.ACL, grants: []*string{in.GrantFullControl, in.GrantRead, in.GrantReadACP, in.GrantWriteACP},
		encryption: in.ServerSideEncryption, kms: []*string{in.SSEKMSKeyId, in.SSEKMSEncryptionContext},
		customer: []*string{in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5}, class: in.StorageClass,
		lock: in.ObjectLockMode != "" || in.ObjectLockLegalHoldStatus != "" || in.ObjectLockRetainUntilDate != nil,
	}
	tags, err := readTagging(in.Tagging)
	for _, err := range []error{w.refused(), err, checkKey(*in.Key), checkMetadata(in.Metadata), knownAlgorithm(in.ChecksumAlgorithm)} {
		if err != nil {
			return nil, err
		}
	}
	now := s.clock.Now()
	u := &upload{
		Bucket: *in.Bucket, Key: *in.Key, ID: fmt.Sprintf("%016x", now.UnixNano()) + s.ids.Hex(48),
		Started: now.Truncate(time.Second), By: call.Caller.ARN, ByName: call.Caller.Name, Meta: in.Metadata, Tags: tags,
		Algorithm: string(in.ChecksumAlgorithm), Chosen: in.ChecksumAlgorithm != "",
		Headers: headers{
			CacheControl: aws.ToString(in.CacheControl), ContentDisposition: aws.ToString(in.ContentDisposition),
			ContentEncoding: aws.ToString(in.ContentEncoding), ContentLanguage: aws.ToString(in.ContentLanguage),
			ContentType: aws.ToString(in.ContentType), Redirect: aws.ToString(in.WebsiteRedirectLocation), Expires: in.Expires,
		},
	}
	return u, u.chooseType(in.ChecksumType)
}

// chooseType decides whether the object's checksum covers its bytes or the
// checksums of its parts. Source: Amazon S3 User Guide, "Checking object
// integrity in Amazon S3", checksum types for multipart uploads.
func (u *upload) chooseType(wanted types.ChecksumType) error {
	if !u.Chosen {
		if wanted != "" {
			return invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
		}
		u.Algorithm = defaultAlgorithm
		return nil
	}
	full := findAlgorithm(u.Algorithm).combine != nil
	u.Composite = wanted == types.ChecksumTypeComposite || wanted == "" && u.Algorithm != defaultAlgorithm
	if u.Composite && u.Algorithm == defaultAlgorithm || wanted == types.ChecksumTypeFullObject && !full {
		return invalidRequest("The " + string(wanted) + " checksum type cannot be used with the " + strings.ToLower(u.Algorithm) + " checksum algorithm.")
	}
	return nil
}
