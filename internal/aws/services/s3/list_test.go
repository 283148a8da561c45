package s3_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
)

func unquote(t *testing.T, s string) string {
	t.Helper()
	u, err := url.QueryUnescape(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestListsWithDelimiter(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	for i := range 150 {
		put(t, c, bucket, fmt.Sprintf("photos/%03d", i), "")
	}
	for _, k := range []string{"a", "photos", "photos-old/1", "photos/", "videos/x/y", "z"} {
		put(t, c, bucket, k, "")
	}
	want := []string{"a", "photos", "photos-old/", "photos/", "videos/", "z"}
	for _, size := range []int32{1, 2, 3, 1000} {
		var got []string
		pages := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: &bucket, Delimiter: name("/"), MaxKeys: &size})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			must(t, "list", err)
			if n := len(page.Contents) + len(page.CommonPrefixes); n > int(size) || n != int(*page.KeyCount) {
				t.Errorf("a page of %d has %d entries, KeyCount %d", size, n, *page.KeyCount)
			}
			got = append(got, entries(page.Contents, page.CommonPrefixes)...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: got %v, want %v", size, got, want)
		}
		got = nil
		var marker *string
		for range 10 {
			page, err := c.ListObjects(ctx, &s3.ListObjectsInput{Bucket: &bucket, Delimiter: name("/"), MaxKeys: &size, Marker: marker})
			must(t, "list the older way", err)
			got = append(got, entries(page.Contents, page.CommonPrefixes)...)
			if !*page.IsTruncated {
				break
			}
			marker = page.NextMarker
		}
		if !slices.Equal(got, want) {
			t.Errorf("the older way, pages of %d: got %v, want %v", size, got, want)
		}
	}
	in, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: name("photos/"), Delimiter: name("/"), StartAfter: name("photos/147")})
	if err != nil || len(in.Contents) != 2 || len(in.CommonPrefixes) != 0 {
		t.Errorf("inside a prefix: got %+v, %v", in, err)
	}
	none, err := c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, MaxKeys: aws.Int32(0)})
	if err != nil || len(none.Contents) != 0 || *none.IsTruncated {
		t.Errorf("no keys at all: got %+v, %v", none, err)
	}
	_, err = c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, ContinuationToken: name("made-up")})
	apitest.Refused(t, "a made-up token", err, "InvalidArgument", "")
	_, err = c.ListObjects(ctx, &s3.ListObjectsInput{Bucket: &bucket, MaxKeys: aws.Int32(-1)})
	apitest.Refused(t, "less than no keys", err, "InvalidArgument", "")
}

// entries are keys and common prefixes in their common order.
func entries(contents []types.Object, prefixes []types.CommonPrefix) (out []string) {
	for _, o := range contents {
		out = append(out, *o.Key)
	}
	for _, p := range prefixes {
		out = append(out, *p.Prefix)
	}
	slices.Sort(out)
	return out
}
