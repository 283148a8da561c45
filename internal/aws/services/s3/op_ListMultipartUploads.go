package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListMultipartUploads lists the uploads under way in a bucket, by key and
// then by age.
func (s *Service) ListMultipartUploads(ctx context.Context, in *s3.ListMultipartUploadsInput) (*s3.ListMultipartUploadsOutput, error) {
	limit, err := pageSize("max-uploads", in.MaxUploads)
	if err != nil {
		return nil, err
	}
	w := walk[upload]{
		bucket: *in.Bucket, prefix: aws.ToString(in.Prefix), delimiter: aws.ToString(in.Delimiter), limit: limit,
		key: func(u *upload) string { return u.Key }, at: uploads.Key,
	}
	if marker := aws.ToString(in.KeyMarker); marker != "" {
		w.min = w.past(marker)
		if id := aws.ToString(in.UploadIdMarker); id != "" {
			w.after, w.min = uploadKey(*in.Bucket, marker, id), ""
		}
	}
	var b *bucket
	err = s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, found *bucket) error {
		b = found
		return w.run(func(p store.Page) ([]*upload, error) { return uploads.By(tx, b.scope(), "open", b.Name, p) })
	})
	if err != nil {
		return nil, err
	}
	return uploadsAnswer(in, b, &w), nil
}

func uploadsAnswer(in *s3.ListMultipartUploadsInput, b *bucket, w *walk[upload]) *s3.ListMultipartUploadsOutput {
	enc := encoder(in.EncodingType)
	out := &s3.ListMultipartUploadsOutput{
		Bucket: in.Bucket, Delimiter: enc.some(in.Delimiter), EncodingType: in.EncodingType, IsTruncated: aws.Bool(w.more),
		KeyMarker: enc.text(aws.ToString(in.KeyMarker)), MaxUploads: aws.Int32(int32(w.limit)), Prefix: enc.text(w.prefix),
		UploadIdMarker: aws.String(aws.ToString(in.UploadIdMarker)),
	}
	for _, f := range w.found {
		if f.record == nil {
			out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: enc.text(f.prefix)})
			continue
		}
		u := f.record
		one := types.MultipartUpload{
			Key: enc.text(u.Key), UploadId: aws.String(u.ID), Initiated: aws.Time(u.Started), Initiator: u.initiator(),
			Owner: ownerOf(b), StorageClass: types.StorageClassStandard,
		}
		if u.Chosen {
			one.ChecksumAlgorithm, one.ChecksumType = types.ChecksumAlgorithm(u.Algorithm), u.kind()
		}
		out.Uploads = append(out.Uploads, one)
	}
	if w.more {
		last := w.found[len(w.found)-1]
		out.NextKeyMarker = enc.text(last.name(w))
		out.NextUploadIdMarker = aws.String("")
		if last.record != nil {
			out.NextUploadIdMarker = aws.String(last.record.ID)
		}
	}
	return out
}

func (s *Service) listMultipartUploadsChecks(ctx context.Context, in *s3.ListMultipartUploadsInput) ([]api.Check, error) {
	return s.onList(ctx, in.Bucket, "ListBucketMultipartUploads", in.Prefix, in.Delimiter, in.MaxUploads)
}
