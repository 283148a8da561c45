package s3

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListParts lists the parts of an upload under way.
func (s *Service) ListParts(ctx context.Context, in *s3.ListPartsInput) (*s3.ListPartsOutput, error) {
	limit, err := pageSize("max-parts", in.MaxParts)
	if err != nil {
		return nil, err
	}
	after, err := partMarker(in.PartNumberMarker)
	if err != nil {
		return nil, err
	}
	var b *bucket
	var u *upload
	var list []*part
	err = s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, found *bucket) (err error) {
		b = found
		if u, err = openUpload(tx, b, *in.Key, *in.UploadId); err != nil {
			return err
		}
		list, err = parts.By(tx, b.scope(), "upload", u.ID, store.Page{After: partKey(u.ID, after), Limit: limit + 1})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &s3.ListPartsOutput{
		Bucket: in.Bucket, Key: in.Key, UploadId: in.UploadId, MaxParts: aws.Int32(int32(limit)),
		PartNumberMarker: aws.String(itoa(int64(after))), IsTruncated: aws.Bool(len(list) > limit),
		StorageClass: types.StorageClassStandard, Owner: ownerOf(b), Initiator: u.initiator(),
	}
	if u.Chosen {
		out.ChecksumAlgorithm, out.ChecksumType = types.ChecksumAlgorithm(u.Algorithm), u.kind()
	}
	out.AbortDate, out.AbortRuleId = b.abortion(u)
	for _, p := range list[:min(limit, len(list))] {
		one := types.Part{PartNumber: aws.Int32(p.Number), Size: aws.Int64(p.Size), ETag: aws.String(`"` + p.ETag + `"`), LastModified: aws.Time(p.Modified)}
		one.ChecksumCRC32, one.ChecksumCRC32C, one.ChecksumCRC64NVME, one.ChecksumSHA1, one.ChecksumSHA256 = u.sum(p).members()
		out.Parts = append(out.Parts, one)
		out.NextPartNumberMarker = aws.String(itoa(int64(p.Number)))
	}
	return out, nil
}

func (s *Service) listPartsChecks(ctx context.Context, in *s3.ListPartsInput) ([]api.Check, error) {
	return s.onObject(ctx, in.Bucket, in.Key, "ListMultipartUploadParts")
}

func partMarker(marker *string) (int32, error) {
	if marker == nil || *marker == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(*marker, 10, 32)
	if err != nil || n < 0 {
		return 0, invalidArgument("Provided part-number-marker not an integer or within integer range", "part-number-marker", *marker)
	}
	return int32(min(n, maxParts)), nil
}

func (u *upload) initiator() *types.Initiator {
	return &types.Initiator{ID: aws.String(u.By), DisplayName: aws.String(u.ByName)}
}
