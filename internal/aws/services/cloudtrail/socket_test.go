package cloudtrail_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
)

// office is a plane with a bucket that lets the trail "office" in.
type office struct {
	*cloudtrail.Client
	t       *testing.T
	plane   *apitest.Plane
	s3      *s3.Client
	account string
	region  string
}

func openOffice(t *testing.T) *office {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	o := &office{
		Client: cloudtrail.NewFromConfig(p.Config()), t: t, plane: p, account: p.Access().Account, region: p.Access().Region,
		s3: s3.NewFromConfig(p.Config(), func(o *s3.Options) { o.UsePathStyle = true }),
	}
	for _, bucket := range []string{"evidence", "closed"} {
		_, err := o.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: aws.String(bucket), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(o.region)},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	o.allow("office")
	return o
}

func (o *office) allow(name string) {
	o.t.Helper()
	_, err := o.s3.PutBucketPolicy(o.t.Context(), &s3.PutBucketPolicyInput{
		Bucket: aws.String("evidence"), Policy: aws.String(policyFor(o.account, o.region, "evidence", name)),
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) arn(name string) string {
	return "arn:aws:cloudtrail:" + o.region + ":" + o.account + ":trail/" + name
}

// elsewhere is a client of another Region.
func (o *office) elsewhere() *cloudtrail.Client {
	cfg := o.plane.Config()
	cfg.Region = "eu-west-1"
	return cloudtrail.NewFromConfig(cfg)
}

// The calls that Terraform's aws_cloudtrail makes, in its order, from create to
// delete.
func TestTerraformsTrail(t *testing.T) {
	o, ctx := openOffice(t), t.Context()
	fatal := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	made, err := o.CreateTrail(ctx, &cloudtrail.CreateTrailInput{
		Name: aws.String("office"), S3BucketName: aws.String("evidence"), IncludeGlobalServiceEvents: aws.Bool(true), IsMultiRegionTrail: aws.Bool(true),
		EnableLogFileValidation: aws.Bool(true), IsOrganizationTrail: aws.Bool(false), TagsList: []types.Tag{{Key: aws.String("Owner"), Value: aws.String("cloud")}},
	})
	fatal(err)
	arn := made.TrailARN
	if *arn != o.arn("office") {
		t.Errorf("want %s, got %s", o.arn("office"), *arn)
	}
	_, err = o.StartLogging(ctx, &cloudtrail.StartLoggingInput{Name: arn})
	fatal(err)
	_, err = o.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{TrailName: arn, EventSelectors: []types.EventSelector{{ReadWriteType: types.ReadWriteTypeWriteOnly, IncludeManagementEvents: aws.Bool(true)}}})
	fatal(err)
	list, err := o.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{TrailNameList: []string{*arn}})
	fatal(err)
	if len(list.TrailList) != 1 || *list.TrailList[0].S3BucketName != "evidence" || !*list.TrailList[0].LogFileValidationEnabled || !*list.TrailList[0].HasCustomEventSelectors {
		t.Fatalf("want the trail as it was made, got %+v", list.TrailList)
	}
	status, err := o.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: arn})
	fatal(err)
	if !*status.IsLogging || status.StartLoggingTime == nil || time.Since(*status.StartLoggingTime) > time.Minute {
		t.Errorf("want it logging since now, got %+v", status)
	}
	tags, err := o.ListTags(ctx, &cloudtrail.ListTagsInput{ResourceIdList: []string{*arn}})
	fatal(err)
	if got := tags.ResourceTagList[0].TagsList; len(got) != 1 || *got[0].Value != "cloud" {
		t.Errorf("want the tag, got %+v", got)
	}
	selectors, err := o.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: arn})
	fatal(err)
	if got := selectors.EventSelectors; len(got) != 1 || got[0].ReadWriteType != types.ReadWriteTypeWriteOnly {
		t.Errorf("want the selector, got %+v", got)
	}
	_, err = o.UpdateTrail(ctx, &cloudtrail.UpdateTrailInput{Name: arn, S3BucketName: aws.String("evidence"), EnableLogFileValidation: aws.Bool(false), IsMultiRegionTrail: aws.Bool(false)})
	fatal(err)
	got, err := o.GetTrail(ctx, &cloudtrail.GetTrailInput{Name: aws.String("office")})
	fatal(err)
	if *got.Trail.LogFileValidationEnabled || *got.Trail.IsMultiRegionTrail || !*got.Trail.IncludeGlobalServiceEvents {
		t.Errorf("want what was given changed and the rest kept, got %+v", got.Trail)
	}
	_, err = o.StopLogging(ctx, &cloudtrail.StopLoggingInput{Name: arn})
	fatal(err)
	status, err = o.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: arn})
	fatal(err)
	if *status.IsLogging || status.StopLoggingTime == nil {
		t.Errorf("want it stopped, got %+v", status)
	}
	_, err = o.DeleteTrail(ctx, &cloudtrail.DeleteTrailInput{Name: arn})
	fatal(err)
	list, err = o.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{TrailNameList: []string{*arn}})
	fatal(err)
	if len(list.TrailList) != 0 {
		t.Errorf("want it gone, got %+v", list.TrailList)
	}
	page, err := o.LookupEvents(ctx, &cloudtrail.LookupEventsInput{LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyResourceName, AttributeValue: aws.String("office")}}})
	fatal(err)
	var names []string
	for _, e := range page.Events {
		if *e.ReadOnly == "false" {
			names = append(names, *e.EventName)
		}
	}
	want := []string{"DeleteTrail", "StopLogging", "UpdateTrail", "PutEventSelectors", "StartLogging", "CreateTrail"}
	if !slices.Equal(names, want) {
		t.Errorf("want the changes in the trail, the newest first, %v, got %v", want, names)
	}
}

