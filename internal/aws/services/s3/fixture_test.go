package s3_test

import (
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
)

// client is an SDK client of a plane, by path-style addresses.
func client(p *apitest.Plane, options ...func(*s3.Options)) *s3.Client {
	return s3.NewFromConfig(p.Config(), append([]func(*s3.Options){func(o *s3.Options) { o.UsePathStyle = true }}, options...)...)
}

// opened is a new plane with a client and a bucket.
func opened(t *testing.T) (*s3.Client, string) {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	c := client(p)
	return c, made(t, p, c, "the-bucket")
}

func made(t *testing.T, p *apitest.Plane, c *s3.Client, name string) string {
	t.Helper()
	_, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(p.Access().Region)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func put(t *testing.T, c *s3.Client, bucket, key, content string) *s3.PutObjectOutput {
	t.Helper()
	out, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(content)})
	if err != nil {
		t.Fatalf("put %q: %v", key, err)
	}
	return out
}

func get(t *testing.T, c *s3.Client, in *s3.GetObjectInput) string {
	t.Helper()
	out, err := c.GetObject(t.Context(), in)
	if err != nil {
		t.Fatalf("get %q: %v", *in.Key, err)
	}
	defer out.Body.Close()
	b, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatalf("read %q: %v", *in.Key, err)
	}
	return string(b)
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func name(s string) *string { return aws.String(s) }
