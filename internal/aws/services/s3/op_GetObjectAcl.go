package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetObjectAcl shows the one grant that an object has: that of the bucket's
// owner.
func (s *Service) GetObjectAcl(ctx context.Context, in *s3.GetObjectAclInput) (*s3.GetObjectAclOutput, error) {
	out := new(s3.GetObjectAclOutput)
	err := s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		out.Owner, out.Grants = ownerOf(b), b.fullControl()
		_, err := readable(tx, b, *in.Key, in.VersionId)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) getObjectAclChecks(ctx context.Context, in *s3.GetObjectAclInput) ([]api.Check, error) {
	checks, err := s.onVersion(ctx, in.Bucket, in.Key, in.VersionId)
	if err != nil {
		return nil, err
	}
	checks[0].Action += "Acl" // GetObjectAcl, GetObjectVersionAcl
	return checks, nil
}
