package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// HeadObject tells about an object without its content.
func (s *Service) HeadObject(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	if anyGiven([]*string{in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5}) {
		return nil, notEncryptedSo()
	}
	var sel *selection
	err := s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) (err error) {
		sel, err = choose(tx, b, wanted{
			key: *in.Key, version: in.VersionId, byteRange: in.Range, part: in.PartNumber,
			conditions: conditions{match: in.IfMatch, noneMatch: in.IfNoneMatch, modifiedSince: in.IfModifiedSince, unmodifiedSince: in.IfUnmodifiedSince},
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	o := sel.object
	h := o.Headers
	out := &s3.HeadObjectOutput{
		AcceptRanges: aws.String("bytes"), ContentLength: aws.Int64(sel.window.size), ContentRange: sel.contentRange(),
		ETag: o.quoted(), LastModified: aws.Time(o.Modified), Metadata: o.Meta,
		CacheControl:            either(in.ResponseCacheControl, h.CacheControl),
		ContentDisposition:      either(in.ResponseContentDisposition, h.ContentDisposition),
		ContentEncoding:         either(in.ResponseContentEncoding, h.ContentEncoding),
		ContentLanguage:         either(in.ResponseContentLanguage, h.ContentLanguage),
		ContentType:             either(in.ResponseContentType, h.ContentType),
		WebsiteRedirectLocation: either(nil, h.Redirect),
		VersionId:               o.shown(sel.bucket), PartsCount: sel.partsCount(in.PartNumber), TagCount: sel.tagCount(),
		ServerSideEncryption: types.ServerSideEncryptionAes256, Expiration: sel.bucket.expiration(o),
	}
	out.Expires = o.expires(in.ResponseExpires) //nolint:staticcheck // deprecated for readers; it is what the model's member binds to
	if in.ChecksumMode == types.ChecksumModeEnabled {
		out.ChecksumType = sel.sum.kind()
		out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME, out.ChecksumSHA1, out.ChecksumSHA256 = sel.sum.members()
	}
	return out, nil
}

func (s *Service) headObjectChecks(ctx context.Context, in *s3.HeadObjectInput) ([]api.Check, error) {
	return s.onVersion(ctx, in.Bucket, in.Key, in.VersionId)
}
