package s3_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// steered is a plane whose time the test moves.
type steered struct {
	*apitest.Plane
	*s3.Client
	clock  *clock.Frozen
	bucket string
	t      *testing.T
}

func steer(t *testing.T) *steered {
	t.Helper()
	clk := clock.NewFrozen(time.Now().UTC().Truncate(24 * time.Hour).Add(10 * time.Hour))
	p := apitest.Start(t, apitest.Options{Clock: clk})
	c := client(p, func(o *s3.Options) {
		// As the SDK signs for S3: the path is escaped once.
		o.HTTPSignerV4 = p.Signer(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	})
	return &steered{p, c, clk, made(t, p, c, "the-bucket"), t}
}

// pass lets days pass.
func (s *steered) pass(days int) {
	s.t.Helper()
	s.clock.Advance(time.Duration(days) * 24 * time.Hour)
	for range 3 { // what one step dooms the next removes
		must(s.t, "upkeep", s.Upkeep(s.t.Context()))
	}
}

// list are the keys of all versions.
func (s *steered) list() (out []string) {
	s.t.Helper()
	page, err := s.ListObjectVersions(s.t.Context(), &s3.ListObjectVersionsInput{Bucket: &s.bucket})
	must(s.t, "list", err)
	for _, v := range page.Versions {
		out = append(out, *v.Key)
	}
	for _, m := range page.DeleteMarkers {
		out = append(out, *m.Key+" marker")
	}
	slices.Sort(out)
	return out
}

func (s *steered) rules(rules ...types.LifecycleRule) error {
	for i := range rules {
		if rules[i].Status == "" {
			rules[i].Status = types.ExpirationStatusEnabled
		}
	}
	_, err := s.PutBucketLifecycleConfiguration(s.t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: &s.bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
	})
	return err
}

func days(n int32) *types.LifecycleExpiration { return &types.LifecycleExpiration{Days: &n} }

func under(prefix string) *types.LifecycleRuleFilter {
	return &types.LifecycleRuleFilter{Prefix: &prefix}
}

func TestLifecycleRules(t *testing.T) {
	s := steer(t)
	for _, row := range []struct {
		what, code string
		rule       types.LifecycleRule
	}{
		{"no action", "InvalidRequest", types.LifecycleRule{Filter: under("")}},
		{"no filter", "MalformedXML", types.LifecycleRule{Expiration: days(1)}},
		{"no days", "InvalidArgument", types.LifecycleRule{Filter: under(""), Expiration: days(0)}},
		{"a date that is no midnight", "InvalidArgument", types.LifecycleRule{Filter: under(""), Expiration: &types.LifecycleExpiration{Date: aws.Time(time.Unix(1, 0))}}},
		{"a transition", "NotImplemented", types.LifecycleRule{Filter: under(""), Expiration: days(1), Transitions: []types.Transition{{Days: aws.Int32(1), StorageClass: "GLACIER"}}}},
		{"uploads by tag", "InvalidRequest", types.LifecycleRule{Filter: &types.LifecycleRuleFilter{Tag: &types.Tag{Key: name("a"), Value: name("b")}}, AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(1)}}},
	} {
		apitest.Refused(t, row.what, s.rules(row.rule), row.code, "")
	}
	twice := types.LifecycleRule{ID: name("x"), Filter: under(""), Expiration: days(1)}
	apitest.Refused(t, "two rules of one name", s.rules(twice, twice), "InvalidArgument", "")

	given := []types.LifecycleRule{
		{ID: name("and"), Expiration: days(3), Filter: &types.LifecycleRuleFilter{And: &types.LifecycleRuleAndOperator{
			Prefix: name("p"), Tags: []types.Tag{{Key: name("a"), Value: name("b")}}, ObjectSizeGreaterThan: aws.Int64(1),
		}}},
		{ID: name("all"), Expiration: days(3), Filter: &types.LifecycleRuleFilter{}},
		{ID: name("old"), Expiration: days(3), Prefix: name("")},
	}
	must(t, "put rules", s.rules(given...))
	got, err := s.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: &s.bucket})
	must(t, "get rules", err)
	for i, r := range got.Rules {
		if *r.ID != *given[i].ID || (r.Filter == nil) != (given[i].Filter == nil) {
			t.Errorf("rule %d: got %+v, want %+v", i, r, given[i])
		}
	}
	if a := got.Rules[0].Filter.And; a == nil || *a.Prefix != "p" || len(a.Tags) != 1 || *a.ObjectSizeGreaterThan != 1 {
		t.Errorf("the rule with And: got %+v", got.Rules[0].Filter)
	}
	_, err = s.DeleteBucketLifecycle(t.Context(), &s3.DeleteBucketLifecycleInput{Bucket: &s.bucket})
	must(t, "delete the rules", err)
	put(t, s.Client, s.bucket, "stays", "x")
	if got := s.list(); !slices.Equal(got, []string{"stays"}) {
		t.Errorf("without rules: got %v", got)
	}
}

