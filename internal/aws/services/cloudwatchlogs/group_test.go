package cloudwatchlogs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/apitest"
)

func (o *office) arn(name string) *string {
	a := o.plane.Access()
	return aws.String("arn:aws:logs:" + a.Region + ":" + a.Account + ":log-group:" + name)
}

// What Terraform calls for aws_cloudwatch_log_group, in its order: create and
// read back, change, destroy.
func TestTerraformsLogGroup(t *testing.T) {
	o, ctx := open(t), t.Context()
	name := aws.String(connection)
	o.group(connection + "-archive") // a longer name with the prefix
	_, err := o.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name, LogGroupClass: types.LogGroupClassStandard, Tags: map[string]string{"Owner": "cloud"}})
	done(t, "CreateLogGroup", err)
	read := func(days int32, tags ...string) {
		t.Helper()
		g := o.described(connection)
		if g == nil || aws.ToInt32(g.RetentionInDays) != days || g.LogGroupClass != types.LogGroupClassStandard || *g.Arn != *o.arn(connection)+":*" || *g.LogGroupArn != *o.arn(connection) {
			t.Fatalf("want the group with %d days, got %+v", days, g)
		}
		old, err := o.ListTagsLogGroup(ctx, &cloudwatchlogs.ListTagsLogGroupInput{LogGroupName: name}) //nolint:staticcheck // older providers call it
		done(t, "ListTagsLogGroup", err)
		now, err := o.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: o.arn(connection)})
		done(t, "ListTagsForResource", err)
		want := map[string]string{}
		for i := 0; i < len(tags); i += 2 {
			want[tags[i]] = tags[i+1]
		}
		if fmt.Sprint(old.Tags) != fmt.Sprint(want) || fmt.Sprint(now.Tags) != fmt.Sprint(want) {
			t.Errorf("want the tags %v, got %v and %v", want, old.Tags, now.Tags)
		}
	}
	_, err = o.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(30)})
	done(t, "PutRetentionPolicy", err)
	read(30, "Owner", "cloud")
	_, err = o.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(90)})
	done(t, "PutRetentionPolicy", err)
	_, err = o.TagLogGroup(ctx, &cloudwatchlogs.TagLogGroupInput{LogGroupName: name, Tags: map[string]string{"Stage": "prod"}}) //nolint:staticcheck // older providers call it
	done(t, "TagLogGroup", err)
	_, err = o.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: o.arn(connection), Tags: map[string]string{"Owner": "desk"}})
	done(t, "TagResource", err)
	read(90, "Owner", "desk", "Stage", "prod")
	_, err = o.UntagLogGroup(ctx, &cloudwatchlogs.UntagLogGroupInput{LogGroupName: name, Tags: []string{"Stage"}}) //nolint:staticcheck // older providers call it
	done(t, "UntagLogGroup", err)
	_, err = o.UntagResource(ctx, &cloudwatchlogs.UntagResourceInput{ResourceArn: o.arn(connection), TagKeys: []string{"Owner"}})
	done(t, "UntagResource", err)
	_, err = o.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: name})
	done(t, "DeleteRetentionPolicy", err)
	read(0)
	_, err = o.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name})
	done(t, "DeleteLogGroup", err)
	if g := o.described(connection); g != nil {
		t.Errorf("want it gone, got %+v", g)
	}
}

