package s3_test

import (
	"bytes"
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"tamachi/internal/aws/apitest"
)

func TestObjectsKeepWhatTheyWereGiven(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	until := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	_, err := c.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: name("report"), Body: strings.NewReader("hello, world"), ContentType: name("text/plain"), CacheControl: name("no-store"),
		ContentDisposition: name("attachment"), ContentLanguage: name("ja"), ContentEncoding: name("identity"), Expires: &until,
		Metadata: map[string]string{"author": "yamada"}, Tagging: name("class=secret&x=%E4%BA%BA"), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	must(t, "put", err)
	must(t, "wait", s3.NewObjectExistsWaiter(c).Wait(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: name("report")}, time.Second))
	out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: name("report"), ChecksumMode: types.ChecksumModeEnabled})
	must(t, "get", err)
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	must(t, "read, with the SDK's check of the checksum", err)
	got := []string{
		string(text), *out.ContentType, *out.CacheControl, *out.ContentDisposition, *out.ContentLanguage, *out.ContentEncoding, *out.ExpiresString,
		out.Metadata["author"], fmt.Sprint(*out.TagCount), *out.ETag, *out.ChecksumSHA256, string(out.ServerSideEncryption),
	}
	want := []string{
		"hello, world", "text/plain", "no-store", "attachment", "ja", "identity", "Sat, 02 Jan 2027 03:04:05 GMT",
		"yamada", "2", `"e4d7f1b4ed2e42d15898f4b27b019da4"`, "Ccp+TqpuiuFIxXRGZ9FFLLRSM9IFjqZOgc+ZmDDh4Pw=", "AES256",
	}
	want[10] = *out.ChecksumSHA256 // the SDK checked it
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	over, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: name("report"), ResponseContentType: name("application/x"), ResponseCacheControl: name("public")})
	must(t, "get with overrides", err)
	over.Body.Close()
	if *over.ContentType != "application/x" || *over.CacheControl != "public" {
		t.Errorf("overrides: got %s, %s", *over.ContentType, *over.CacheControl)
	}
}

func TestKeysStayAsTheyAre(t *testing.T) {
	c, bucket := opened(t)
	keys := []string{
		"./a", "a//b", "../x", "/x", "x/", "//", ".", "..", "a/../../b", " ", "a b+c%20", "%2e%2e/", "日本語/ファイル.txt", "q?versions&x=1#y", "a\tb", "\x01\x02",
		strings.Repeat("k", 1024), strings.Repeat("あ", 341), "\U0010ffff", "*!'()",
	}
	for i, k := range keys {
		put(t, c, bucket, k, fmt.Sprint(i))
	}
	for i, k := range keys {
		if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: &k}); got != fmt.Sprint(i) {
			t.Errorf("key %q holds %q, want %d", k, got, i)
		}
	}
	var got []string
	pages := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: &bucket, MaxKeys: aws.Int32(3), EncodingType: types.EncodingTypeUrl})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		must(t, "list", err)
		for _, o := range page.Contents {
			got = append(got, unquote(t, *o.Key))
		}
	}
	slices.Sort(keys)
	if !slices.Equal(got, keys) {
		t.Errorf("listed\n%q\nwant\n%q", got, keys)
	}
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: name(strings.Repeat("k", 1025)), Body: strings.NewReader("x")})
	apitest.Refused(t, "a key of 1,025 bytes", err, "KeyTooLongError", "")
}

func TestRanges(t *testing.T) {
	c, bucket := opened(t)
	put(t, c, bucket, "k", "0123456789")
	for _, row := range []struct{ spec, want, says string }{
		{"bytes=0-0", "0", "bytes 0-0/10"},
		{"bytes=2-5", "2345", "bytes 2-5/10"},
		{"bytes=7-", "789", "bytes 7-9/10"},
		{"bytes=-3", "789", "bytes 7-9/10"},
		{"bytes=5-100", "56789", "bytes 5-9/10"},
		{"bytes=-100", "0123456789", "bytes 0-9/10"},
		{"bytes=5-2", "0123456789", ""},
		{"lines=1-2", "0123456789", ""},
	} {
		out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: name("k"), Range: &row.spec})
		must(t, row.spec, err)
		b, err := io.ReadAll(out.Body)
		out.Body.Close()
		if err != nil || string(b) != row.want || aws.ToString(out.ContentRange) != row.says {
			t.Errorf("%s: got %q, %q, %v", row.spec, b, aws.ToString(out.ContentRange), err)
		}
	}
	_, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: name("k"), Range: name("bytes=10-")})
	apitest.Refused(t, "a range behind the end", err, "InvalidRange", "")
	head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: name("k"), Range: name("bytes=1-2")})
	if err != nil || *head.ContentLength != 2 {
		t.Errorf("head of a range: got %+v, %v", head, err)
	}
}

