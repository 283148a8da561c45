package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CopyObject makes an object of another one, with its metadata and tags or
// with new ones.
func (s *Service) CopyObject(ctx context.Context, in *s3.CopyObjectInput) (*s3.CopyObjectOutput, error) {
	from, err := parseSource(*in.CopySource)
	if err != nil {
		return nil, err
	}
	if err := checkCopy(in); err != nil {
		return nil, err
	}
	o := &object{Bucket: *in.Bucket, Key: *in.Key}
	sel, content, err := s.openSource(ctx, from, in.ExpectedSourceBucketOwner, conditions{
		match: in.CopySourceIfMatch, noneMatch: in.CopySourceIfNoneMatch,
		modifiedSince: in.CopySourceIfModifiedSince, unmodifiedSince: in.CopySourceIfUnmodifiedSince,
	}, func(size int64) (window, error) { return window{0, size}, nil })
	if err != nil {
		return nil, err
	}
	if err := o.inherit(in, from, sel.object); err != nil {
		_ = content.Close()
		return nil, err
	}
	algorithm := string(in.ChecksumAlgorithm)
	if algorithm == "" {
		algorithm = sel.object.Checksum.Algorithm
	}
	r, err := s.pour(ctx, sel, content, algorithm)
	if err != nil {
		return nil, err
	}
	r.own = algorithm
	o.fill(r)
	var b *bucket
	err = s.within(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, now *bucket) error {
		b = now
		return s.put(tx, b, o, in.IfMatch, in.IfNoneMatch)
	})
	if err := s.settle(r.blob, err); err != nil {
		return nil, err
	}
	return copyAnswer(b, o, sel), nil
}

func copyAnswer(b *bucket, o *object, from *selection) *s3.CopyObjectOutput {
	result := &types.CopyObjectResult{ETag: o.quoted(), LastModified: aws.Time(o.Modified), ChecksumType: o.Checksum.kind()}
	result.ChecksumCRC32, result.ChecksumCRC32C, result.ChecksumCRC64NVME, result.ChecksumSHA1, result.ChecksumSHA256 = o.Checksum.members()
	return &s3.CopyObjectOutput{
		CopyObjectResult: result, VersionId: o.shown(b), CopySourceVersionId: from.object.shown(from.bucket),
		ServerSideEncryption: types.ServerSideEncryptionAes256, Expiration: b.expiration(o),
	}
}

func checkCopy(in *s3.CopyObjectInput) error {
	w := wish{
		acl: in.ACL, grants: []*string{in.GrantFullControl, in.GrantRead, in.GrantReadACP, in.GrantWriteACP},
		encryption: in.ServerSideEncryption, kms: []*string{in.SSEKMSKeyId, in.SSEKMSEncryptionContext},
		customer: []*string{
			in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5,
			in.CopySourceSSECustomerAlgorithm, in.CopySourceSSECustomerKey, in.CopySourceSSECustomerKeyMD5,
		}, class: in.StorageClass,
		lock: in.ObjectLockMode != "" || in.ObjectLockLegalHoldStatus != "" || in.ObjectLockRetainUntilDate != nil,
	}
	for _, err := range []error{w.refused(), checkKey(*in.Key), checkMetadata(in.Metadata), knownAlgorithm(in.ChecksumAlgorithm), writeConditions(in.IfMatch, in.IfNoneMatch)} {
		if err != nil {
			return err
		}
	}
	switch in.MetadataDirective {
	case "", types.MetadataDirectiveCopy, types.MetadataDirectiveReplace:
	default:
		return invalidArgument("Unknown metadata directive.", "x-amz-metadata-directive", string(in.MetadataDirective))
	}
	switch in.TaggingDirective {
	case "", types.TaggingDirectiveCopy, types.TaggingDirectiveReplace:
	default:
		return invalidArgument("Unknown tagging directive.", "x-amz-tagging-directive", string(in.TaggingDirective))
	}
	return nil
}

// inherit gives the copy its metadata and tags, as the directives say.
func (o *object) inherit(in *s3.CopyObjectInput, from source, old *object) (err error) {
	o.Headers, o.Meta, o.Tags = old.Headers, old.Meta, old.Tags
	o.Headers.Redirect = aws.ToString(in.WebsiteRedirectLocation) // never copied
	replace := in.MetadataDirective == types.MetadataDirectiveReplace
	if replace {
		o.Meta = in.Metadata
		o.Headers = headers{
			CacheControl: aws.ToString(in.CacheControl), ContentDisposition: aws.ToString(in.ContentDisposition),
			ContentEncoding: aws.ToString(in.ContentEncoding), ContentLanguage: aws.ToString(in.ContentLanguage),
			ContentType: aws.ToString(in.ContentType), Redirect: aws.ToString(in.WebsiteRedirectLocation), Expires: in.Expires,
		}
	}
	if in.TaggingDirective == types.TaggingDirectiveReplace {
		if o.Tags, err = readTagging(in.Tagging); err != nil {
			return err
		}
	}
	changes := replace || in.StorageClass != "" || in.ServerSideEncryption != "" || in.WebsiteRedirectLocation != nil || in.ChecksumAlgorithm != ""
	if !changes && from.version == nil && from.bucket == o.Bucket && from.key == o.Key {
		return invalidRequest("This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
	}
	return nil
}

func (s *Service) copyObjectChecks(ctx context.Context, in *s3.CopyObjectInput) ([]api.Check, error) {
	from, err := parseSource(*in.CopySource)
	if err != nil {
		return nil, err
	}
	read, err := s.onCopy(ctx, from)
	if err != nil {
		return nil, err
	}
	var tags map[string]string
	if in.TaggingDirective == types.TaggingDirectiveReplace {
		if tags, err = readTagging(in.Tagging); err != nil {
			return nil, err
		}
	}
	write, err := s.onWrite(ctx, in.Bucket, in.Key, tags, string(in.ACL))
	if err != nil {
		return nil, err
	}
	setKey(&write[0], "s3:x-amz-copy-source", from.bucket+"/"+from.key)
	if in.MetadataDirective != "" {
		setKey(&write[0], "s3:x-amz-metadata-directive", string(in.MetadataDirective))
	}
	return append(read, write...), nil
}
