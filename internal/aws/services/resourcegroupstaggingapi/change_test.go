package resourcegroupstaggingapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	workspacestypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
)

// tag sets tags and returns what failed.
func (f *fixture) tag(tags map[string]string, names ...string) map[string]types.FailureInfo {
	f.t.Helper()
	out, err := f.TagResources(f.t.Context(), &tagging.TagResourcesInput{ResourceARNList: names, Tags: tags})
	done(f.t, "tag", err)
	return out.FailedResourcesMap
}

func (f *fixture) untag(keys []string, names ...string) map[string]types.FailureInfo {
	f.t.Helper()
	out, err := f.UntagResources(f.t.Context(), &tagging.UntagResourcesInput{ResourceARNList: names, TagKeys: keys})
	done(f.t, "untag", err)
	return out.FailedResourcesMap
}

// in is the fixture in another Region.
func (f *fixture) in(region string) *fixture {
	c := f.plane.Config()
	c.Region = region
	return &fixture{tagging.NewFromConfig(c), f.t, f.plane}
}

// regional makes one of every kind of resource that belongs to a Region.
func (f *fixture) regional() []string {
	f.t.Helper()
	ctx, c := f.t.Context(), f.plane.Config()
	bucket := "office-files"
	_, err := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }).CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: &bucket, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(c.Region)},
	})
	done(f.t, "create a bucket", err)
	_, err = ssm.NewFromConfig(c).CreateDocument(ctx, &ssm.CreateDocumentInput{
		Name: aws.String("clean"), DocumentType: ssmtypes.DocumentTypeCommand,
		Content: aws.String(`{"schemaVersion":"2.2","description":"d","mainSteps":[{"action":"aws:runShellScript","name":"a","inputs":{"runCommand":["true"]}}]}`),
	})
	done(f.t, "create a document", err)
	_, err = cloudwatchlogs.NewFromConfig(c).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/office/door")})
	done(f.t, "create a log group", err)
	_, err = cloudwatch.NewFromConfig(c).PutCompositeAlarm(ctx, &cloudwatch.PutCompositeAlarmInput{AlarmName: aws.String("hot"), AlarmRule: aws.String("FALSE")})
	done(f.t, "create an alarm", err)
	directory := f.plane.Corp()
	desktops := workspaces.NewFromConfig(c)
	bundles, err := desktops.DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{Owner: aws.String("AMAZON")})
	done(f.t, "bundles", err)
	w, err := desktops.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: []workspacestypes.WorkspaceRequest{
		{DirectoryId: &directory, UserName: aws.String("Administrator"), BundleId: bundles.Bundles[0].BundleId},
	}})
	if err != nil || len(w.PendingRequests) != 1 {
		f.t.Fatalf("create a desktop: %v, %+v", err, w)
	}
	return []string{
		f.arn("workspaces", "directory/"+directory), f.arn("workspaces", "workspace/"+*w.PendingRequests[0].WorkspaceId),
		"arn:aws:s3:::" + bucket, f.arn("ssm", "document/clean"), f.arn("ds", "directory/"+directory),
		f.arn("logs", "log-group:/office/door"), f.arn("cloudwatch", "alarm:hot"),
		f.parameter("/office/room", nil), f.parameter("flat", nil), f.key(nil),
	}
}

func TestEveryKindOfResourceIsTaggedAndUntagged(t *testing.T) {
	f := start(t, apitest.Options{})
	names := f.regional()
	for range 2 { // the second time changes nothing
		if failed := f.tag(map[string]string{"team": "sales", "stage": "prod"}, names...); len(failed) > 0 {
			t.Fatalf("want every resource tagged, got failures %v", describe(failed))
		}
		want := []string{}
		for _, name := range names {
			want = append(want, name+" stage=prod team=sales")
		}
		f.same("after tagging", &tagging.GetResourcesInput{}, want...)
	}
	f.tag(map[string]string{"team": "it"}, names...)
	for range 2 {
		if failed := f.untag([]string{"stage", "none"}, names...); len(failed) > 0 {
			t.Fatalf("want every resource untagged, got failures %v", describe(failed))
		}
	}
	want := []string{}
	for _, name := range names {
		want = append(want, name+" team=it")
	}
	f.same("after untagging", &tagging.GetResourcesInput{}, want...)
	f.untag([]string{"team"}, names...)
	f.same("after the last tag went", &tagging.GetResourcesInput{})
}