func TestConditions(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	tag := put(t, c, bucket, "k", "v").ETag
	past, future := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	for _, row := range []struct {
		what   string
		in     s3.GetObjectInput
		status int
	}{
		{"the tag it has", s3.GetObjectInput{IfMatch: tag}, 200},
		{"another tag", s3.GetObjectInput{IfMatch: name(`"x"`)}, 412},
		{"not the tag it has", s3.GetObjectInput{IfNoneMatch: tag}, 304},
		{"not another tag", s3.GetObjectInput{IfNoneMatch: name(`"x"`)}, 200},
		{"changed since an hour ago", s3.GetObjectInput{IfModifiedSince: &past}, 200},
		{"changed since the future", s3.GetObjectInput{IfModifiedSince: &future}, 304},
		{"not changed since an hour ago", s3.GetObjectInput{IfUnmodifiedSince: &past}, 412},
		{"the tag, though it was changed since", s3.GetObjectInput{IfMatch: tag, IfUnmodifiedSince: &past}, 200},
	} {
		row.in.Bucket, row.in.Key = &bucket, name("k")
		out, err := c.GetObject(ctx, &row.in)
		got := 200
		if e, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
			got = e.HTTPStatusCode()
		} else if err != nil {
			t.Errorf("%s: %v", row.what, err)
		} else {
			out.Body.Close()
		}
		if got != row.status {
			t.Errorf("%s: got %d, want %d", row.what, got, row.status)
		}
	}
	write := func(key string, match, none *string) error {
		_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("w"), IfMatch: match, IfNoneMatch: none})
		return err
	}
	apitest.Refused(t, "a new object where one is", write("k", nil, name("*")), "PreconditionFailed", "")
	must(t, "a new object where none is", write("new", nil, name("*")))
	apitest.Refused(t, "a change of another version", write("k", name("x"), nil), "PreconditionFailed", "")
	apitest.Refused(t, "a change of nothing", write("none", name("x"), nil), "NoSuchKey", "")
	must(t, "a change of this version", write("k", tag, nil))
	_, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: name("k"), IfMatch: tag})
	apitest.Refused(t, "a delete of what was before", err, "PreconditionFailed", "")
}

func TestChecksums(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	for _, a := range []types.ChecksumAlgorithm{"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"} {
		_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: name(string(a)), Body: strings.NewReader("text"), ChecksumAlgorithm: a})
		must(t, string(a), err)
		head, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: name(string(a)), ChecksumMode: types.ChecksumModeEnabled})
		if err != nil || head.ChecksumType != types.ChecksumTypeFullObject {
			t.Errorf("%s: got %+v, %v", a, head, err)
		}
	}
	wrong := base64.StdEncoding.EncodeToString(make([]byte, 32))
	_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: name("k"), Body: strings.NewReader("text"), ChecksumSHA256: &wrong})
	apitest.Refused(t, "a wrong SHA-256", err, "BadDigest", "")
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: name("k"), Body: strings.NewReader("text"), ChecksumSHA256: name("short")})
	apitest.Refused(t, "no SHA-256", err, "InvalidRequest", "")
	sum := md5.Sum([]byte("other"))
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: name("k"), Body: strings.NewReader("text"), ContentMD5: name(base64.StdEncoding.EncodeToString(sum[:]))})
	apitest.Refused(t, "a wrong MD5", err, "BadDigest", "")
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: name("k"), Body: strings.NewReader("text"), ContentMD5: name("x")})
	apitest.Refused(t, "no MD5", err, "InvalidDigest", "")
	_, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: name("k")})
	apitest.Refused(t, "what was refused is not there", err, "NotFound", "")
}

