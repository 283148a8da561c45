package s3

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutObject stores an object. The body is durable before the record that
// shows it.
func (s *Service) PutObject(ctx context.Context, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
	b, err := s.look(ctx, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	o, err := newObject(in)
	if err != nil {
		return nil, err
	}
	r, err := s.receive(ctx, putBody(in))
	if err != nil {
		return nil, err
	}
	o.fill(r)
	err = s.within(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, now *bucket) error {
		b = now
		return s.put(tx, b, o, in.IfMatch, in.IfNoneMatch)
	})
	if err := s.settle(r.blob, err); err != nil {
		return nil, err
	}
	out := &s3.PutObjectOutput{
		ETag: o.quoted(), VersionId: o.shown(b), ServerSideEncryption: types.ServerSideEncryptionAes256,
		ChecksumType: o.Checksum.kind(), Expiration: b.expiration(o),
	}
	out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME, out.ChecksumSHA1, out.ChecksumSHA256 = o.Checksum.members()
	return out, nil
}

func (s *Service) putObjectChecks(ctx context.Context, in *s3.PutObjectInput) ([]api.Check, error) {
	tags, err := readTagging(in.Tagging)
	if err != nil {
		return nil, err
	}
	checks, err := s.onWrite(ctx, in.Bucket, in.Key, tags, string(in.ACL))
	if err != nil {
		return nil, err
	}
	keys := map[string]string{"s3:x-amz-acl": string(in.ACL), "s3:x-amz-server-side-encryption": string(in.ServerSideEncryption), "s3:x-amz-storage-class": string(in.StorageClass)}
	for k, v := range keys {
		if v != "" {
			setKey(&checks[0], k, v)
		}
	}
	return checks, nil
}

// onWrite makes the checks of a write of an object: with tags and an ACL it
// asks for their actions too.
func (s *Service) onWrite(ctx context.Context, name, key *string, tags map[string]string, acl string) ([]api.Check, error) {
	actions := []string{"PutObject"}
	if len(tags) > 0 {
		actions = append(actions, "PutObjectTagging")
	}
	// The bucket policies that AWS documents for its services' deliveries allow
	// PutObject with an ACL and no more.
	if acl != "" && api.CallFrom(ctx).Caller.Type != api.AWSService {
		actions = append(actions, "PutObjectAcl")
	}
	checks, err := s.onObject(ctx, name, key, actions...)
	if err != nil {
		return nil, err
	}
	for i := range checks {
		for k, v := range tags {
			setKey(&checks[i], "s3:RequestObjectTag/"+k, v)
			if checks[i].Sets == nil {
				checks[i].Sets = make(map[string][]string)
			}
			checks[i].Sets["s3:RequestObjectTagKeys"] = append(checks[i].Sets["s3:RequestObjectTagKeys"], k)
		}
	}
	return checks, nil
}

// newObject makes the record of a put, without what the body tells.
func newObject(in *s3.PutObjectInput) (*object, error) {
	w := wish{
		acl: in.ACL, grants: []*string{in.GrantFullControl, in.GrantRead, in.GrantReadACP, in.GrantWriteACP},
		encryption: in.ServerSideEncryption, kms: []*string{in.SSEKMSKeyId, in.SSEKMSEncryptionContext},
		customer: []*string{in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5}, class: in.StorageClass,
		lock: in.ObjectLockMode != "" || in.ObjectLockLegalHoldStatus != "" || in.ObjectLockRetainUntilDate != nil,
	}
	tags, err := readTagging(in.Tagging)
	for _, err := range []error{w.refused(), err, checkKey(*in.Key), checkMetadata(in.Metadata), knownAlgorithm(in.ChecksumAlgorithm), writeConditions(in.IfMatch, in.IfNoneMatch)} {
		if err != nil {
			return nil, err
		}
	}
	if in.WriteOffsetBytes != nil {
		return nil, notImplemented("x-amz-write-offset-bytes")
	}
	return &object{
		Bucket: *in.Bucket, Key: *in.Key, Meta: in.Metadata, Tags: tags,
		Headers: headers{
			CacheControl: aws.ToString(in.CacheControl), ContentDisposition: aws.ToString(in.ContentDisposition),
			ContentEncoding: aws.ToString(in.ContentEncoding), ContentLanguage: aws.ToString(in.ContentLanguage),
			ContentType: aws.ToString(in.ContentType), Redirect: aws.ToString(in.WebsiteRedirectLocation), Expires: in.Expires,
		},
	}, nil
}

func putBody(in *s3.PutObjectInput) incoming {
	i := incoming{
		body: in.Body, length: in.ContentLength, md5: in.ContentMD5, algorithm: in.ChecksumAlgorithm,
		sums: givens(in.ChecksumCRC32, in.ChecksumCRC32C, in.ChecksumCRC64NVME, in.ChecksumSHA1, in.ChecksumSHA256),
	}
	if len(i.sums) == 0 && i.algorithm == "" {
		i.also = defaultAlgorithm
	}
	return i
}

// fill writes what a received body tells into the object. An object has the
// checksum that its maker chose, else S3's own.
func (o *object) fill(r *received) {
	o.Size, o.ETag, o.Body = r.size, r.etag(), body{Blob: r.blob}
	name := r.own
	if name == "" {
		name = defaultAlgorithm
	}
	o.Checksum = checksum{Algorithm: name, Value: r.sums[name]}
	if o.Headers.ContentType == "" {
		o.Headers.ContentType = defaultType
	}
}

// put makes an object the newest of its key, where the conditions hold.
func (s *Service) put(tx *store.Tx, b *bucket, o *object, ifMatch, ifNoneMatch *string) error {
	o.Modified = s.clock.Now().Truncate(time.Second)
	if ifMatch != nil || ifNoneMatch != nil {
		old, err := newest(tx, b, o.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := writable(old, o.Key, ifMatch, ifNoneMatch); err != nil {
			return err
		}
	}
	return s.insert(tx, b, o)
}
