package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListObjectsV2 lists the objects of a bucket.
func (s *Service) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	limit, err := pageSize("maxKeys", in.MaxKeys)
	if err != nil {
		return nil, err
	}
	w := objectWalk(*in.Bucket, in.Prefix, in.Delimiter, limit)
	switch {
	case in.ContinuationToken != nil:
		last, ok := api.After("ListObjectsV2", *in.ContinuationToken)
		if !ok {
			return nil, invalidArgument("The continuation token provided is incorrect", "continuation-token", *in.ContinuationToken)
		}
		w.min = w.past(last)
	case aws.ToString(in.StartAfter) != "":
		w.min = place(*in.Bucket, *in.StartAfter) + "\x02"
	}
	var b *bucket
	if b, err = s.walkObjects(ctx, in.Bucket, in.ExpectedBucketOwner, w); err != nil {
		return nil, err
	}
	enc := encoder(in.EncodingType)
	out := &s3.ListObjectsV2Output{
		Name: in.Bucket, Prefix: enc.text(w.prefix), Delimiter: enc.some(in.Delimiter), EncodingType: in.EncodingType,
		MaxKeys: aws.Int32(int32(limit)), KeyCount: aws.Int32(int32(len(w.found))), IsTruncated: aws.Bool(w.more),
		ContinuationToken: in.ContinuationToken, StartAfter: enc.some(in.StartAfter),
	}
	var owner *types.Owner
	if aws.ToBool(in.FetchOwner) {
		owner = ownerOf(b)
	}
	out.Contents, out.CommonPrefixes = listed(w, enc, owner)
	if w.more {
		out.NextContinuationToken = aws.String(api.Token("ListObjectsV2", w.found[len(w.found)-1].name(w)))
	}
	return out, nil
}

func (s *Service) listObjectsV2Checks(ctx context.Context, in *s3.ListObjectsV2Input) ([]api.Check, error) {
	return s.onList(ctx, in.Bucket, "ListBucket", in.Prefix, in.Delimiter, in.MaxKeys)
}

func objectWalk(bucket string, prefix, delimiter *string, limit int) *walk[object] {
	return &walk[object]{
		bucket: bucket, prefix: aws.ToString(prefix), delimiter: aws.ToString(delimiter), limit: limit,
		key: func(o *object) string { return o.Key }, at: versions.Key,
	}
}

// walkObjects walks through the objects that are there.
func (s *Service) walkObjects(ctx context.Context, name, expected *string, w *walk[object]) (b *bucket, err error) {
	err = s.view(ctx, name, expected, func(tx *store.Tx, found *bucket) error {
		b = found
		return w.run(func(p store.Page) ([]*object, error) { return versions.By(tx, b.scope(), "live", b.Name, p) })
	})
	return b, err
}

// listed turns what a walk found into the members of an answer.
func listed(w *walk[object], enc encoder, owner *types.Owner) (contents []types.Object, prefixes []types.CommonPrefix) {
	for _, f := range w.found {
		if f.record == nil {
			prefixes = append(prefixes, types.CommonPrefix{Prefix: enc.text(f.prefix)})
			continue
		}
		o := f.record
		contents = append(contents, types.Object{
			Key: enc.text(o.Key), ETag: o.quoted(), Size: aws.Int64(o.Size), LastModified: aws.Time(o.Modified), Owner: owner,
			StorageClass: types.ObjectStorageClassStandard, ChecksumAlgorithm: o.Checksum.listed(), ChecksumType: o.Checksum.kind(),
		})
	}
	return contents, prefixes
}
