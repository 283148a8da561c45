package s3_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
)

const five = 5 << 20

// begun is an upload with the parts that are given.
func begun(t *testing.T, c *s3.Client, in *s3.CreateMultipartUploadInput, contents ...[]byte) (id *string, parts []types.CompletedPart) {
	t.Helper()
	up, err := c.CreateMultipartUpload(t.Context(), in)
	must(t, "begin", err)
	for i, content := range contents {
		n := aws.Int32(int32(i + 1))
		out, err := c.UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: in.Bucket, Key: in.Key, UploadId: up.UploadId, PartNumber: n, Body: bytes.NewReader(content), ChecksumAlgorithm: in.ChecksumAlgorithm,
		})
		must(t, "upload a part", err)
		parts = append(parts, types.CompletedPart{
			PartNumber: n, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32, ChecksumCRC32C: out.ChecksumCRC32C, ChecksumCRC64NVME: out.ChecksumCRC64NVME,
			ChecksumSHA1: out.ChecksumSHA1, ChecksumSHA256: out.ChecksumSHA256,
		})
	}
	return up.UploadId, parts
}

func TestUploadInParts(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	contents := [][]byte{bytes.Repeat([]byte("a"), five), bytes.Repeat([]byte("b"), five+1), []byte("tail")}
	whole := bytes.Join(contents, nil)
	for _, row := range []struct {
		algorithm types.ChecksumAlgorithm
		kind      types.ChecksumType
	}{{"CRC32", "COMPOSITE"}, {"CRC32", "FULL_OBJECT"}, {"CRC32C", "FULL_OBJECT"}, {"CRC64NVME", "FULL_OBJECT"}, {"SHA256", "COMPOSITE"}} {
		key := name(fmt.Sprint(row))
		id, parts := begun(t, c, &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: key, ChecksumAlgorithm: row.algorithm, ChecksumType: row.kind, Metadata: map[string]string{"m": "1"}}, contents...)
		finish := &s3.CompleteMultipartUploadInput{Bucket: &bucket, Key: key, UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}
		done, err := c.CompleteMultipartUpload(ctx, finish)
		must(t, "complete", err)
		again, err := c.CompleteMultipartUpload(ctx, finish)
		if err != nil || *again.ETag != *done.ETag {
			t.Errorf("%v: a repeated completion answers %+v, %v", row, again, err)
		}
		sums := md5.New()
		for _, part := range contents {
			s := md5.Sum(part)
			sums.Write(s[:])
		}
		if want := `"` + hex.EncodeToString(sums.Sum(nil)) + `-3"`; *done.ETag != want || done.ChecksumType != row.kind {
			t.Errorf("%v: ETag %s, type %s, want %s", row, *done.ETag, done.ChecksumType, want)
		}
		// The SDK compares what it reads with a full object's checksum.
		out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: key, ChecksumMode: types.ChecksumModeEnabled})
		must(t, "get", err)
		got, err := io.ReadAll(out.Body)
		out.Body.Close()
		if err != nil || !bytes.Equal(got, whole) || out.Metadata["m"] != "1" {
			t.Errorf("%v: got %d bytes, %v", row, len(got), err)
		}
	}
	key := name(fmt.Sprint(struct {
		a types.ChecksumAlgorithm
		k types.ChecksumType
	}{"CRC32", "COMPOSITE"}))
	part, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: key, PartNumber: aws.Int32(3)})
	must(t, "get a part", err)
	got, _ := io.ReadAll(part.Body)
	part.Body.Close()
	if string(got) != "tail" || *part.PartsCount != 3 {
		t.Errorf("part 3: got %q of %d parts", got, *part.PartsCount)
	}
	across := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: key, Range: aws.String(fmt.Sprintf("bytes=%d-%d", five-2, five+1))})
	if across != "aabb" {
		t.Errorf("a range across parts: got %q", across)
	}
	facts, err := c.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{Bucket: &bucket, Key: key, ObjectAttributes: []types.ObjectAttributes{"ObjectParts"}, MaxParts: aws.Int32(2)})
	if err != nil || *facts.ObjectParts.TotalPartsCount != 3 || len(facts.ObjectParts.Parts) != 2 || !*facts.ObjectParts.IsTruncated {
		t.Errorf("parts: got %+v, %v", facts, err)
	}
	_, err = c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: &bucket, Key: name("copy"), CopySource: name("the-bucket/%7BCRC32%20COMPOSITE%7D")})
	must(t, "copy an object of parts", err)
	if text := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: name("copy")}); text != string(whole) {
		t.Errorf("the copy has %d bytes", len(text))
	}
}

