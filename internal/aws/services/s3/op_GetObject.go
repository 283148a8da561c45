package s3

import (
	"context"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetObject streams an object, a range of it or one of its parts.
func (s *Service) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	if anyGiven([]*string{in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5}) {
		return nil, notEncryptedSo()
	}
	var sel *selection
	content, err := s.reading(ctx, func(tx *store.Tx) (_ []stretch, err error) {
		b, err := open(ctx, tx, in.Bucket, in.ExpectedBucketOwner)
		if err != nil {
			return nil, err
		}
		sel, err = choose(tx, b, wanted{
			key: *in.Key, version: in.VersionId, byteRange: in.Range, part: in.PartNumber,
			conditions: conditions{match: in.IfMatch, noneMatch: in.IfNoneMatch, modifiedSince: in.IfModifiedSince, unmodifiedSince: in.IfUnmodifiedSince},
		})
		if err != nil {
			return nil, err
		}
		return sel.stretches(), nil
	})
	if err != nil {
		return nil, err
	}
	return getAnswer(in, sel, content), nil
}

func getAnswer(in *s3.GetObjectInput, sel *selection, content io.ReadCloser) *s3.GetObjectOutput {
	o := sel.object
	h := o.Headers
	out := &s3.GetObjectOutput{
		Body: content, AcceptRanges: aws.String("bytes"), ContentLength: aws.Int64(sel.window.size),
		ContentRange: sel.contentRange(), ETag: o.quoted(), LastModified: aws.Time(o.Modified), Metadata: o.Meta,
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
	return out
}

func notEncryptedSo() error {
	return invalidRequest("The encryption parameters are not applicable to this object.")
}

func (s *Service) getObjectChecks(ctx context.Context, in *s3.GetObjectInput) ([]api.Check, error) {
	return s.onVersion(ctx, in.Bucket, in.Key, in.VersionId)
}