func TestLogGroupsAreRefused(t *testing.T) {
	o, ctx := open(t), t.Context()
	o.group(connection)
	name, none := aws.String(connection), aws.String("none")
	many := map[string]string{}
	for i := range 49 {
		many[fmt.Sprint("k", i)] = ""
	}
	_, err := o.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: o.arn(connection), Tags: many})
	done(t, "tag", err)
	two := map[string]string{"x": "", "y": ""}
	for _, row := range []struct {
		what, code, part string
		call             func() error
	}{
		{"a group twice", "ResourceAlreadyExistsException", "The specified log group already exists", func() error {
			_, err := o.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name})
			return err
		}},
		{"a name of AWS", "InvalidParameterException", "reserved for AWS", func() error {
			_, err := o.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("aws/x")})
			return err
		}},
		{"a key", "InvalidParameterException", "not supported here", func() error {
			_, err := o.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: none, KmsKeyId: aws.String("arn:aws:kms:x:1:key/y")})
			return err
		}},
		{"the class DELIVERY", "InvalidParameterException", "not supported here", func() error {
			_, err := o.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: none, LogGroupClass: types.LogGroupClassDelivery})
			return err
		}},
		{"a tag of AWS", "InvalidParameterException", "aws:", func() error {
			_, err := o.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: none, Tags: map[string]string{"aws:x": "y"}})
			return err
		}},
		{"two days", "InvalidParameterException", "Member must satisfy enum value set: [0, 1, 3, 5, 7,", func() error {
			_, err := o.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(2)})
			return err
		}},
		{"retention of none", "ResourceNotFoundException", "The specified log group does not exist.", func() error {
			_, err := o.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: none, RetentionInDays: aws.Int32(1)})
			return err
		}},
		{"no retention of none", "ResourceNotFoundException", "", func() error {
			_, err := o.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: none})
			return err
		}},
		{"delete none", "ResourceNotFoundException", "The specified log group does not exist.", func() error {
			_, err := o.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: none})
			return err
		}},
		{"protect none", "ResourceNotFoundException", "", func() error {
			_, err := o.PutLogGroupDeletionProtection(ctx, &cloudwatchlogs.PutLogGroupDeletionProtectionInput{LogGroupIdentifier: none, DeletionProtectionEnabled: aws.Bool(true)})
			return err
		}},
		{"streams of none", "ResourceNotFoundException", "", func() error {
			_, err := o.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: none})
			return err
		}},
		{"a prefix and a pattern", "InvalidParameterException", "mutually exclusive", func() error {
			_, err := o.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: name, LogGroupNamePattern: name})
			return err
		}},
		{"a token made up", "InvalidParameterException", "nextToken", func() error {
			_, err := o.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{NextToken: name})
			return err
		}},
		{"too many tags", "TooManyTagsException", "50", func() error {
			_, err := o.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: o.arn(connection), Tags: two})
			return err
		}},
		{"too many tags, the old way", "InvalidParameterException", "50", func() error {
			_, err := o.TagLogGroup(ctx, &cloudwatchlogs.TagLogGroupInput{LogGroupName: name, Tags: two}) //nolint:staticcheck // older clients call it
			return err
		}},
		{"tags of no log group", "InvalidParameterException", "resource ARN", func() error {
			_, err := o.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:s3:::x")})
			return err
		}},
		{"tags of none", "ResourceNotFoundException", "", func() error {
			_, err := o.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: o.arn("none")})
			return err
		}},
		{"tags of none, the old way", "ResourceNotFoundException", "", func() error {
			_, err := o.ListTagsLogGroup(ctx, &cloudwatchlogs.ListTagsLogGroupInput{LogGroupName: none}) //nolint:staticcheck // older clients call it
			return err
		}},
		{"untag none", "ResourceNotFoundException", "", func() error {
			_, err := o.UntagResource(ctx, &cloudwatchlogs.UntagResourceInput{ResourceArn: o.arn("none"), TagKeys: []string{"x"}})
			return err
		}},
		{"untag none, the old way", "ResourceNotFoundException", "", func() error {
			_, err := o.UntagLogGroup(ctx, &cloudwatchlogs.UntagLogGroupInput{LogGroupName: none, Tags: []string{"x"}}) //nolint:staticcheck // older clients call it
			return err
		}},
	} {
		apitest.Refused(t, row.what, row.call(), row.code, row.part)
	}
	if g := o.described("none"); g != nil {
		t.Errorf("want nothing made by what was refused, got %+v", g)
	}
}

func TestLogGroupsAreListed(t *testing.T) {
	o, ctx := open(t), t.Context()
	for _, name := range []string{"/a/1", "/a/2", "/b/Data", "B"} {
		o.group(name)
	}
	_, err := o.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/a/rare"), LogGroupClass: types.LogGroupClassInfrequentAccess})
	done(t, "create", err)
	for _, row := range []struct {
		name, want string
		in         cloudwatchlogs.DescribeLogGroupsInput
	}{
		{"all, in ASCII order", "/a/1 /a/2 /a/rare /b/Data B", cloudwatchlogs.DescribeLogGroupsInput{}},
		{"a prefix in small pages", "/a/1 /a/2 /a/rare", cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/a/"), Limit: aws.Int32(1)}},
		{"a pattern", "/b/Data", cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("Dat")}},
		{"a class", "/a/rare", cloudwatchlogs.DescribeLogGroupsInput{LogGroupClass: types.LogGroupClassInfrequentAccess}},
		{"identifiers", "/a/1 B", cloudwatchlogs.DescribeLogGroupsInput{LogGroupIdentifiers: []string{"/a/1", "/none", *o.arn("B")}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(o, &row.in)
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				done(t, "describe", err)
				for _, g := range page.LogGroups {
					got = append(got, *g.LogGroupName)
				}
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("want %q, got %q", row.want, got)
			}
		})
	}
	c := o.plane.Config()
	c.Region = "eu-west-1"
	other, err := cloudwatchlogs.NewFromConfig(c).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	done(t, "describe in another Region", err)
	if len(other.LogGroups) != 0 {
		t.Errorf("want none in another Region, got %+v", other.LogGroups)
	}
	_, err = o.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/a/rare"), LogStreamName: aws.String("x")})
	apitest.Refused(t, "events of the rare class", err, "InvalidParameterException", "INFREQUENT_ACCESS")
}

