package e2e

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func (tf *terraform) cloudtrail() *cloudtrail.Client { return cloudtrail.NewFromConfig(tf.config) }

// bucketPolicy is the aws_s3_bucket_policy that a trail needs.
func (tf *terraform) bucketPolicy(bucket string) *resource {
	text := strings.NewReplacer("BUCKET", bucket, "ACCOUNT", tf.account).Replace(`{"Version":"2012-10-17","Statement":[` +
		`{"Sid":"Look","Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:GetBucketAcl","Resource":"arn:aws:s3:::BUCKET"},` +
		`{"Sid":"Write","Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::BUCKET/audit/AWSLogs/ACCOUNT/*",` +
		`"Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}}]}`)
	read := func() attributes {
		out, err := tf.s3().GetBucketPolicy(tf.Context(), &s3.GetBucketPolicyInput{Bucket: &bucket})
		tf.done("GetBucketPolicy", err)
		return attributes{"policy": alike(text, aws.ToString(out.Policy))}
	}
	return &resource{
		name: "aws_s3_bucket_policy." + bucket,
		create: func() {
			_, err := tf.s3().PutBucketPolicy(tf.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &text})
			tf.done("PutBucketPolicy", err)
		},
		read: read,
		destroy: func() {
			read()
			_, err := tf.s3().DeleteBucketPolicy(tf.Context(), &s3.DeleteBucketPolicyInput{Bucket: &bucket})
			tf.done("DeleteBucketPolicy", err)
			_, err = tf.s3().GetBucketPolicy(tf.Context(), &s3.GetBucketPolicyInput{Bucket: &bucket})
			tf.gone("GetBucketPolicy", "NoSuchBucketPolicy", err)
		},
		want: attributes{"policy": text},
	}
}

// trail is an aws_cloudtrail. Its id is the ARN.
func (tf *terraform) trail(name, bucket string) *resource {
	arn := "arn:aws:cloudtrail:" + tf.config.Region + ":" + tf.account + ":trail/" + name
	read := func() attributes { return tf.readTrail(arn) }
	return &resource{
		name: "aws_cloudtrail." + name,
		create: func() {
			out, err := tf.cloudtrail().CreateTrail(tf.Context(), &cloudtrail.CreateTrailInput{
				Name: &name, S3BucketName: &bucket, S3KeyPrefix: new("audit"), IncludeGlobalServiceEvents: new(true),
				IsMultiRegionTrail: new(true), IsOrganizationTrail: new(false), EnableLogFileValidation: new(true),
				TagsList: []types.Tag{{Key: new("Team"), Value: new("desk")}},
			})
			tf.done("CreateTrail", err)
			if *out.TrailARN != arn {
				tf.Errorf("the trail is %s, want %s", *out.TrailARN, arn)
			}
			_, err = tf.cloudtrail().StartLogging(tf.Context(), &cloudtrail.StartLoggingInput{Name: &arn})
			tf.done("StartLogging", err)
			_, err = tf.cloudtrail().PutEventSelectors(tf.Context(), &cloudtrail.PutEventSelectorsInput{
				TrailName: &arn, EventSelectors: []types.EventSelector{{IncludeManagementEvents: new(true), ReadWriteType: types.ReadWriteTypeWriteOnly}},
			})
			tf.done("PutEventSelectors", err)
		},
		read: read,
		update: func() {
			_, err := tf.cloudtrail().UpdateTrail(tf.Context(), &cloudtrail.UpdateTrailInput{Name: &arn, EnableLogFileValidation: new(false)})
			tf.done("UpdateTrail", err)
			_, err = tf.cloudtrail().StopLogging(tf.Context(), &cloudtrail.StopLoggingInput{Name: &arn})
			tf.done("StopLogging", err)
			_, err = tf.cloudtrail().AddTags(tf.Context(), &cloudtrail.AddTagsInput{ResourceId: &arn, TagsList: []types.Tag{{Key: new("Env"), Value: new("test")}}})
			tf.done("AddTags", err)
		},
		destroy: func() {
			read()
			_, err := tf.cloudtrail().DeleteTrail(tf.Context(), &cloudtrail.DeleteTrailInput{Name: &arn})
			tf.done("DeleteTrail", err)
			out, err := tf.cloudtrail().DescribeTrails(tf.Context(), &cloudtrail.DescribeTrailsInput{TrailNameList: []string{arn}})
			tf.done("DescribeTrails of none", err) // no error: it is only not in the list
			if len(out.TrailList) > 0 {
				tf.Errorf("the deleted trail is listed")
			}
			_, err = tf.cloudtrail().DeleteTrail(tf.Context(), &cloudtrail.DeleteTrailInput{Name: &arn})
			tf.gone("DeleteTrail again", "TrailNotFoundException", err)
		},
		want: attributes{
			"name": name, "arn": arn, "s3_bucket_name": bucket, "s3_key_prefix": "audit", "include_global_service_events": true,
			"is_multi_region_trail": true, "is_organization_trail": false, "enable_log_file_validation": true, "home_region": tf.config.Region,
			"enable_logging": true, "read_write_type": types.ReadWriteTypeWriteOnly, "insight_selector": false, "tags": tags{"Team": "desk"},
		},
		changed: attributes{"enable_log_file_validation": false, "enable_logging": false, "tags": tags{"Team": "desk", "Env": "test"}},
	}
}

func (tf *terraform) readTrail(arn string) attributes {
	tf.Helper()
	out, err := tf.cloudtrail().DescribeTrails(tf.Context(), &cloudtrail.DescribeTrailsInput{TrailNameList: []string{arn}})
	tf.done("DescribeTrails", err)
	if len(out.TrailList) != 1 {
		tf.Fatalf("DescribeTrails lists %d, want one", len(out.TrailList))
	}
	status, err := tf.cloudtrail().GetTrailStatus(tf.Context(), &cloudtrail.GetTrailStatusInput{Name: &arn})
	tf.done("GetTrailStatus", err)
	list, err := tf.cloudtrail().ListTags(tf.Context(), &cloudtrail.ListTagsInput{ResourceIdList: []string{arn}})
	tf.done("ListTags", err)
	selectors, err := tf.cloudtrail().GetEventSelectors(tf.Context(), &cloudtrail.GetEventSelectorsInput{TrailName: &arn})
	tf.done("GetEventSelectors", err)
	all := tags{}
	for _, t := range list.ResourceTagList[0].TagsList {
		all[*t.Key] = aws.ToString(t.Value)
	}
	t := out.TrailList[0]
	state := attributes{
		"name": *t.Name, "arn": *t.TrailARN, "s3_bucket_name": *t.S3BucketName, "s3_key_prefix": aws.ToString(t.S3KeyPrefix),
		"include_global_service_events": *t.IncludeGlobalServiceEvents, "is_multi_region_trail": *t.IsMultiRegionTrail,
		"is_organization_trail": *t.IsOrganizationTrail, "enable_log_file_validation": *t.LogFileValidationEnabled, "home_region": *t.HomeRegion,
		"enable_logging": *status.IsLogging, "insight_selector": *t.HasInsightSelectors, "tags": all,
	}
	if *t.HasCustomEventSelectors { // otherwise the provider does not look at them
		state["read_write_type"] = selectors.EventSelectors[0].ReadWriteType
	}
	return state
}