func TestResourcesOfIAMAreInUSEast1(t *testing.T) {
	f := start(t, apitest.Options{})
	c := iam.NewFromConfig(f.plane.Config())
	ctx := t.Context()
	user, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("kato"), Path: aws.String("/sales/")})
	done(t, "user", err)
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	role, err := c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("node"), AssumeRolePolicyDocument: &trust})
	done(t, "role", err)
	policy, err := c.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("read"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}`),
	})
	done(t, "policy", err)
	profile, err := c.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("node")})
	done(t, "profile", err)
	device, err := c.CreateVirtualMFADevice(ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("phone")})
	done(t, "device", err)
	names := []string{*user.User.Arn, *role.Role.Arn, *policy.Policy.Arn, *profile.InstanceProfile.Arn, *device.VirtualMFADevice.SerialNumber}

	for _, why := range f.tag(map[string]string{"a": "b"}, names...) {
		if why.ErrorCode != "InvalidParameterException" || !strings.Contains(*why.ErrorMessage, "not in the Region") {
			t.Errorf("from another Region: want InvalidParameterException, got %v", why)
		}
	}
	home := f.in("us-east-1")
	if failed := home.tag(map[string]string{"team": "it", "a": "b"}, names...); len(failed) > 0 {
		t.Fatalf("want every resource tagged, got failures %v", describe(failed))
	}
	if failed := home.untag([]string{"a"}, names...); len(failed) > 0 {
		t.Fatalf("want every resource untagged, got failures %v", describe(failed))
	}
	want := []string{}
	for _, name := range names {
		want = append(want, name+" team=it")
	}
	home.same("IAM's resources in us-east-1", &tagging.GetResourcesInput{ResourceTypeFilters: []string{"iam"}}, want...)
	f.same("and nowhere else", &tagging.GetResourcesInput{})

	wrong := strings.Replace(names[0], "/sales/", "/it/", 1)
	nobody := strings.Replace(names[0], "/sales/kato", "/nobody", 1)
	failed := home.tag(map[string]string{"x": "y"}, wrong, nobody)
	if failed[wrong].ErrorCode != "InvalidParameterException" || failed[nobody].ErrorCode != "NoSuchEntity" || failed[nobody].StatusCode != 404 {
		t.Errorf("want neither another path nor nobody tagged, got %v", describe(failed))
	}
}

func TestATrailIsTaggedAtHome(t *testing.T) {
	f := start(t, apitest.Options{})
	c, ctx := f.plane.Config(), t.Context()
	bucket := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true })
	_, err := bucket.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: aws.String("trails"), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(c.Region)},
	})
	done(t, "bucket", err)
	_, err = bucket.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String("trails"), Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":["s3:GetBucketAcl","s3:PutObject"],"Resource":["arn:aws:s3:::trails","arn:aws:s3:::trails/*"]}]}`)})
	done(t, "policy", err)
	trail, err := cloudtrail.NewFromConfig(c).CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: aws.String("all-calls"), S3BucketName: aws.String("trails")})
	done(t, "trail", err)
	if failed := f.tag(map[string]string{"a": "b", "c": "d"}, *trail.TrailARN); len(failed) > 0 {
		t.Fatalf("tag: %v", describe(failed))
	}
	if failed := f.untag([]string{"a"}, *trail.TrailARN); len(failed) > 0 {
		t.Fatalf("untag: %v", describe(failed))
	}
	f.same("the trail", &tagging.GetResourcesInput{ResourceTypeFilters: []string{"cloudtrail:trail"}}, *trail.TrailARN+" c=d")
}

func TestWhatCannotBeTagged(t *testing.T) {
	f := start(t, apitest.Options{})
	good := f.parameter("good", nil)
	other := strings.Replace(good, strings.Split(good, ":")[4], "444455556666", 1)
	away := strings.Replace(good, f.plane.Config().Region, "eu-west-1", 1)
	key := f.key(nil)
	missing := key[:len(key)-12] + "000000000000"
	want := map[string]string{
		other: "400 InvalidParameterException", away: "400 InvalidParameterException",
		good + "x":                        "400 InvalidResourceId",
		missing:                           "400 NotFoundException",
		f.arn("ec2", "instance/i-1"):      "500 InternalServiceException",
		f.arn("kms", "alias/a"):           "500 InternalServiceException",
		"arn:aws:s3:::no-such-bucket-yet": "404 NoSuchBucket",
	}
	names := []string{good, good}
	for name := range want {
		names = append(names, name)
	}
	failed := f.tag(map[string]string{"a": "b"}, names...)
	for name, text := range want {
		why, is := failed[name]
		if got := fmt.Sprint(why.StatusCode, " ", why.ErrorCode); !is || got != text || aws.ToString(why.ErrorMessage) == "" {
			t.Errorf("%s: want %s and a message, got %s", name, text, got)
		}
	}
	if len(failed) != len(want) {
		t.Errorf("want %d failures, got %v", len(want), describe(failed))
	}
	f.same("the good one beside them", &tagging.GetResourcesInput{}, good+" a=b")

	for name, in := range map[string]struct {
		arns       []string
		key, value string
		code, part string
	}{
		"no ARN":         {[]string{good, "room"}, "x", "y", "InvalidParameterException", "room not a valid AmazonResourceName (ARN)"},
		"a reserved key": {[]string{good}, "AWS:x", "y", "InvalidParameterException", "reserved"},
		"too many names": {slices.Repeat([]string{good}, 21), "x", "y", "ValidationException", "less than or equal to 20"},
	} {
		_, err := f.TagResources(t.Context(), &tagging.TagResourcesInput{ResourceARNList: in.arns, Tags: map[string]string{in.key: in.value}})
		apitest.Refused(t, "tag "+name, err, in.code, in.part)
		_, err = f.UntagResources(t.Context(), &tagging.UntagResourcesInput{ResourceARNList: in.arns, TagKeys: []string{in.key}})
		apitest.Refused(t, "untag "+name, err, in.code, in.part)
	}
	f.same("after the refusals", &tagging.GetResourcesInput{}, good+" a=b")
}

