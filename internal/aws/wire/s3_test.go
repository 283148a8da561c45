package wire_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// bucketRoom is as much of S3 as the wire needs to be tried: objects in memory,
// by bucket and key.
type bucketRoom struct {
	mu      sync.Mutex
	objects map[string]stored // guarded by mu
	callers []api.Caller      // guarded by mu
}

type stored struct {
	in      *s3.PutObjectInput
	body    []byte
	trailer string
}

func newBucketRoom() *bucketRoom { return &bucketRoom{objects: map[string]stored{}} }

func (b *bucketRoom) rows() map[string]map[string]api.Operation {
	table := map[string]api.Operation{}
	for _, op := range []api.Operation{
		api.Data("PutObject", b.put, nil), api.Data("GetObject", b.get, nil), api.Data("HeadObject", b.head, nil),
		api.Write("DeleteObjects", b.deleteAll, nil), api.Write("CreateBucket", b.create, nil),
		api.Read("GetBucketLocation", b.location, nil), api.Read("ListObjectsV2", b.list, nil),
		api.Write("PutBucketTagging", b.tag, nil), api.Read("ListBuckets", b.listBuckets, nil),
	} {
		table[op.Name] = op
	}
	return map[string]map[string]api.Operation{"s3": table}
}

func (b *bucketRoom) put(ctx context.Context, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
	if *in.Key == "refuse-early" {
		return nil, &api.Fault{Code: "QuotaExceeded", Message: "no", Status: 403}
	}
	text, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	trailer := ""
	if t, ok := in.Body.(interface{ Trailer(string) string }); ok {
		trailer = t.Trailer("x-amz-checksum-crc32")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.callers = append(b.callers, api.CallFrom(ctx).Caller)
	b.objects[*in.Bucket+"/"+*in.Key] = stored{in, text, trailer}
	return &s3.PutObjectOutput{ETag: aws.String(`"e"`)}, nil
}

func (b *bucketRoom) find(bucket, key string) (stored, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, ok := b.objects[bucket+"/"+key]
	if !ok {
		return o, &s3types.NoSuchKey{Message: aws.String("The specified key does not exist.")}
	}
	return o, nil
}

func (b *bucketRoom) get(_ context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	o, err := b.find(*in.Bucket, *in.Key)
	if err != nil {
		return nil, err
	}
	if aws.ToString(in.IfNoneMatch) == `"e"` {
		return nil, &api.Fault{Code: "NotModified", Status: http.StatusNotModified, Header: map[string]string{"ETag": `"e"`}}
	}
	out := &s3.GetObjectOutput{
		Body: io.NopCloser(bytes.NewReader(o.body)), ContentLength: aws.Int64(int64(len(o.body))), ETag: aws.String(`"e"`),
		Metadata: o.in.Metadata, ContentType: o.in.ContentType, ContentEncoding: o.in.ContentEncoding,
	}
	if in.ResponseContentType != nil {
		out.ContentType = in.ResponseContentType
	}
	if aws.ToString(in.Range) == "bytes=1-2" {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(o.body[1:3])), aws.Int64(2)
		out.ContentRange = aws.String(fmt.Sprintf("bytes 1-2/%d", len(o.body)))
	}
	if *in.Key == "breaks" {
		out.Body = io.NopCloser(io.MultiReader(bytes.NewReader(o.body[:1]), brokenReader{}))
	}
	return out, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

func (b *bucketRoom) head(_ context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	o, err := b.find(*in.Bucket, *in.Key)
	if err != nil {
		return nil, err
	}
	return &s3.HeadObjectOutput{ContentLength: aws.Int64(int64(len(o.body))), Metadata: o.in.Metadata}, nil
}

func (b *bucketRoom) deleteAll(_ context.Context, in *s3.DeleteObjectsInput) (*s3.DeleteObjectsOutput, error) {
	out := &s3.DeleteObjectsOutput{}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range in.Delete.Objects {
		delete(b.objects, *in.Bucket+"/"+*o.Key)
		out.Deleted = append(out.Deleted, s3types.DeletedObject{Key: o.Key})
	}
	return out, nil
}

func (b *bucketRoom) create(_ context.Context, in *s3.CreateBucketInput) (*s3.CreateBucketOutput, error) {
	if *in.Bucket == "taken" {
		return nil, &s3types.BucketAlreadyOwnedByYou{Message: aws.String("yours")}
	}
	return &s3.CreateBucketOutput{Location: aws.String("/" + *in.Bucket)}, nil
}

func (b *bucketRoom) location(_ context.Context, in *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
	if *in.Bucket == "old" {
		return &s3.GetBucketLocationOutput{}, nil
	}
	return &s3.GetBucketLocationOutput{LocationConstraint: "ap-northeast-1"}, nil
}

func (b *bucketRoom) list(_ context.Context, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	out := &s3.ListObjectsV2Output{Name: in.Bucket, Prefix: in.Prefix, KeyCount: aws.Int32(0), IsTruncated: aws.Bool(false)}
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, o := range b.objects {
		if key, ok := strings.CutPrefix(name, *in.Bucket+"/"); ok {
			at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
			out.Contents = append(out.Contents, s3types.Object{Key: &key, Size: aws.Int64(int64(len(o.body))), LastModified: &at, ETag: aws.String(`"e"`)})
		}
	}
	return out, nil
}

func (b *bucketRoom) tag(context.Context, *s3.PutBucketTaggingInput) (*s3.PutBucketTaggingOutput, error) {
	return &s3.PutBucketTaggingOutput{}, nil
}

func (b *bucketRoom) listBuckets(ctx context.Context, _ *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
	if api.CallFrom(ctx).Caller.Account == "" {
		return nil, &api.Fault{Code: "AccessDenied", Message: "Access Denied", Status: http.StatusForbidden}
	}
	return &s3.ListBucketsOutput{}, nil
}

// startS3 is a plane with the bucket room, and a client of it by path or by
// host name.
func startS3(t *testing.T) (*plane, *bucketRoom) {
	t.Helper()
	room := newBucketRoom()
	return start(t, room.rows()), room
}

func (p *plane) s3(t *testing.T, scheme string, change ...func(*s3.Options)) *s3.Client {
	t.Helper()
	c := p.config(t, scheme)
	c.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported // as config files have it
	c.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenSupported
	return s3.NewFromConfig(c, append(change, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint == c.BaseEndpoint })...)
}

