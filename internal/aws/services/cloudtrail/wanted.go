package cloudtrail

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"
)

// wanted is what a caller may ask of a trail that is not done here. Each is
// refused: a trail that does less than it says would be worse than none.
type wanted struct {
	topic, logGroup, logRole, key *string
	organization                  *bool
}

func (w wanted) check() error {
	refuse := func(text string) error {
		return &types.UnsupportedOperationException{Message: aws.String(text)}
	}
	switch {
	case aws.ToString(w.topic) != "":
		return refuse("Notifications of delivery by SNS are not offered here; leave out SnsTopicName.")
	case aws.ToString(w.logGroup) != "" || aws.ToString(w.logRole) != "":
		return refuse("Delivery to CloudWatch Logs is not offered here; leave out CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn.")
	case aws.ToString(w.key) != "":
		return refuse("Encryption of log files with a KMS key is not offered here; leave out KmsKeyId.")
	case aws.ToBool(w.organization):
		return refuse("Organization trails are not offered here; make a trail in each account.")
	}
	return nil
}

// check holds what a trail is told to do to the rules.
func (t *trail) check() error {
	if err := checkBucket(t.Bucket); err != nil {
		return err
	}
	if err := checkPrefix(t.Prefix); err != nil {
		return err
	}
	if t.MultiRegion && !t.GlobalEvents {
		return &types.InvalidParameterCombinationException{Message: aws.String("Multi-Region trail must include global service events.")}
	}
	return nil
}

// firstOf is the first of errors that were joined: an answer has one.
func firstOf(err error) error {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		return list.Unwrap()[0]
	}
	return err
}

// probe asks the bucket whether CloudTrail may write there, as AWS does before
// it makes a trail: its ACL, then an empty object where the files will be.
func (s *Service) probe(ctx context.Context, t *trail) error {
	missing := &types.S3BucketDoesNotExistException{Message: aws.String(fmt.Sprintf("S3 bucket %s does not exist!", t.Bucket))}
	o := t.object(t.folder("CloudTrail"), nil)
	err := s.ports.Bucket.Probe(ctx, o)
	if err == nil {
		err = s.ports.Bucket.Deliver(ctx, o)
	}
	if err == nil && t.Validation {
		err = s.ports.Bucket.Deliver(ctx, t.object(t.folder("CloudTrail-Digest"), nil))
	}
	refused, ok := errors.AsType[smithy.APIError](err)
	switch {
	case err == nil:
		return nil
	case !ok:
		return fmt.Errorf("try bucket %s: %w", t.Bucket, err)
	case refused.ErrorCode() == "NoSuchBucket":
		return missing
	}
	return &types.InsufficientS3BucketPolicyException{Message: aws.String("Incorrect S3 bucket policy is detected for bucket: " + t.Bucket)}
}