func TestProtectedGroupsStay(t *testing.T) {
	o, ctx := open(t), t.Context()
	o.group(connection)
	in := &cloudwatchlogs.PutLogGroupDeletionProtectionInput{LogGroupIdentifier: o.arn(connection), DeletionProtectionEnabled: aws.Bool(true)}
	_, err := o.PutLogGroupDeletionProtection(ctx, in)
	done(t, "protect", err)
	_, err = o.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(connection)})
	apitest.Refused(t, "a protected group", err, "ValidationException", "deletion protection")
	if g := o.described(connection); g == nil || !*g.DeletionProtectionEnabled {
		t.Fatalf("want it there and protected, got %+v", g)
	}
	in.DeletionProtectionEnabled = aws.Bool(false)
	_, err = o.PutLogGroupDeletionProtection(ctx, in)
	done(t, "protect no more", err)
	_, err = o.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(connection)})
	done(t, "delete", err)
}

func TestLogStreamsAreListed(t *testing.T) {
	o, ctx := open(t), t.Context()
	o.group(connection)
	for i, name := range []string{"c", "a", "b", "empty"} {
		o.stream(connection, name)
		if name != "empty" {
			o.put(connection, name, line(o.at(0)-int64(i)*1000, "x"))
		}
	}
	for _, row := range []struct {
		name, want string
		in         cloudwatchlogs.DescribeLogStreamsInput
	}{
		{"by name", "a b c empty", cloudwatchlogs.DescribeLogStreamsInput{}},
		{"by name downward", "empty c b a", cloudwatchlogs.DescribeLogStreamsInput{Descending: aws.Bool(true)}},
		{"a prefix", "b", cloudwatchlogs.DescribeLogStreamsInput{LogStreamNamePrefix: aws.String("b")}},
		{"by the last event", "empty b a c", cloudwatchlogs.DescribeLogStreamsInput{OrderBy: types.OrderByLastEventTime}},
		{"by the last event downward", "c a b empty", cloudwatchlogs.DescribeLogStreamsInput{OrderBy: types.OrderByLastEventTime, Descending: aws.Bool(true)}},
	} {
		for _, limit := range []int32{50, 1} {
			row.in.LogGroupName, row.in.Limit = aws.String(connection), &limit
			var got []string
			pages := cloudwatchlogs.NewDescribeLogStreamsPaginator(o, &row.in)
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				done(t, "describe", err)
				for _, st := range page.LogStreams {
					got = append(got, *st.LogStreamName)
					if (st.LastEventTimestamp == nil) != (*st.LogStreamName == "empty") {
						t.Errorf("%s: want the time of the last event where there is one, got %+v", row.name, st)
					}
				}
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("%s in pages of %d: want %q, got %q", row.name, limit, row.want, got)
			}
		}
	}
	_, err := o.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(connection), OrderBy: types.OrderByLastEventTime, LogStreamNamePrefix: aws.String("a")})
	apitest.Refused(t, "a prefix by time", err, "InvalidParameterException", "LastEventTime")
}

// A policy names a group with ":*" behind it, and a stream by its own ARN; tags
// of the group decide, too.
func TestPoliciesOfLogs(t *testing.T) {
	o, ctx := open(t), t.Context()
	o.group(connection)
	o.stream(connection, "mine")
	o.stream(connection, "yours")
	_, err := o.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: o.arn(connection), Tags: map[string]string{"team": "desk"}})
	done(t, "tag", err)
	policy := `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"` + *o.arn(connection) + `:log-stream:mine"},
		{"Effect":"Allow","Action":["logs:FilterLogEvents","logs:PutRetentionPolicy"],"Resource":"` + *o.arn(connection) + `:*","Condition":{"StringEquals":{"aws:ResourceTag/team":"desk"}}},
		{"Effect":"Allow","Action":"logs:ListTagsForResource","Resource":"` + *o.arn(connection) + `"}]}`
	got, err := sts.NewFromConfig(o.plane.Config()).GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("agent"), Policy: &policy})
	done(t, "federate", err)
	c := o.plane.Config()
	c.Credentials = credentials.NewStaticCredentialsProvider(*got.Credentials.AccessKeyId, *got.Credentials.SecretAccessKey, *got.Credentials.SessionToken)
	agent := cloudwatchlogs.NewFromConfig(c)
	put := func(stream string) error {
		_, err := agent.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(connection), LogStreamName: &stream, LogEvents: []types.InputLogEvent{line(o.at(0), "x")}})
		return err
	}
	done(t, "its own stream", put("mine"))
	apitest.Refused(t, "another's stream", put("yours"), "AccessDeniedException", "logs:PutLogEvents on resource: "+*o.arn(connection)+":log-stream:yours")
	_, err = agent.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(connection)})
	done(t, "filter the group", err)
	_, err = agent.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(connection), RetentionInDays: aws.Int32(1)})
	done(t, "retention of the group", err)
	_, err = agent.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: o.arn(connection)})
	done(t, "tags of the group", err)
	_, err = agent.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("none")})
	apitest.Refused(t, "a group that is not there", err, "AccessDeniedException", "logs:FilterLogEvents")
	_, err = agent.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(connection)})
	apitest.Refused(t, "what nobody allowed", err, "AccessDeniedException", "logs:DeleteLogGroup")
}
