package guard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// bucket is a bucket in memory that lists one object a page.
type bucket struct {
	objects map[string]string
	old     string // written long ago, and never to be fetched
}

func (b bucket) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	var names []string
	for name := range b.objects {
		if strings.HasPrefix(name, aws.ToString(in.Prefix)) && name > aws.ToString(in.ContinuationToken) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	out := &s3.ListObjectsV2Output{}
	if len(names) == 0 {
		return out, nil
	}
	written := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	if names[0] == b.old {
		written = written.AddDate(-1, 0, 0)
	}
	out.Contents = []s3types.Object{{Key: &names[0], LastModified: &written}}
	if len(names) > 1 {
		out.NextContinuationToken = &names[0]
	}
	return out, nil
}

func (b bucket) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	if *in.Key == b.old {
		return nil, errors.New("it should not be fetched")
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader([]byte(b.objects[*in.Key])))}, nil
}

func TestRecordsInABucketAreTriedAsThoseInAFolder(t *testing.T) {
	folder := trailFolder(t)
	b := bucket{objects: map[string]string{"other/x.json": "no records", "logs/AWSLogs/old.json": "too old"}, old: "logs/AWSLogs/old.json"}
	files, err := filesOf(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b.objects["logs/AWSLogs/"+filepath.Base(f)] = string(text)
	}
	p, err := Read("office.json", office, SCP, false)
	if err != nil {
		t.Fatal(err)
	}
	since := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	got, err := fromBucket(t.Context(), b, "s3://trail/logs/", since, p, Target{}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	want, err := fromFolder(t.Context(), folder, since, p, Target{}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if got.Result().Read != want.Result().Read || len(got.Result().Rows) != len(want.Result().Rows) || len(want.Result().Rows) == 0 {
		t.Errorf("want %+v, got %+v", want.Result(), got.Result())
	}
	if _, err := fromBucket(t.Context(), b, "s3://trail/nowhere", since, p, Target{}, func(int) {}); err == nil || !strings.Contains(err.Error(), "no file of CloudTrail") {
		t.Errorf("an empty place: got %v", err)
	}
	if policy := readPolicy("s3://trail/logs/"); !strings.Contains(policy, "arn:aws:s3:::trail/logs/*") || strings.Contains(policy, "cloudtrail:") {
		t.Errorf("the minimal policy is not that of the bucket: %s", policy)
	}
}

// shelf has one policy of an organization.
type shelf struct{ kind types.PolicyType }

func (s shelf) DescribePolicy(context.Context, *organizations.DescribePolicyInput, ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error) {
	return &organizations.DescribePolicyOutput{Policy: &types.Policy{Content: aws.String(office), PolicySummary: &types.PolicySummary{Name: aws.String("office"), Type: s.kind}}}, nil
}

func TestAPolicyOfTheOrganizationIsTriedByItsID(t *testing.T) {
	p, err := fromOrganization(t.Context(), shelf{types.PolicyTypeServiceControlPolicy}, "p-ab12cd34", false)
	if err != nil || p.Kind != SCP || p.Name != "office" {
		t.Errorf("got %+v, %v", p, err)
	}
	if _, err := fromOrganization(t.Context(), shelf{types.PolicyTypeTagPolicy}, "p-ab12cd34", false); err == nil {
		t.Error("a tag policy decides no calls")
	}
}