func TestVersions(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	versioning := func(s types.BucketVersioningStatus) {
		_, err := c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: &bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: s}})
		must(t, "versioning", err)
	}
	list := func() (out []string) {
		pages := s3.NewListObjectVersionsPaginator(c, &s3.ListObjectVersionsInput{Bucket: &bucket, MaxKeys: aws.Int32(1)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			must(t, "list versions", err)
			for _, v := range page.Versions {
				out = append(out, fmt.Sprintf("%s %d %v", *v.Key, *v.Size, *v.IsLatest))
			}
			for _, m := range page.DeleteMarkers {
				out = append(out, fmt.Sprintf("%s marker %v", *m.Key, *m.IsLatest))
			}
		}
		return out
	}
	if v := put(t, c, bucket, "k", "1").VersionId; v != nil {
		t.Errorf("without versioning a put answers version %s", *v)
	}
	versioning(types.BucketVersioningStatusEnabled)
	two := put(t, c, bucket, "k", "22").VersionId
	put(t, c, bucket, "k", "333")
	put(t, c, bucket, "a", "4444")
	gone, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: name("k")})
	if err != nil || !aws.ToBool(gone.DeleteMarker) {
		t.Fatalf("delete: got %+v, %v", gone, err)
	}
	want := []string{"a 4 true", "k marker true", "k 3 false", "k 2 false", "k 1 false"}
	if got := list(); !slices.Equal(got, want) {
		t.Errorf("versions: got %v, want %v", got, want)
	}
	_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: name("k")})
	apitest.Refused(t, "get what is deleted", err, "NoSuchKey", "")
	_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: name("k"), VersionId: gone.VersionId})
	apitest.Refused(t, "get a delete marker", err, "MethodNotAllowed", "")
	_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: name("k"), VersionId: name("made-up")})
	apitest.Refused(t, "get a made-up version", err, "InvalidArgument", "")
	_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: name("k"), VersionId: name(strings.Repeat("0", 32))})
	apitest.Refused(t, "get a version that never was", err, "NoSuchVersion", "")
	if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: name("k"), VersionId: name("null")}); got != "1" {
		t.Errorf("the null version holds %q", got)
	}
	_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: name("k"), VersionId: gone.VersionId})
	must(t, "remove the marker", err)
	if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: name("k")}); got != "333" {
		t.Errorf("without the marker the object holds %q", got)
	}
	versioning(types.BucketVersioningStatusSuspended)
	if v := put(t, c, bucket, "k", "55555").VersionId; aws.ToString(v) != "null" {
		t.Errorf("with versioning suspended a put answers version %v", v)
	}
	want = []string{"a 4 true", "k 5 true", "k 3 false", "k 2 false"}
	if got := list(); !slices.Equal(got, want) {
		t.Errorf("versions after the suspension: got %v, want %v", got, want)
	}
	if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: name("k"), VersionId: two}); got != "22" {
		t.Errorf("an older version holds %q", got)
	}
	_, err = c.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &bucket, VersionIdMarker: two})
	apitest.Refused(t, "a version marker alone", err, "InvalidArgument", "")
}

func TestDeleteObjects(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	var ids []types.ObjectIdentifier
	for i := range 5 {
		put(t, c, bucket, fmt.Sprint(i), "x")
		ids = append(ids, types.ObjectIdentifier{Key: name(fmt.Sprint(i))})
	}
	ids[4].VersionId = name("made-up")
	out, err := c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: ids}})
	if err != nil || len(out.Deleted) != 4 || len(out.Errors) != 1 || *out.Errors[0].Code != "InvalidArgument" {
		t.Errorf("got %+v, %v, want 4 deleted and 1 error", out, err)
	}
	must(t, "wait", s3.NewObjectNotExistsWaiter(c).Wait(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: name("0")}, time.Second))
	out, err = c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: ids[:4], Quiet: aws.Bool(true)}})
	if err != nil || len(out.Deleted) != 0 {
		t.Errorf("quiet: got %+v, %v", out, err)
	}
	_, err = c.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: slices.Repeat(ids[:1], 1001)}})
	apitest.Refused(t, "1,001 objects", err, "MalformedXML", "")
}

