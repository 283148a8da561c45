package s3_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
)

// TestAnUploadAsTheSSMAgentMakesIt: with the canned ACL that gives the bucket's
// owner full control, which holds anyway, it is taken; one that would open the
// object is refused as on a bucket whose owner is enforced.
func TestAnUploadAsTheSSMAgentMakesIt(t *testing.T) {
	c, bucket := opened(t)
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &bucket, Key: aws.String("output/stdout"), Body: strings.NewReader("done\n"), ACL: types.ObjectCannedACLBucketOwnerFullControl,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: aws.String("output/stdout")}); got != "done\n" {
		t.Errorf("got %q", got)
	}
	_, err = c.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &bucket, Key: aws.String("open"), Body: strings.NewReader("x"), ACL: types.ObjectCannedACLPublicRead,
	})
	apitest.Refused(t, "a public ACL", err, "AccessControlListNotSupported", "")
}

// TestHeadBucketNamesTheRegion, in the header that clients of another Region
// find their way by.
func TestHeadBucketNamesTheRegion(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client(p)
	bucket := made(t, p, c, "the-bucket")
	head, err := c.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &bucket})
	if err != nil || aws.ToString(head.BucketRegion) != p.Access().Region {
		t.Errorf("got %+v, %v", head, err)
	}
	_, err = c.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("no-such-bucket-here")})
	apitest.Refused(t, "a bucket that is not there", err, "NotFound", "")
}

// TestAChecksumThatOnlyTheTrailerBringsIsKept: a body that cannot be read
// twice goes out in chunks by TLS, and its checksum behind it.
func TestAChecksumThatOnlyTheTrailerBringsIsKept(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	bucket := made(t, p, client(p), "the-bucket")
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(transport.CloseIdleConnections)
	c := client(p, func(o *s3.Options) {
		o.BaseEndpoint = aws.String(p.HTTPS())
		o.HTTPClient = &http.Client{Transport: transport}
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenSupported
	})
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &bucket, Key: aws.String("streamed"), ContentLength: aws.Int64(13),
		Body: io.MultiReader(strings.NewReader("first, "), strings.NewReader("second")),
	})
	if err != nil {
		t.Fatal(err)
	}
	head, err := c.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &bucket, Key: aws.String("streamed"), ChecksumMode: types.ChecksumModeEnabled})
	if err != nil || aws.ToString(head.ChecksumCRC32) != "ZF+spw==" {
		t.Errorf("got %v, %v, want the CRC-32 of the trailer", aws.ToString(head.ChecksumCRC32), err)
	}
}