func TestWhoMayNotTagAResourceMayNotHere(t *testing.T) {
	f := start(t, apitest.Options{})
	mine, theirs, key := f.parameter("mine", nil), f.parameter("theirs", nil), f.key(nil)
	clerk := tagging.NewFromConfig(f.session(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["tag:TagResources","tag:GetResources"],"Resource":"*"},
		{"Effect":"Allow","Action":"ssm:AddTagsToResource","Resource":"` + mine + `","Condition":{"StringEquals":{"aws:RequestTag/team":"it"}}}]}`))
	out, err := clerk.TagResources(t.Context(), &tagging.TagResourcesInput{
		ResourceARNList: []string{mine, theirs, key, "arn:aws:s3:::some-bucket"}, Tags: map[string]string{"team": "it"},
	})
	done(t, "tag what is mine and what is not", err)
	for name, code := range map[string]string{theirs: "AccessDeniedException", key: "AccessDeniedException"} {
		why := out.FailedResourcesMap[name]
		if string(why.ErrorCode) != code || !strings.Contains(aws.ToString(why.ErrorMessage), "is not authorized to perform") {
			t.Errorf("%s: want %s, got %s", name, code, describe(out.FailedResourcesMap))
		}
	}
	if len(out.FailedResourcesMap) != 3 {
		t.Errorf("want all but mine refused, got %s", describe(out.FailedResourcesMap))
	}
	f.same("mine has the tag, the others none", &tagging.GetResourcesInput{}, mine+" team=it")
	out, err = clerk.TagResources(t.Context(), &tagging.TagResourcesInput{ResourceARNList: []string{mine}, Tags: map[string]string{"team": "sales"}})
	done(t, "tag mine with another team", err)
	if out.FailedResourcesMap[mine].ErrorCode != "AccessDeniedException" {
		t.Errorf("want the condition on the request's tags to hold, got %s", describe(out.FailedResourcesMap))
	}
	_, err = clerk.UntagResources(t.Context(), &tagging.UntagResourcesInput{ResourceARNList: []string{mine}, TagKeys: []string{"team"}})
	apitest.Refused(t, "untag without tag:UntagResources", err, "AccessDeniedException", "tag:UntagResources")
	records, err := cloudtrail.NewFromConfig(f.plane.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{
		LookupAttributes: []trailtypes.LookupAttribute{{AttributeKey: trailtypes.LookupAttributeKeyEventName, AttributeValue: aws.String("TagResources")}},
	})
	done(t, "look up", err)
	if len(records.Events) != 2 {
		t.Errorf("want two calls of TagResources in the trail as soon as they are answered, got %d", len(records.Events))
	}
	f.trailShows("AddTagsToResource")
}

// trailShows wants a record of a call that came by way of the tagging API.
func (f *fixture) trailShows(event string) {
	f.t.Helper()
	f.plane.Restart() // which writes out what waits
	c := cloudtrail.NewFromConfig(f.plane.Config())
	out, err := c.LookupEvents(f.t.Context(), &cloudtrail.LookupEventsInput{
		LookupAttributes: []trailtypes.LookupAttribute{{AttributeKey: trailtypes.LookupAttributeKeyEventName, AttributeValue: &event}},
	})
	done(f.t, "look up", err)
	for _, e := range out.Events {
		if !strings.Contains(*e.CloudTrailEvent, `"invokedBy":"tagging.amazonaws.com"`) {
			f.t.Errorf("%s: want it invoked by tagging.amazonaws.com, got %s", event, *e.CloudTrailEvent)
		}
	}
	if len(out.Events) != 3 {
		f.t.Errorf("want three calls of %s in the trail, one for each parameter and try, got %d", event, len(out.Events))
	}
}

func describe(failed map[string]types.FailureInfo) (out []string) {
	for name, why := range failed {
		out = append(out, fmt.Sprintf("%s: %d %s: %s", name, why.StatusCode, why.ErrorCode, aws.ToString(why.ErrorMessage)))
	}
	slices.Sort(out)
	return out
}