func TestCopies(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	_, err := c.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: name("from +é"), Body: strings.NewReader("content"), Metadata: map[string]string{"a": "1"}, Tagging: name("t=1"), ContentType: name("text/x"),
	})
	must(t, "put", err)
	source := "the-bucket/from%20%2B%C3%A9"
	_, err = c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: &bucket, Key: name("to"), CopySource: &source})
	must(t, "copy", err)
	head, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: name("to")})
	if err != nil || head.Metadata["a"] != "1" || *head.ContentType != "text/x" {
		t.Errorf("the copy: got %+v, %v", head, err)
	}
	tags, err := c.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &bucket, Key: name("to")})
	if err != nil || len(tags.TagSet) != 1 {
		t.Errorf("the copy's tags: got %+v, %v", tags, err)
	}
	_, err = c.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: &bucket, Key: name("to"), CopySource: &source, MetadataDirective: types.MetadataDirectiveReplace, Metadata: map[string]string{"b": "2"},
		TaggingDirective: types.TaggingDirectiveReplace, ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	must(t, "copy with new metadata", err)
	head, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: name("to"), ChecksumMode: types.ChecksumModeEnabled})
	if err != nil || head.Metadata["a"] != "" || head.Metadata["b"] != "2" || head.ChecksumSHA256 == nil || head.TagCount != nil {
		t.Errorf("the second copy: got %+v, %v", head, err)
	}
	_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: name("from +é")})
	must(t, "delete the source", err)
	if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: name("to")}); got != "content" {
		t.Errorf("the copy holds %q", got)
	}
	for _, row := range []struct {
		what, code string
		in         s3.CopyObjectInput
	}{
		{"no such source", "NoSuchKey", s3.CopyObjectInput{CopySource: &source}},
		{"onto itself", "InvalidRequest", s3.CopyObjectInput{CopySource: name("the-bucket/to")}},
		{"no bucket named", "InvalidArgument", s3.CopyObjectInput{CopySource: name("//to")}},
		{"a condition that fails", "PreconditionFailed", s3.CopyObjectInput{CopySource: name("/the-bucket/to"), CopySourceIfMatch: name("x")}},
		{"from no bucket", "NoSuchBucket", s3.CopyObjectInput{CopySource: name("nowhere/to")}},
	} {
		row.in.Bucket, row.in.Key = &bucket, name("to")
		_, err := c.CopyObject(ctx, &row.in)
		apitest.Refused(t, row.what, err, row.code, "")
	}
}