// byHost addresses buckets by host name.
func byHost(scheme string) func(*s3.Options) {
	return func(o *s3.Options) { o.BaseEndpoint = aws.String(scheme + "://s3." + region + "." + domain) }
}

// oddKeys must arrive as they were sent.
var oddKeys = []string{
	"plain", "./a", "a//b", "../x", "/", "//", "a/", "/a", ".", "..", "a/../../b", "%2F", "a%2Fb", "%", "a b", "a+b", "a?b#c", "é/藤/😀",
	"a&b=c;d", "\\", `"<>`, "_tamachi/x", "\x7f", strings.Repeat("k", 1024), "~!*'()", "a\tb\nc", ":80", "@",
}

func TestKeysReachTheRoomUnchanged(t *testing.T) {
	p, room := startS3(t)
	for name, c := range map[string]*s3.Client{
		"path, http": p.s3(t, "http"), "path, https": p.s3(t, "https"),
		"host, http": p.s3(t, "http", byHost("http")), "host, https": p.s3(t, "https", byHost("https")),
	} {
		t.Run(name, func(t *testing.T) {
			for _, key := range oddKeys {
				clear(room.objects)
				_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("my.bucket"), Key: &key, Body: strings.NewReader("x")})
				if err != nil {
					t.Errorf("%q: %v", key, err)
					continue
				}
				if _, ok := room.objects["my.bucket/"+key]; !ok {
					t.Errorf("%q: the room has %v", key, room.objects)
				}
				if out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("my.bucket"), Key: &key}); err != nil {
					t.Errorf("%q: read: %v", key, err)
				} else {
					out.Body.Close()
				}
			}
		})
	}
}

