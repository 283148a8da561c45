package named_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/named"
)

// FuzzRead wants of any input a struct or a *Refusal of a bounded size; and what
// was read to be writable and, written, to be read as the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"Filters":[{"Name":"vpc-id","Values":["vpc-1"]}],"DryRun":"true","MaxResults":"10"}`))
	f.Add([]byte(`{"ImageSource":{"Ec2ImageId":"ami-1"},"Tags":[{"Key":"a","Value":"b"}]}`))
	f.Add([]byte(`{"Bucket":"b","Tagging":{"TagSet":[{"Key":"k","Value":null}]}}`))
	f.Add([]byte(`{"DocumentName":"D","Parameters":{"c":["a"]},"TimeoutSeconds":"1e3"}`))
	f.Add([]byte(`{"Namespace":"N","MetricData":[{"MetricName":"m","Value":"NaN","Timestamp":"2026-11-23T00:00:00Z","Counts":[1,"2"]}]}`))
	type target struct {
		op   *model.Operation
		made func() any
	}
	targets := []target{
		{find(f, "ec2", "DescribeInstances"), func() any { return &ec2.DescribeInstancesInput{} }},
		{find(f, "workspaces", "ImportCustomWorkspaceImage"), func() any { return &workspaces.ImportCustomWorkspaceImageInput{} }},
		{find(f, "s3", "PutBucketTagging"), func() any { return &s3.PutBucketTaggingInput{} }},
		{find(f, "ssm", "SendCommand"), func() any { return &ssm.SendCommandInput{} }},
		{find(f, "cloudwatch", "PutMetricData"), func() any { return &cloudwatch.PutMetricDataInput{} }},
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, target := range targets {
			in := target.made()
			_, err := named.Read(target.op, text, "t", in)
			if refusal, ok := errors.AsType[*named.Refusal](err); ok {
				if len(refusal.Message) > 1<<16 {
					t.Errorf("%s: a refusal of %d bytes", target.op.Name, len(refusal.Message))
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s: want a refusal, got %v", target.op.Name, err)
			}
			mirror := &model.Operation{Name: target.op.Name, Input: target.op.Input, Output: target.op.Input}
			written, err := named.Write(mirror, in, "r")
			if err != nil || !json.Valid(written) {
				t.Fatalf("%s: what was read is written as %s, %v", target.op.Name, written, err)
			}
			trail := model.RedactedOutput(mirror, in)
			if trail == nil {
				continue
			}
			if restored, err := named.Restored(mirror, trail, "r"); err != nil || !json.Valid(restored) {
				t.Errorf("%s: the trail's form of %s is restored as %s, %v", target.op.Name, written, restored, err)
			}
		}
	})
}
