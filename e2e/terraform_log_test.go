package e2e

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

func (tf *terraform) logs() *cloudwatchlogs.Client { return cloudwatchlogs.NewFromConfig(tf.config) }

// logGroup is an aws_cloudwatch_log_group. Another, whose name begins with the
// same letters, must not be taken for it.
func (tf *terraform) logGroup(name string) *resource {
	arn := "arn:aws:logs:" + tf.config.Region + ":" + tf.account + ":log-group:" + name
	retain := func(days int32) {
		tf.Helper()
		_, err := tf.logs().PutRetentionPolicy(tf.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: &name, RetentionInDays: &days})
		tf.done("PutRetentionPolicy", err)
	}
	read := func() attributes { return tf.readLogGroup(&name) }
	return &resource{
		name: "aws_cloudwatch_log_group." + name,
		create: func() {
			_, err := tf.logs().CreateLogGroup(tf.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name, Tags: tags{"Team": "desk"}})
			tf.done("CreateLogGroup", err)
			retain(30)
		},
		read: read,
		update: func() {
			retain(90)
			//nolint:staticcheck // the provider calls it
			_, err := tf.logs().TagLogGroup(tf.Context(), &cloudwatchlogs.TagLogGroupInput{LogGroupName: &name, Tags: tags{"Env": "test"}})
			tf.done("TagLogGroup", err)
		},
		destroy: func() {
			read()
			_, err := tf.logs().DeleteLogGroup(tf.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &name})
			tf.done("DeleteLogGroup", err)
			if tf.findLogGroup(&name) != nil {
				tf.Errorf("the deleted log group %s is listed", name)
			}
			_, err = tf.logs().DeleteLogGroup(tf.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &name})
			tf.gone("DeleteLogGroup again", "ResourceNotFoundException", err)
		},
		want:    attributes{"arn": arn, "retention_in_days": int32(30), "kms_key_id": "", "log_group_class": "STANDARD", "tags": tags{"Team": "desk"}},
		changed: attributes{"retention_in_days": int32(90), "tags": tags{"Team": "desk", "Env": "test"}},
	}
}

// findLogGroup answers the last of what DescribeLogGroups lists with exactly
// this name.
func (tf *terraform) findLogGroup(name *string) attributes {
	tf.Helper()
	var found attributes
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(tf.logs(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: name, Limit: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(tf.Context())
		tf.done("DescribeLogGroups", err)
		for _, g := range page.LogGroups {
			if *g.LogGroupName == *name {
				found = attributes{
					"arn": aws.ToString(g.LogGroupArn), "retention_in_days": aws.ToInt32(g.RetentionInDays),
					"kms_key_id": aws.ToString(g.KmsKeyId), "log_group_class": string(g.LogGroupClass),
				}
				if *g.Arn != aws.ToString(g.LogGroupArn)+":*" {
					tf.Errorf("log group %s has the ARNs %s and %s", *name, *g.Arn, aws.ToString(g.LogGroupArn))
				}
			}
		}
	}
	return found
}

func (tf *terraform) readLogGroup(name *string) attributes {
	tf.Helper()
	state := tf.findLogGroup(name)
	if state == nil {
		tf.Fatalf("DescribeLogGroups does not list %s", *name)
	}
	//nolint:staticcheck // the provider calls it
	out, err := tf.logs().ListTagsLogGroup(tf.Context(), &cloudwatchlogs.ListTagsLogGroupInput{LogGroupName: name})
	tf.done("ListTagsLogGroup", err)
	state["tags"] = out.Tags
	return state
}
