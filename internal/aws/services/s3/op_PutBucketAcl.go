package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// PutBucketAcl takes an ACL that says what holds anyway: full control for the owner. Others are refused.
func (s *Service) PutBucketAcl(ctx context.Context, in *s3.PutBucketAclInput) (*s3.PutBucketAclOutput, error) {
	grants := []*string{in.GrantFullControl, in.GrantRead, in.GrantReadACP, in.GrantWrite, in.GrantWriteACP}
	if in.ACL == "" && in.AccessControlPolicy == nil && !anyGiven(grants) {
		return nil, missingACL()
	}
	if in.ACL != "" && in.ACL != types.BucketCannedACLPrivate || anyGiven(grants) {
		return nil, aclsDisabled()
	}
	err := s.change(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, b *bucket) error {
		return b.ownersOnly(in.AccessControlPolicy)
	})
	if err != nil {
		return nil, err
	}
	return new(s3.PutBucketAclOutput), nil
}

func (s *Service) putBucketAclChecks(ctx context.Context, in *s3.PutBucketAclInput) ([]api.Check, error) {
	return s.onBucket(ctx, in.Bucket, "PutBucketAcl")
}

// ownersOnly refuses an ACL that says anything but full control for the owner.
func (b *bucket) ownersOnly(p *types.AccessControlPolicy) error {
	if p == nil {
		return nil
	}
	for _, g := range p.Grants {
		if g.Permission != types.PermissionFullControl || g.Grantee == nil || aws.ToString(g.Grantee.ID) != *canonical(b.Owner) {
			return aclsDisabled()
		}
	}
	if len(p.Grants) != 1 || p.Owner != nil && aws.ToString(p.Owner.ID) != *canonical(b.Owner) {
		return aclsDisabled()
	}
	return nil
}
