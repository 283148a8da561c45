package s3

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListObjectVersions lists all versions and delete markers, by key and then
// newest first.
func (s *Service) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput) (*s3.ListObjectVersionsOutput, error) {
	limit, err := pageSize("maxKeys", in.MaxKeys)
	if err != nil {
		return nil, err
	}
	if aws.ToString(in.VersionIdMarker) != "" && aws.ToString(in.KeyMarker) == "" {
		return nil, invalidArgument("A version-id marker cannot be specified without a key marker.", "version-id-marker", *in.VersionIdMarker)
	}
	w := objectWalk(*in.Bucket, in.Prefix, in.Delimiter, limit)
	var b *bucket
	err = s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, found *bucket) error {
		b = found
		if err := b.beginVersions(tx, w, aws.ToString(in.KeyMarker), aws.ToString(in.VersionIdMarker)); err != nil {
			return err
		}
		return w.run(func(p store.Page) ([]*object, error) { return versions.List(tx, b.scope(), p) })
	})
	if err != nil {
		return nil, err
	}
	return versionsAnswer(in, b, w), nil
}

// beginVersions sets where a list of versions goes on.
func (b *bucket) beginVersions(tx *store.Tx, w *walk[object], key, version string) error {
	if key == "" {
		return nil
	}
	w.min = w.past(key)
	if version == "" {
		return nil
	}
	if !validVersion(version) {
		return invalidArgument("Invalid version id specified", "version-id-marker", version)
	}
	order := version
	if version == nullVersion {
		o, err := findVersion(tx, b, key, nullVersion)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		order = o.Order
	}
	w.min, w.after = "", place(b.Name, key)+separator+order
	return nil
}

func versionsAnswer(in *s3.ListObjectVersionsInput, b *bucket, w *walk[object]) *s3.ListObjectVersionsOutput {
	enc := encoder(in.EncodingType)
	out := &s3.ListObjectVersionsOutput{
		Name: in.Bucket, Prefix: enc.text(w.prefix), Delimiter: enc.some(in.Delimiter), EncodingType: in.EncodingType,
		KeyMarker: enc.text(aws.ToString(in.KeyMarker)), VersionIdMarker: aws.String(aws.ToString(in.VersionIdMarker)),
		MaxKeys: aws.Int32(int32(w.limit)), IsTruncated: aws.Bool(w.more),
	}
	owner := ownerOf(b)
	for _, f := range w.found {
		o := f.record
		switch {
		case o == nil:
			out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: enc.text(f.prefix)})
		case o.Marker:
			out.DeleteMarkers = append(out.DeleteMarkers, types.DeleteMarkerEntry{
				Key: enc.text(o.Key), VersionId: aws.String(o.version()), IsLatest: aws.Bool(o.Current), LastModified: aws.Time(o.Modified), Owner: owner,
			})
		default:
			out.Versions = append(out.Versions, types.ObjectVersion{
				Key: enc.text(o.Key), VersionId: aws.String(o.version()), IsLatest: aws.Bool(o.Current), LastModified: aws.Time(o.Modified),
				ETag: o.quoted(), Size: aws.Int64(o.Size), Owner: owner, StorageClass: types.ObjectVersionStorageClassStandard,
				ChecksumAlgorithm: o.Checksum.listed(), ChecksumType: o.Checksum.kind(),
			})
		}
	}
	if w.more {
		last := w.found[len(w.found)-1]
		out.NextKeyMarker = enc.text(last.name(w))
		if last.record != nil {
			out.NextVersionIdMarker = aws.String(last.record.version())
		}
	}
	return out
}

func (s *Service) listObjectVersionsChecks(ctx context.Context, in *s3.ListObjectVersionsInput) ([]api.Check, error) {
	return s.onList(ctx, in.Bucket, "ListBucketVersions", in.Prefix, in.Delimiter, in.MaxKeys)
}