func TestTrailsInOtherRegionsAndTheirTags(t *testing.T) {
	o, ctx := openOffice(t), t.Context()
	if _, err := o.CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: aws.String("office"), S3BucketName: aws.String("evidence"), IsMultiRegionTrail: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	there := o.elsewhere()
	list, err := there.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{})
	if err != nil || len(list.TrailList) != 1 || *list.TrailList[0].HomeRegion != o.region {
		t.Errorf("want the shadow, got %+v, %v", list, err)
	}
	list, err = there.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(false)})
	if err != nil || len(list.TrailList) != 0 {
		t.Errorf("want no shadow, got %+v, %v", list, err)
	}
	if _, err := there.GetTrail(ctx, &cloudtrail.GetTrailInput{Name: aws.String("office")}); err != nil {
		t.Errorf("want the shadow by its name, got %v", err)
	}
	all, err := there.ListTrails(ctx, &cloudtrail.ListTrailsInput{})
	if err != nil || len(all.Trails) != 1 || *all.Trails[0].TrailARN != o.arn("office") {
		t.Errorf("want the trail listed, got %+v, %v", all, err)
	}
	_, err = o.AddTags(ctx, &cloudtrail.AddTagsInput{ResourceId: aws.String(o.arn("office")), TagsList: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = o.RemoveTags(ctx, &cloudtrail.RemoveTagsInput{ResourceId: aws.String(o.arn("office")), TagsList: []types.Tag{{Key: aws.String("a")}}}); err != nil {
		t.Fatal(err)
	}
	tags, err := o.ListTags(ctx, &cloudtrail.ListTagsInput{ResourceIdList: []string{o.arn("office")}})
	if err != nil || len(tags.ResourceTagList[0].TagsList) != 1 || *tags.ResourceTagList[0].TagsList[0].Key != "b" {
		t.Errorf("want one tag left, got %+v, %v", tags, err)
	}
	if keys, err := o.ListPublicKeys(ctx, &cloudtrail.ListPublicKeysInput{}); err != nil || len(keys.PublicKeyList) != 0 {
		t.Errorf("want no key before the first digest, got %+v, %v", keys, err)
	}
	advanced := []types.AdvancedEventSelector{{Name: aws.String("writes"), FieldSelectors: []types.AdvancedFieldSelector{
		{Field: aws.String("eventCategory"), Equals: []string{"Management"}}, {Field: aws.String("readOnly"), Equals: []string{"false"}},
	}}}
	if _, err := o.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("office"), AdvancedEventSelectors: advanced}); err != nil {
		t.Fatal(err)
	}
	got, err := there.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: aws.String(o.arn("office"))})
	if err != nil || len(got.EventSelectors) != 0 || len(got.AdvancedEventSelectors) != 1 || *got.AdvancedEventSelectors[0].Name != "writes" {
		t.Errorf("want the advanced selector, got %+v, %v", got, err)
	}
}

