package s3

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateBucket makes a bucket in the Region of the call.
func (s *Service) CreateBucket(ctx context.Context, in *s3.CreateBucketInput) (*s3.CreateBucketOutput, error) {
	call := api.CallFrom(ctx)
	b, err := s.newBucket(call, in)
	if err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		old, err := findBucket(tx, b.Name)
		if err != nil {
			return err
		}
		if old != nil {
			return taken(old, b)
		}
		return buckets.Put(tx, store.Scope{}, b)
	})
	if err != nil {
		return nil, err
	}
	out := &s3.CreateBucketOutput{Location: aws.String("/" + b.Name), BucketArn: aws.String(b.arn())}
	if b.Region != "us-east-1" {
		out.Location = aws.String("http://" + b.Name + ".s3.amazonaws.com/")
	}
	return out, nil
}

func (s *Service) createBucketChecks(ctx context.Context, in *s3.CreateBucketInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	checks := []api.Check{check(call, *in.Bucket, nil, "CreateBucket", nil)}
	if in.ACL != "" {
		setKey(&checks[0], "s3:x-amz-acl", string(in.ACL))
	}
	if in.CreateBucketConfiguration == nil {
		return checks, nil
	}
	if l := in.CreateBucketConfiguration.LocationConstraint; l != "" {
		setKey(&checks[0], "s3:locationconstraint", string(l))
	}
	if tags := in.CreateBucketConfiguration.Tags; len(tags) > 0 {
		c := check(call, *in.Bucket, nil, "TagResource", nil)
		setRequestTags(&c, tags)
		setRequestTags(&checks[0], tags)
		checks = append(checks, c)
	}
	return checks, nil
}

func setRequestTags(c *api.Check, tags []types.Tag) {
	if c.Sets == nil {
		c.Sets = make(map[string][]string)
	}
	for _, t := range tags {
		setKey(c, "aws:RequestTag/"+aws.ToString(t.Key), aws.ToString(t.Value))
		c.Sets["aws:TagKeys"] = append(c.Sets["aws:TagKeys"], aws.ToString(t.Key))
	}
}

// newBucket makes the record, with what new buckets have since April 2023:
// public access is blocked and ACLs are disabled.
// Source: Amazon S3 User Guide, "Default settings for new S3 buckets FAQ".
func (s *Service) newBucket(call *api.Call, in *s3.CreateBucketInput) (*bucket, error) {
	if !validBucketName(*in.Bucket) {
		return nil, fault(statusBadRequest, "InvalidBucketName", "The specified bucket is not valid.", "BucketName", *in.Bucket)
	}
	grants := []*string{in.GrantFullControl, in.GrantRead, in.GrantReadACP, in.GrantWrite, in.GrantWriteACP}
	switch {
	case in.ACL != "" && in.ACL != types.BucketCannedACLPrivate || anyGiven(grants):
		return nil, fault(statusBadRequest, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	case in.ObjectOwnership != "" && in.ObjectOwnership != types.ObjectOwnershipBucketOwnerEnforced:
		return nil, notImplemented("x-amz-object-ownership")
	case aws.ToBool(in.ObjectLockEnabledForBucket):
		return nil, notImplemented("x-amz-bucket-object-lock-enabled")
	}
	b := &bucket{
		Name: *in.Bucket, Owner: call.Account, Region: call.Region, Created: s.clock.Now(),
		Block:     &publicAccess{true, true, true, true},
		Ownership: string(types.ObjectOwnershipBucketOwnerEnforced),
	}
	return b, b.configure(in.CreateBucketConfiguration)
}

// configure reads the document of CreateBucket. The Region it names must be
// that of the endpoint; us-east-1 is named by silence.
func (b *bucket) configure(c *types.CreateBucketConfiguration) (err error) {
	var where types.BucketLocationConstraint
	if c != nil {
		where = c.LocationConstraint
		if c.Bucket != nil || c.Location != nil {
			return notImplemented("LocationType") // directory buckets
		}
		if len(c.Tags) > 0 {
			if b.Tags, err = readTags(c.Tags, maxBucketTags); err != nil {
				return err
			}
		}
	}
	constraint := string(where)
	if where == types.BucketLocationConstraintEu {
		constraint = "eu-west-1"
	}
	switch {
	case constraint == b.Region && b.Region != "us-east-1", constraint == "" && b.Region == "us-east-1":
		return nil
	case constraint == "":
		return fault(statusBadRequest, "IllegalLocationConstraintException", "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.")
	case constraint == "us-east-1":
		return fault(statusBadRequest, "InvalidLocationConstraint", "The specified location-constraint is not valid", "LocationConstraint", constraint)
	}
	return fault(statusBadRequest, "IllegalLocationConstraintException", "The "+constraint+" location constraint is incompatible for the region specific endpoint this request was sent to.")
}

// taken answers a name that is in use. In us-east-1 the owner gets a success
// again, for old times' sake. Source: Amazon S3 API Reference, "CreateBucket".
func taken(old, b *bucket) error {
	switch {
	case old.Owner != b.Owner:
		return fault(statusConflict, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.", "BucketName", b.Name)
	case old.Region == "us-east-1" && b.Region == "us-east-1":
		return nil
	}
	return fault(statusConflict, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", "BucketName", b.Name)
}