func TestCompletionRefuses(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	key := name("k")
	id, parts := begun(t, c, &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: key}, []byte("small"), []byte("tail"))
	for _, row := range []struct {
		what, code string
		parts      []types.CompletedPart
		change     func(*s3.CompleteMultipartUploadInput)
	}{
		{"no parts", "MalformedXML", nil, nil},
		{"a small part that is not the last", "EntityTooSmall", parts, nil},
		{"parts in another order", "InvalidPartOrder", []types.CompletedPart{parts[1], parts[0]}, nil},
		{"a part that is not there", "InvalidPart", []types.CompletedPart{{PartNumber: aws.Int32(7), ETag: parts[0].ETag}}, nil},
		{"a part's wrong tag", "InvalidPart", []types.CompletedPart{{PartNumber: aws.Int32(1), ETag: parts[1].ETag}}, nil},
		{"a wrong size", "InvalidRequest", parts[:1], func(in *s3.CompleteMultipartUploadInput) { in.MpuObjectSize = aws.Int64(1) }},
		{"an upload that is not there", "NoSuchUpload", parts[:1], func(in *s3.CompleteMultipartUploadInput) { in.UploadId = name("made-up") }},
	} {
		in := &s3.CompleteMultipartUploadInput{Bucket: &bucket, Key: key, UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: row.parts}}
		if row.change != nil {
			row.change(in)
		}
		_, err := c.CompleteMultipartUpload(ctx, in)
		apitest.Refused(t, row.what, err, row.code, "")
	}
	_, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: key})
	apitest.Refused(t, "nothing is there yet", err, "NotFound", "")
	_, err = c.UploadPart(ctx, &s3.UploadPartInput{Bucket: &bucket, Key: key, UploadId: id, PartNumber: aws.Int32(10001), Body: strings.NewReader("x")})
	apitest.Refused(t, "part 10,001", err, "InvalidArgument", "")
	_, err = c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: name("nowhere"), Key: key})
	apitest.Refused(t, "an upload to no bucket", err, "NoSuchBucket", "")
}

func TestUploadsUnderWay(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	var ids []*string
	for _, k := range []string{"b/2", "a", "b/1", "a"} {
		id, _ := begun(t, c, &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &k}, []byte("1"), []byte("22"), []byte("333"))
		ids = append(ids, id)
	}
	var got []string
	pages := s3.NewListMultipartUploadsPaginator(c, &s3.ListMultipartUploadsInput{Bucket: &bucket, MaxUploads: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		must(t, "list uploads", err)
		for _, u := range page.Uploads {
			got = append(got, *u.Key)
		}
	}
	if want := []string{"a", "a", "b/1", "b/2"}; !slices.Equal(got, want) {
		t.Errorf("uploads: got %v, want %v", got, want)
	}
	rolled, err := c.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &bucket, Delimiter: name("/")})
	if err != nil || len(rolled.Uploads) != 2 || len(rolled.CommonPrefixes) != 1 {
		t.Errorf("with a delimiter: got %+v, %v", rolled, err)
	}
	_, err = c.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: name("nowhere")})
	apitest.Refused(t, "uploads in no bucket", err, "NoSuchBucket", "")

	var sizes []int64
	list := s3.NewListPartsPaginator(c, &s3.ListPartsInput{Bucket: &bucket, Key: name("b/1"), UploadId: ids[2], MaxParts: aws.Int32(2)})
	for list.HasMorePages() {
		page, err := list.NextPage(ctx)
		must(t, "list parts", err)
		for _, p := range page.Parts {
			sizes = append(sizes, *p.Size)
		}
	}
	if !slices.Equal(sizes, []int64{1, 2, 3}) {
		t.Errorf("parts: got sizes %v", sizes)
	}
	_, err = c.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &bucket, Key: name("b/1"), UploadId: ids[2]})
	must(t, "abort", err)
	_, err = c.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &bucket, Key: name("b/1"), UploadId: ids[2]})
	apitest.Refused(t, "abort again", err, "NoSuchUpload", "")
	_, err = c.ListParts(ctx, &s3.ListPartsInput{Bucket: &bucket, Key: name("b/1"), UploadId: ids[2]})
	apitest.Refused(t, "parts of what was aborted", err, "NoSuchUpload", "")
}

func TestPartsFromObjects(t *testing.T) {
	c, bucket := opened(t)
	ctx := t.Context()
	put(t, c, bucket, "from", strings.Repeat("x", five)+"0123456789")
	up, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: name("to")})
	must(t, "begin", err)
	var parts []types.CompletedPart
	for i, spec := range []string{fmt.Sprintf("bytes=0-%d", five-1), fmt.Sprintf("bytes=%d-%d", five+3, five+5)} {
		out, err := c.UploadPartCopy(ctx, &s3.UploadPartCopyInput{
			Bucket: &bucket, Key: name("to"), UploadId: up.UploadId, PartNumber: aws.Int32(int32(i + 1)), CopySource: name("the-bucket/from"), CopySourceRange: &spec,
		})
		must(t, "copy a part", err)
		parts = append(parts, types.CompletedPart{PartNumber: aws.Int32(int32(i + 1)), ETag: out.CopyPartResult.ETag})
	}
	_, err = c.UploadPartCopy(ctx, &s3.UploadPartCopyInput{
		Bucket: &bucket, Key: name("to"), UploadId: up.UploadId, PartNumber: aws.Int32(3), CopySource: name("the-bucket/from"), CopySourceRange: name("bytes=0-99999999"),
	})
	apitest.Refused(t, "a range beyond the source", err, "InvalidArgument", "")
	_, err = c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: &bucket, Key: name("to"), UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
	must(t, "complete", err)
	if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: name("to"), Range: name("bytes=-5")}); got != "xx345" {
		t.Errorf("got %q", got)
	}
}
