package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutObjectAcl takes an ACL that says what holds anyway: full control for the
// bucket's owner. ACLs are disabled; any other is refused.
// Source: Amazon S3 User Guide, "Controlling ownership of objects and disabling
// ACLs for your bucket".
func (s *Service) PutObjectAcl(ctx context.Context, in *s3.PutObjectAclInput) (*s3.PutObjectAclOutput, error) {
	grants := []*string{in.GrantFullControl, in.GrantRead, in.GrantReadACP, in.GrantWrite, in.GrantWriteACP}
	if in.ACL == "" && in.AccessControlPolicy == nil && !anyGiven(grants) {
		return nil, missingACL()
	}
	if err := (wish{acl: in.ACL, grants: grants}).refused(); err != nil {
		return nil, err
	}
	err := s.view(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		if err := b.ownersOnly(in.AccessControlPolicy); err != nil {
			return err
		}
		_, err := readable(tx, b, *in.Key, in.VersionId)
		return err
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutObjectAclOutput), nil
}

func (s *Service) putObjectAclChecks(ctx context.Context, in *s3.PutObjectAclInput) ([]api.Check, error) {
	action := "PutObjectAcl"
	if in.VersionId != nil {
		action = "PutObjectVersionAcl"
	}
	checks, err := s.onObject(ctx, in.Bucket, in.Key, action)
	if err != nil {
		return nil, err
	}
	if in.VersionId != nil {
		setKey(&checks[0], "s3:VersionId", *in.VersionId)
	}
	if in.ACL != "" {
		setKey(&checks[0], "s3:x-amz-acl", string(in.ACL))
	}
	return checks, nil
}