// Each row is a call that is refused, and with which of the model's errors.
func TestRefusals(t *testing.T) {
	o, ctx := openOffice(t), t.Context()
	there := o.elsewhere()
	if _, err := o.CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: aws.String("office"), S3BucketName: aws.String("evidence"), IsMultiRegionTrail: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	create := func(change func(*cloudtrail.CreateTrailInput)) func() error {
		return func() error {
			in := &cloudtrail.CreateTrailInput{Name: aws.String("second"), S3BucketName: aws.String("evidence")}
			change(in)
			_, err := o.CreateTrail(ctx, in)
			return err
		}
	}
	name := func(n string) func(*cloudtrail.CreateTrailInput) {
		return func(in *cloudtrail.CreateTrailInput) { in.Name = aws.String(n) }
	}
	missing, tag := aws.String("missing"), []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	for _, row := range []struct {
		name string
		call func() error
		want string
	}{
		{"a name that is taken", create(name("office")), "TrailAlreadyExistsException"},
		{"a name too short", create(name("ab")), "InvalidTrailNameException"},
		{"a name with a space", create(name("a b c")), "InvalidTrailNameException"},
		{"a name like an address", create(name("192.168.5.4")), "InvalidTrailNameException"},
		{"a name with adjacent dashes", create(name("a--b")), "InvalidTrailNameException"},
		{"a bucket that is missing", create(func(in *cloudtrail.CreateTrailInput) { in.S3BucketName = aws.String("nowhere") }), "S3BucketDoesNotExistException"},
		{"a bucket that does not let CloudTrail in", create(func(in *cloudtrail.CreateTrailInput) { in.S3BucketName = aws.String("closed") }), "InsufficientS3BucketPolicyException"},
		{"a bucket that lets another trail in", create(func(*cloudtrail.CreateTrailInput) {}), "InsufficientS3BucketPolicyException"},
		{"a bucket whose name is none", create(func(in *cloudtrail.CreateTrailInput) { in.S3BucketName = aws.String("Not_A_Bucket") }), "InvalidS3BucketNameException"},
		{"a prefix too long", create(func(in *cloudtrail.CreateTrailInput) { in.S3KeyPrefix = aws.String(strings.Repeat("x", 201)) }), "InvalidS3PrefixException"},
		{"all Regions without global events", create(func(in *cloudtrail.CreateTrailInput) {
			in.IsMultiRegionTrail, in.IncludeGlobalServiceEvents = aws.Bool(true), aws.Bool(false)
		}), "InvalidParameterCombinationException"},
		{"a topic", create(func(in *cloudtrail.CreateTrailInput) { in.SnsTopicName = aws.String("topic") }), "UnsupportedOperationException"},
		{"a log group", create(func(in *cloudtrail.CreateTrailInput) { in.CloudWatchLogsLogGroupArn = aws.String("arn:aws:logs:x") }), "UnsupportedOperationException"},
		{"a key", create(func(in *cloudtrail.CreateTrailInput) { in.KmsKeyId = aws.String("alias/x") }), "UnsupportedOperationException"},
		{"an organization's trail", create(func(in *cloudtrail.CreateTrailInput) { in.IsOrganizationTrail = aws.Bool(true) }), "UnsupportedOperationException"},
		{"a tag of AWS", create(func(in *cloudtrail.CreateTrailInput) { in.TagsList = []types.Tag{{Key: aws.String("aws:x")}} }), "InvalidTagParameterException"},
		{"an update of a trail that is missing", func() error {
			_, err := o.UpdateTrail(ctx, &cloudtrail.UpdateTrailInput{Name: missing})
			return err
		}, "TrailNotFoundException"},
		{"an update from another Region", func() error {
			_, err := there.UpdateTrail(ctx, &cloudtrail.UpdateTrailInput{Name: aws.String("office")})
			return err
		}, "InvalidHomeRegionException"},
		{"a start of what is missing", func() error {
			_, err := o.StartLogging(ctx, &cloudtrail.StartLoggingInput{Name: missing})
			return err
		}, "TrailNotFoundException"},
		{"a stop from another Region", func() error {
			_, err := there.StopLogging(ctx, &cloudtrail.StopLoggingInput{Name: aws.String(o.arn("office"))})
			return err
		}, "InvalidHomeRegionException"},
		{"a deletion of what is missing", func() error {
			_, err := o.DeleteTrail(ctx, &cloudtrail.DeleteTrailInput{Name: missing})
			return err
		}, "TrailNotFoundException"},
		{"a description by an ARN of something else", func() error {
			_, err := o.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{TrailNameList: []string{"arn:aws:s3:::evidence"}})
			return err
		}, "CloudTrailARNInvalidException"},
		{"a trail that is missing", func() error {
			_, err := o.GetTrail(ctx, &cloudtrail.GetTrailInput{Name: missing})
			return err
		}, "TrailNotFoundException"},
		{"the status of what is missing", func() error {
			_, err := o.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: missing})
			return err
		}, "TrailNotFoundException"},
		{"the selectors of what is missing", func() error {
			_, err := o.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: missing})
			return err
		}, "TrailNotFoundException"},
		{"no selectors", func() error {
			_, err := o.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("office")})
			return err
		}, "InvalidEventSelectorsException"},
		{"data events", func() error {
			_, err := o.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("office"), EventSelectors: []types.EventSelector{{
				DataResources: []types.DataResource{{Type: aws.String("AWS::S3::Object"), Values: []string{"arn:aws:s3"}}},
			}}})
			return err
		}, "InvalidEventSelectorsException"},
		{"an advanced selector without its category", func() error {
			_, err := o.PutEventSelectors(ctx, &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("office"), AdvancedEventSelectors: []types.AdvancedEventSelector{{
				FieldSelectors: []types.AdvancedFieldSelector{{Field: aws.String("readOnly"), Equals: []string{"true"}}},
			}}})
			return err
		}, "InvalidEventSelectorsException"},
		{"a list from nowhere", func() error {
			_, err := o.ListTrails(ctx, &cloudtrail.ListTrailsInput{NextToken: aws.String("x")})
			return err
		}, "OperationNotPermittedException"},
		{"keys of a time that ends before it begins", func() error {
			_, err := o.ListPublicKeys(ctx, &cloudtrail.ListPublicKeysInput{StartTime: aws.Time(time.Now()), EndTime: aws.Time(time.Now().Add(-time.Hour))}) //nolint:forbidigo // any times
			return err
		}, "InvalidTimeRangeException"},
		{"tags of a trail that is missing", func() error {
			_, err := o.AddTags(ctx, &cloudtrail.AddTagsInput{ResourceId: aws.String(o.arn("missing")), TagsList: tag})
			return err
		}, "ResourceNotFoundException"},
		{"tags taken by a name", func() error {
			_, err := o.RemoveTags(ctx, &cloudtrail.RemoveTagsInput{ResourceId: aws.String("office"), TagsList: tag})
			return err
		}, "CloudTrailARNInvalidException"},
		{"tags of an event data store", func() error {
			_, err := o.ListTags(ctx, &cloudtrail.ListTagsInput{ResourceIdList: []string{"arn:aws:cloudtrail:" + o.region + ":" + o.account + ":eventdatastore/x"}})
			return err
		}, "ResourceTypeNotSupportedException"},
		{"a lookup from nowhere", func() error {
			_, err := o.LookupEvents(ctx, &cloudtrail.LookupEventsInput{NextToken: aws.String("x")})
			return err
		}, "InvalidNextTokenException"},
		{"insights", func() error {
			_, err := o.LookupEvents(ctx, &cloudtrail.LookupEventsInput{EventCategory: types.EventCategoryInsight})
			return err
		}, "UnsupportedOperationException"},
	} {
		apitest.Refused(t, row.name, row.call(), row.want, "")
	}
}

func TestASixthTrailIsOneTooMany(t *testing.T) {
	o, ctx := openOffice(t), t.Context()
	for _, name := range []string{"t-1", "t-2", "t-3", "t-4", "t-5"} {
		o.allow(name)
		if _, err := o.CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: aws.String(name), S3BucketName: aws.String("evidence")}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := o.CreateTrail(ctx, &cloudtrail.CreateTrailInput{Name: aws.String("t-6"), S3BucketName: aws.String("evidence")})
	if tooMany, ok := errors.AsType[*types.MaximumNumberOfTrailsExceededException](err); !ok {
		t.Errorf("want the quota, got %v, %v", tooMany, err)
	}
}