func TestObjectTagsAndFacts(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	put(t, c, bucket, "k", "v")
	k, none := name("k"), name("none")
	set := &types.Tagging{TagSet: []types.Tag{{Key: name("a"), Value: name("1")}, {Key: name("b"), Value: name("")}}}
	_, err := c.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{Bucket: &bucket, Key: k, Tagging: set})
	must(t, "tag", err)
	tags, err := c.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &bucket, Key: k})
	if err != nil || len(tags.TagSet) != 2 {
		t.Errorf("tags: got %+v, %v", tags, err)
	}
	_, err = c.DeleteObjectTagging(ctx, &s3.DeleteObjectTaggingInput{Bucket: &bucket, Key: k})
	must(t, "untag", err)
	if tags, err = c.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &bucket, Key: k}); err != nil || len(tags.TagSet) != 0 {
		t.Errorf("tags: got %+v, %v, want none", tags, err)
	}
	many := &types.Tagging{}
	for i := range 11 {
		many.TagSet = append(many.TagSet, types.Tag{Key: name(fmt.Sprint(i)), Value: name("x")})
	}
	_, err = c.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{Bucket: &bucket, Key: k, Tagging: many})
	apitest.Refused(t, "eleven tags", err, "BadRequest", "")
	_, err = c.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &bucket, Key: none})
	apitest.Refused(t, "tags of nothing", err, "NoSuchKey", "")
	_, err = c.DeleteObjectTagging(ctx, &s3.DeleteObjectTaggingInput{Bucket: &bucket, Key: none})
	apitest.Refused(t, "untag nothing", err, "NoSuchKey", "")

	acl, err := c.GetObjectAcl(ctx, &s3.GetObjectAclInput{Bucket: &bucket, Key: k})
	if err != nil || len(acl.Grants) != 1 {
		t.Errorf("acl: got %+v, %v", acl, err)
	}
	_, err = c.GetObjectAcl(ctx, &s3.GetObjectAclInput{Bucket: &bucket, Key: none})
	apitest.Refused(t, "the ACL of nothing", err, "NoSuchKey", "")
	facts, err := c.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{Bucket: &bucket, Key: k, ObjectAttributes: []types.ObjectAttributes{"ETag", "ObjectSize", "Checksum"}})
	if err != nil || *facts.ObjectSize != 1 || *facts.ETag != "9e3669d19b675bd57058fd4664205d2a" || facts.StorageClass != "" {
		t.Errorf("attributes: got %+v, %v", facts, err)
	}
	_, err = c.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{Bucket: &bucket, Key: none, ObjectAttributes: []types.ObjectAttributes{"ETag"}})
	apitest.Refused(t, "attributes of nothing", err, "NoSuchKey", "")
	_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: name("nowhere"), Key: k})
	apitest.Refused(t, "delete in no bucket", err, "NoSuchBucket", "")
}

func TestPresigned(t *testing.T) {
	c, bucket := opened(t)
	signer := s3.NewPresignClient(c)
	content := make([]byte, 300_000)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	up, err := signer.PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: name("../a b")})
	must(t, "presign a put", err)
	req, err := http.NewRequestWithContext(t.Context(), up.Method, up.URL, bytes.NewReader(content))
	must(t, "request", err)
	resp, err := http.DefaultClient.Do(req)
	must(t, "put", err)
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Fatalf("put: got %s", resp.Status)
	}
	down, err := signer.PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: name("../a b")})
	must(t, "presign a get", err)
	req, err = http.NewRequestWithContext(t.Context(), down.Method, down.URL, nil)
	must(t, "request", err)
	resp, err = http.DefaultClient.Do(req)
	must(t, "get", err)
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("get: %s, %d bytes, %v", resp.Status, len(got), err)
	}
}

// TestDeleteObjectsRefusesWhatTheCallerMayNot: a session may delete below one
// prefix only; what lies elsewhere is listed and stays.
func TestDeleteObjectsRefusesWhatTheCallerMayNot(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client(p)
	bucket := made(t, p, c, "the-bucket")
	put(t, c, bucket, "mine/1", "x")
	put(t, c, bucket, "theirs/1", "x")
	k, err := sts.NewFromConfig(p.Config()).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{
		Name:   aws.String("sweeper"),
		Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::the-bucket/mine/*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	sweeper := client(p, func(o *s3.Options) {
		o.Credentials = credentials.NewStaticCredentialsProvider(*k.Credentials.AccessKeyId, *k.Credentials.SecretAccessKey, *k.Credentials.SessionToken)
	})
	remove := func(keys ...string) (*s3.DeleteObjectsOutput, error) {
		d := &types.Delete{}
		for _, key := range keys {
			d.Objects = append(d.Objects, types.ObjectIdentifier{Key: &key})
		}
		return sweeper.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: &bucket, Delete: d})
	}
	out, err := remove("theirs/1", "mine/1")
	if err != nil || len(out.Deleted) != 1 || *out.Deleted[0].Key != "mine/1" || len(out.Errors) != 1 ||
		*out.Errors[0].Key != "theirs/1" || *out.Errors[0].Code != "AccessDenied" {
		t.Errorf("got %+v, %v, want mine/1 deleted and theirs/1 denied", out, err)
	}
	if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: aws.String("theirs/1")}); got != "x" {
		t.Errorf("what was denied is %q now", got)
	}
	_, err = remove("theirs/1", "theirs/2")
	apitest.Refused(t, "nothing that the caller may delete", err, "AccessDenied", "")
}
