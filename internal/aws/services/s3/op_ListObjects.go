package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// ListObjects lists the objects of a bucket, in the older form.
func (s *Service) ListObjects(ctx context.Context, in *s3.ListObjectsInput) (*s3.ListObjectsOutput, error) {
	limit, err := pageSize("maxKeys", in.MaxKeys)
	if err != nil {
		return nil, err
	}
	w := objectWalk(*in.Bucket, in.Prefix, in.Delimiter, limit)
	if marker := aws.ToString(in.Marker); marker != "" {
		w.min = w.past(marker)
	}
	b, err := s.walkObjects(ctx, in.Bucket, in.ExpectedBucketOwner, w)
	if err != nil {
		return nil, err
	}
	enc := encoder(in.EncodingType)
	out := &s3.ListObjectsOutput{
		Name: in.Bucket, Prefix: enc.text(w.prefix), Delimiter: enc.some(in.Delimiter), EncodingType: in.EncodingType,
		Marker: enc.text(aws.ToString(in.Marker)), MaxKeys: aws.Int32(int32(limit)), IsTruncated: aws.Bool(w.more),
	}
	out.Contents, out.CommonPrefixes = listed(w, enc, ownerOf(b))
	if w.more && w.delimiter != "" { // without a delimiter the last key says it
		out.NextMarker = enc.text(w.found[len(w.found)-1].name(w))
	}
	return out, nil
}

func (s *Service) listObjectsChecks(ctx context.Context, in *s3.ListObjectsInput) ([]api.Check, error) {
	return s.onList(ctx, in.Bucket, "ListBucket", in.Prefix, in.Delimiter, in.MaxKeys)
}