func TestS3ByTheSDK(t *testing.T) {
	p, room := startS3(t)
	for _, scheme := range []string{"http", "https"} {
		c := p.s3(t, scheme)
		_, err := c.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("b"), Key: aws.String("k"), Body: strings.NewReader("hello"),
			Metadata: map[string]string{"Team": "keiri"}, ContentEncoding: aws.String("gzip"),
		})
		if err != nil {
			t.Fatal(err)
		}
		if o := room.objects["b/k"]; string(o.body) != "hello" || *o.in.ContentLength != 5 || o.in.Metadata["team"] != "keiri" || *o.in.ContentEncoding != "gzip" {
			t.Errorf("%s: the room got %q %+v", scheme, o.body, o.in)
		}
		if o := room.objects["b/k"]; scheme == "https" && o.trailer == "" {
			t.Errorf("%s: the checksum in the trailer is lost", scheme)
		}
		out, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("k"), Range: aws.String("bytes=1-2")})
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := io.ReadAll(out.Body); string(text) != "el" || *out.ContentRange != "bytes 1-2/5" || out.Metadata["team"] != "keiri" {
			t.Errorf("%s: got %q %+v", scheme, text, out)
		}
		head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})
		if err != nil || *head.ContentLength != 5 {
			t.Errorf("%s: head: %+v, %v", scheme, head, err)
		}
		var gone *s3types.NotFound
		if _, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("b"), Key: aws.String("none")}); !errors.As(err, &gone) {
			t.Errorf("%s: head of nothing: %v", scheme, err)
		}
		var none *s3types.NoSuchKey
		if _, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("none")}); !errors.As(err, &none) {
			t.Errorf("%s: get of nothing: %v", scheme, err)
		}
		var said smithy.APIError
		if _, err := c.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("b"), Key: aws.String("k"), IfNoneMatch: aws.String(`"e"`)}); !errors.As(err, &said) || said.ErrorCode() != "NotModified" {
			t.Errorf("%s: if none match: %v", scheme, err)
		}
		deleted, err := c.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String("b"), Delete: &s3types.Delete{
			Objects: []s3types.ObjectIdentifier{{Key: aws.String("k")}},
		}})
		if err != nil || len(deleted.Deleted) != 1 {
			t.Errorf("%s: delete: %+v, %v", scheme, deleted, err)
		}
		var taken *s3types.BucketAlreadyOwnedByYou
		if _, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("taken")}); !errors.As(err, &taken) {
			t.Errorf("%s: create: %v", scheme, err)
		}
		for bucket, want := range map[string]string{"old": "", "b": "ap-northeast-1"} {
			got, err := c.GetBucketLocation(t.Context(), &s3.GetBucketLocationInput{Bucket: &bucket})
			if err != nil || string(got.LocationConstraint) != want {
				t.Errorf("%s: location of %s: %+v, %v", scheme, bucket, got, err)
			}
		}
		if _, err := c.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: aws.String("b")}); !errors.As(err, &said) || said.ErrorCode() != "NotImplemented" {
			t.Errorf("%s: an operation without a row: %v", scheme, err)
		}
	}
}

// signedS3 signs a request for S3 whose payload hash is given.
func signedS3(t testing.TB, req *http.Request, payload string) {
	t.Helper()
	signFor(t, req, payload, "s3")
}

func signFor(t testing.TB, req *http.Request, payload, service string) {
	t.Helper()
	req.Header.Set("X-Amz-Content-Sha256", payload)
	err := v4.NewSigner().SignHTTP(context.Background(), administrator, req, payload, service, region, time.Now(),
		func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	if err != nil {
		t.Fatal(err)
	}
}

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
