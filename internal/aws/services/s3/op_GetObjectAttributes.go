package s3

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetObjectAttributes tells chosen facts of an object, its parts among them.
func (s *Service) GetObjectAttributes(ctx context.Context, in *s3.GetObjectAttributesInput) (*s3.GetObjectAttributesOutput, error) {
	if anyGiven([]*string{in.SSECustomerAlgorithm, in.SSECustomerKey, in.SSECustomerKeyMD5}) {
		return nil, notEncryptedSo()
	}
	limit, err := pageSize("max-parts", in.MaxParts)
	if err != nil {
		return nil, err
	}
	from, err := partMarker(in.PartNumberMarker)
	if err != nil {
		return nil, err
	}
	var out *s3.GetObjectAttributesOutput
	err = s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		o, err := readable(tx, b, *in.Key, in.VersionId)
		if err != nil {
			return err
		}
		list, err := piecesOf(tx, b, o)
		if err == nil {
			out = attributes(b, o, in.ObjectAttributes, partsPage(o, list, from, limit))
		}
		return err
	})
	return out, err
}

func attributes(b *bucket, o *object, asked []types.ObjectAttributes, list *types.GetObjectAttributesParts) *s3.GetObjectAttributesOutput {
	out := &s3.GetObjectAttributesOutput{LastModified: aws.Time(o.Modified), VersionId: o.shown(b)}
	if slices.Contains(asked, types.ObjectAttributesEtag) {
		out.ETag = aws.String(o.ETag) // without quotes, here alone
	}
	if slices.Contains(asked, types.ObjectAttributesObjectSize) {
		out.ObjectSize = aws.Int64(o.Size)
	}
	if slices.Contains(asked, types.ObjectAttributesStorageClass) {
		out.StorageClass = types.StorageClassStandard
	}
	if slices.Contains(asked, types.ObjectAttributesChecksum) {
		c := &types.Checksum{ChecksumType: o.Checksum.kind()}
		c.ChecksumCRC32, c.ChecksumCRC32C, c.ChecksumCRC64NVME, c.ChecksumSHA1, c.ChecksumSHA256 = o.Checksum.members()
		out.Checksum = c
	}
	if slices.Contains(asked, types.ObjectAttributesObjectParts) {
		out.ObjectParts = list
	}
	return out
}

// partsPage lists parts behind a number; nil for an object that was not
// uploaded in parts. AWS shows the parts one by one only where they have
// checksums of their own.
func partsPage(o *object, list []piece, from int32, limit int) *types.GetObjectAttributesParts {
	if list == nil {
		return nil
	}
	out := &types.GetObjectAttributesParts{
		TotalPartsCount: aws.Int32(int32(len(list))), MaxParts: aws.Int32(int32(limit)),
		PartNumberMarker: aws.String(itoa(int64(from))), IsTruncated: aws.Bool(false),
	}
	if !o.Checksum.Composite {
		return out
	}
	for _, p := range list {
		if p.Number <= from {
			continue
		}
		if len(out.Parts) == limit {
			out.IsTruncated = aws.Bool(true)
			break
		}
		one := types.ObjectPart{PartNumber: aws.Int32(p.Number), Size: aws.Int64(p.Size)}
		sum := checksum{Algorithm: o.Checksum.Algorithm, Value: p.Sum}
		one.ChecksumCRC32, one.ChecksumCRC32C, one.ChecksumCRC64NVME, one.ChecksumSHA1, one.ChecksumSHA256 = sum.members()
		out.Parts = append(out.Parts, one)
		out.NextPartNumberMarker = aws.String(itoa(int64(p.Number)))
	}
	return out
}

// getObjectAttributesChecks asks for reading the object and for reading its
// attributes, as AWS does.
func (s *Service) getObjectAttributesChecks(ctx context.Context, in *s3.GetObjectAttributesInput) ([]api.Check, error) {
	checks, err := s.onVersion(ctx, in.Bucket, in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	facts := checks[0]
	facts.Action += "Attributes" // GetObjectAttributes, GetObjectVersionAttributes
	return append(checks, facts), nil
}