func TestObjectsExpire(t *testing.T) {
	s := steer(t)
	tagged := &types.LifecycleRuleFilter{Tag: &types.Tag{Key: name("keep"), Value: name("no")}}
	must(t, "rules", s.rules(
		types.LifecycleRule{ID: name("logs"), Filter: under("logs/"), Expiration: days(2), AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(1)}},
		types.LifecycleRule{Filter: tagged, Expiration: days(1)},
		types.LifecycleRule{Filter: &types.LifecycleRuleFilter{ObjectSizeGreaterThan: aws.Int64(5)}, Expiration: days(4)},
		types.LifecycleRule{Filter: under(""), Expiration: days(1), Status: types.ExpirationStatusDisabled},
	))
	if e := aws.ToString(put(t, s.Client, s.bucket, "logs/1", "x").Expiration); !strings.Contains(e, `rule-id="logs"`) {
		t.Errorf("x-amz-expiration: got %q", e)
	}
	put(t, s.Client, s.bucket, "large", "123456")
	put(t, s.Client, s.bucket, "small", "12345")
	_, err := s.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &s.bucket, Key: name("tagged"), Body: strings.NewReader("x"), Tagging: name("keep=no")})
	must(t, "put", err)
	begun(t, s.Client, &s3.CreateMultipartUploadInput{Bucket: &s.bucket, Key: name("logs/up")}, []byte("x"))
	if n := s.files(); n != 5 {
		t.Errorf("%d files, want 5", n)
	}
	for day, want := range [][]string{
		{"large", "logs/1", "small", "tagged"}, {"large", "logs/1", "small", "tagged"}, {"large", "logs/1", "small"}, {"large", "small"}, {"large", "small"}, {"small"},
	} {
		if day > 0 {
			s.pass(1)
		}
		if got := s.list(); !slices.Equal(got, want) {
			t.Errorf("day %d: got %v, want %v", day, got, want)
		}
	}
	if n := s.files(); n != 1 {
		t.Errorf("%d files are left, want 1: expired objects and uploads leave none", n)
	}
}

func TestOldVersionsExpire(t *testing.T) {
	s := steer(t)
	_, err := s.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: &s.bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
	must(t, "versioning", err)
	must(t, "rules", s.rules(types.LifecycleRule{
		Filter: under(""), Expiration: &types.LifecycleExpiration{ExpiredObjectDeleteMarker: aws.Bool(true)},
		NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(1), NewerNoncurrentVersions: aws.Int32(1)},
	}, types.LifecycleRule{Filter: under("gone"), NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(1)}}))
	for i := range 4 {
		put(t, s.Client, s.bucket, "k", fmt.Sprint(i))
	}
	put(t, s.Client, s.bucket, "gone", "x")
	_, err = s.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &s.bucket, Key: name("gone")})
	must(t, "delete", err)
	if got, want := s.list(), []string{"gone", "gone marker", "k", "k", "k", "k"}; !slices.Equal(got, want) {
		t.Errorf("at first: got %v, want %v", got, want)
	}
	s.pass(3)
	if got, want := s.list(), []string{"k", "k"}; !slices.Equal(got, want) {
		t.Errorf("later: got %v, want %v: the newest and one before it", got, want)
	}
}

// files counts the bodies on the disk, when nobody can be reading those that
// are gone any more.
func (s *steered) files() (n int) {
	s.t.Helper()
	s.clock.Advance(16 * time.Minute)
	must(s.t, "upkeep", s.Upkeep(s.t.Context()))
	err := filepath.WalkDir(filepath.Join(s.Data, "blobs"), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	must(s.t, "walk", err)
	return n
}
