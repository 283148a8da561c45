package cloudwatchlogs_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
)

// exporting is an office with a bucket.
type exporting struct {
	*office
	s3 *s3.Client
}

func openExporting(t *testing.T) *exporting {
	o := &exporting{office: open(t)}
	o.s3 = s3.NewFromConfig(o.plane.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	_, err := o.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String("archive"), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(o.plane.Access().Region)},
	})
	done(t, "create bucket", err)
	o.group(connection)
	for _, name := range []string{"pc/1", "pc/2", "other", "pc/empty"} {
		o.stream(connection, name)
	}
	o.put(connection, "pc/1", line(o.at(3*time.Hour), "too early"), line(o.at(time.Hour), "one"), line(o.at(time.Minute), "two"))
	o.put(connection, "pc/2", line(o.at(0), "last"))
	o.put(connection, "other", line(o.at(time.Hour), "not asked for"))
	return o
}

// allow sets the bucket policy that AWS documents.
func (o *exporting) allow(actions ...string) {
	o.t.Helper()
	a := o.plane.Access()
	var statements []string
	for _, action := range actions {
		resource := "arn:aws:s3:::archive"
		if action == "s3:PutObject" {
			resource += "/*"
		}
		statements = append(statements, fmt.Sprintf(`{"Effect":"Allow","Principal":{"Service":"logs.%s.amazonaws.com"},"Action":"%s","Resource":"%s","Condition":{"StringEquals":{"aws:SourceAccount":["%s"]},"ArnLike":{"aws:SourceArn":["arn:aws:logs:%s:%s:log-group:*"]}}}`,
			a.Region, action, resource, a.Account, a.Region, a.Account))
	}
	policy := `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
	_, err := o.s3.PutBucketPolicy(o.t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("archive"), Policy: &policy})
	done(o.t, "put the bucket policy", err)
}

func (o *exporting) create() (*string, error) {
	out, err := o.CreateExportTask(o.t.Context(), &cloudwatchlogs.CreateExportTaskInput{
		TaskName: aws.String("month"), LogGroupName: aws.String(connection), LogStreamNamePrefix: aws.String("pc/"),
		From: aws.Int64(o.at(2 * time.Hour)), To: aws.Int64(o.at(0)), Destination: aws.String("archive"), DestinationPrefix: aws.String("connections"),
	})
	if err != nil {
		return nil, err
	}
	return out.TaskId, nil
}

func (o *exporting) task(id *string) types.ExportTask {
	o.t.Helper()
	out, err := o.DescribeExportTasks(o.t.Context(), &cloudwatchlogs.DescribeExportTasksInput{TaskId: id})
	done(o.t, "describe the task", err)
	if len(out.ExportTasks) != 1 {
		o.t.Fatalf("want the task, got %+v", out.ExportTasks)
	}
	return out.ExportTasks[0]
}

func (o *exporting) text(key string) string {
	o.t.Helper()
	got, err := o.s3.GetObject(o.t.Context(), &s3.GetObjectInput{Bucket: aws.String("archive"), Key: &key})
	done(o.t, "get "+key, err)
	defer got.Body.Close()
	var r io.Reader = got.Body
	if strings.HasSuffix(key, ".gz") {
		if r, err = gzip.NewReader(got.Body); err != nil {
			o.t.Fatalf("%s: %v", key, err)
		}
	}
	text, err := io.ReadAll(r)
	done(o.t, "read "+key, err)
	return string(text)
}

func TestExportsGoToTheBucket(t *testing.T) {
	o, ctx := openExporting(t), t.Context()
	_, err := o.create()
	apitest.Refused(t, "a bucket without a policy", err, "InvalidParameterException", "GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.")
	o.allow("s3:GetBucketAcl")
	_, err = o.create()
	apitest.Refused(t, "a bucket that may not be written", err, "InvalidParameterException", "PutObject call on the given bucket failed.")
	o.allow("s3:GetBucketAcl", "s3:PutObject")
	id, err := o.create()
	done(t, "create the task", err)
	if got := o.text("connections/aws-logs-write-test"); got != "Permission Check Successful" {
		t.Errorf("want the test file, got %q", got)
	}
	one, two := o.at(time.Hour), o.at(time.Minute)
	o.clk.Advance(time.Second)
	o.upkeep()
	task := o.task(id)
	if task.Status.Code != types.ExportTaskStatusCodeCompleted || *task.Status.Message != "Completed successfully" || task.ExecutionInfo.CompletionTime == nil || *task.TaskName != "month" {
		t.Errorf("want it completed, got %+v, %s", task, *task.Status.Message)
	}
	list, err := o.s3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("archive"), Prefix: aws.String("connections/" + *id)})
	done(t, "list", err)
	var keys []string
	for _, object := range list.Contents {
		keys = append(keys, strings.TrimPrefix(*object.Key, "connections/"+*id))
	}
	if got := strings.Join(keys, " "); got != "/pc-1/000000.gz /pc-2/000000.gz" {
		t.Errorf("want a file of each stream that has events, got %q", got)
	}
	stamp := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") }
	want := stamp(one) + " one\n" + stamp(two) + " two\n"
	if got := o.text("connections/" + *id + "/pc-1/000000.gz"); got != want {
		t.Errorf("want %q, got %q", want, got)
	}
	_, err = o.CancelExportTask(ctx, &cloudwatchlogs.CancelExportTaskInput{TaskId: id})
	apitest.Refused(t, "cancel what is completed", err, "InvalidOperationException", "COMPLETED")
	_, err = o.CancelExportTask(ctx, &cloudwatchlogs.CancelExportTaskInput{TaskId: aws.String("none")})
	apitest.Refused(t, "cancel none", err, "ResourceNotFoundException", "")
	_, err = o.DescribeExportTasks(ctx, &cloudwatchlogs.DescribeExportTasksInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a token made up", err, "InvalidParameterException", "nextToken")
	_, err = o.CreateExportTask(ctx, &cloudwatchlogs.CreateExportTaskInput{LogGroupName: aws.String("none"), From: aws.Int64(0), To: aws.Int64(1), Destination: aws.String("archive")})
	apitest.Refused(t, "no group", err, "ResourceNotFoundException", "The specified log group does not exist.")
	_, err = o.CreateExportTask(ctx, &cloudwatchlogs.CreateExportTaskInput{LogGroupName: aws.String(connection), From: aws.Int64(2), To: aws.Int64(1), Destination: aws.String("archive")})
	apitest.Refused(t, "an end before the start", err, "InvalidParameterException", "time range")
}

func TestExportsAreCancelled(t *testing.T) {
	o, ctx := openExporting(t), t.Context()
	o.allow("s3:GetBucketAcl", "s3:PutObject")
	id, err := o.create()
	done(t, "create", err)
	_, err = o.create()
	apitest.Refused(t, "a second task", err, "LimitExceededException", "Resource limit exceeded.")
	_, err = o.CancelExportTask(ctx, &cloudwatchlogs.CancelExportTaskInput{TaskId: id})
	done(t, "cancel", err)
	if got := o.task(id).Status.Code; got != types.ExportTaskStatusCodePendingCancel {
		t.Errorf("want it on its way, got %s", got)
	}
	o.clk.Advance(time.Second)
	o.upkeep()
	list, err := o.DescribeExportTasks(ctx, &cloudwatchlogs.DescribeExportTasksInput{StatusCode: types.ExportTaskStatusCodeCancelled, Limit: aws.Int32(1)})
	done(t, "describe by status", err)
	if len(list.ExportTasks) != 1 || *list.ExportTasks[0].TaskId != *id {
		t.Errorf("want it cancelled, got %+v", list.ExportTasks)
	}
	_, err = o.create()
	done(t, "a task after one that was cancelled", err)
}
