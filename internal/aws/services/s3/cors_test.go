package s3_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/apitest"
)

// TestPagesOfOtherOrigins sends what browsers send, before and after a bucket
// has rules.
func TestPagesOfOtherOrigins(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client(p)
	bucket := made(t, p, c, "the-bucket")
	put(t, c, bucket, "a/b.txt", "hello")
	base := *p.Config().BaseEndpoint
	ask := func(method, path string, headers ...string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, base+path, http.NoBody)
		must(t, "make a request", err)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		answer, err := http.DefaultClient.Do(r)
		must(t, "ask", err)
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		must(t, "read", err)
		return answer, string(text)
	}
	const from, method, wants = "Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"
	if r, text := ask("OPTIONS", "/the-bucket/a/b.txt", from, "https://a.example", method, "GET"); r.StatusCode != 403 || !strings.Contains(text, "CORS is not enabled for this bucket") {
		t.Errorf("want a bucket without rules to refuse, got %d %s", r.StatusCode, text)
	}
	_, err := c.PutBucketCors(t.Context(), &s3.PutBucketCorsInput{Bucket: &bucket, CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{
		{ID: aws.String("one"), AllowedOrigins: []string{"https://*.example"}, AllowedMethods: []string{"PUT", "GET"}, AllowedHeaders: []string{"X-Amz-*"}, ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: aws.Int32(600)},
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"HEAD"}},
	}}})
	must(t, "put rules", err)
	got, err := c.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: &bucket})
	if err != nil || len(got.CORSRules) != 2 || *got.CORSRules[0].MaxAgeSeconds != 600 || got.CORSRules[0].AllowedHeaders[0] != "X-Amz-*" {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, tc := range []struct {
		name, path string
		headers    []string
		status     int
		origin     string
		text       string
	}{
		{"a rule fits", "/the-bucket/a/b.txt", []string{from, "https://a.example", method, "PUT", wants, "x-amz-acl, X-Amz-Date"}, 200, "https://a.example", ""},
		{"a bucket is asked too", "/the-bucket", []string{from, "https://a.example", method, "GET"}, 200, "https://a.example", ""},
		{"a later rule fits", "/the-bucket/a", []string{from, "http://b", method, "HEAD"}, 200, "*", ""},
		{"another method", "/the-bucket/a", []string{from, "https://a.example", method, "DELETE"}, 403, "", "This CORS request is not allowed."},
		{"another origin", "/the-bucket/a", []string{from, "https://example", method, "PUT"}, 403, "", "This CORS request is not allowed."},
		{"a header too many", "/the-bucket/a", []string{from, "https://a.example", method, "PUT", wants, "x-amz-acl,cookie"}, 403, "", "This CORS request is not allowed."},
		{"no origin", "/the-bucket/a", []string{method, "PUT"}, 400, "", "Origin request header needed"},
		{"no method", "/the-bucket/a", []string{from, "https://a.example"}, 400, "", "Invalid Access-Control-Request-Method"},
		{"no such bucket", "/no-bucket/a", []string{from, "https://a.example", method, "PUT"}, 403, "", "Bucket not found"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, text := ask("OPTIONS", tc.path, tc.headers...)
			if r.StatusCode != tc.status || r.Header.Get("Access-Control-Allow-Origin") != tc.origin || !strings.Contains(text, tc.text) {
				t.Errorf("want %d for %q with %q, got %d %v %s", tc.status, tc.origin, tc.text, r.StatusCode, r.Header, text)
			}
		})
	}
	signed, err := s3.NewPresignClient(c).PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: aws.String("a/b.txt")})
	must(t, "presign", err)
	r, text := ask("GET", strings.TrimPrefix(signed.URL, base), from, "https://a.example")
	if text != "hello" || r.Header.Get("Access-Control-Allow-Origin") != "https://a.example" || r.Header.Get("Access-Control-Expose-Headers") != "ETag" ||
		r.Header.Get("Access-Control-Allow-Credentials") != "true" || r.Header.Get("Access-Control-Max-Age") != "600" || !strings.Contains(r.Header.Get("Vary"), "Origin") {
		t.Errorf("want an answer that the page may read, got %v %s", r.Header, text)
	}
	if r, _ := ask("GET", strings.TrimPrefix(signed.URL, base), from, "https://other"); r.StatusCode != 200 || r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("want an answer that the page may not read, got %v", r.Header)
	}
	_, err = c.DeleteBucketCors(t.Context(), &s3.DeleteBucketCorsInput{Bucket: &bucket})
	must(t, "delete rules", err)
	_, err = c.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: &bucket})
	apitest.Refused(t, "rules that are gone", err, "NoSuchCORSConfiguration", "")
}

func TestRulesForOriginsThatAreRefused(t *testing.T) {
	c, bucket := opened(t)
	for _, tc := range []struct {
		name string
		rule types.CORSRule
		code string
	}{
		{"a method that S3 does not have", types.CORSRule{AllowedMethods: []string{"PATCH"}, AllowedOrigins: []string{"*"}}, "InvalidRequest"},
		{"two wildcards in an origin", types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"http://*.*"}}, "InvalidRequest"},
		{"two wildcards in a header", types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}, AllowedHeaders: []string{"*x*"}}, "InvalidRequest"},
		{"a wildcard in what is exposed", types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}, ExposeHeaders: []string{"x-*"}}, "InvalidRequest"},
		{"no origin", types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{}}, "MalformedXML"},
	} {
		_, err := c.PutBucketCors(t.Context(), &s3.PutBucketCorsInput{Bucket: &bucket, CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{tc.rule}}})
		apitest.Refused(t, tc.name, err, tc.code, "")
	}
	_, err := c.DeleteBucketCors(t.Context(), &s3.DeleteBucketCorsInput{Bucket: aws.String("no-such-bucket")})
	apitest.Refused(t, "delete of no bucket", err, "NoSuchBucket", "")
}

// TestAclsOfObjects puts the one ACL that holds, and others.
func TestAclsOfObjects(t *testing.T) {
	c, bucket := opened(t)
	put(t, c, bucket, "k", "v")
	k := aws.String("k")
	_, err := c.PutObjectAcl(t.Context(), &s3.PutObjectAclInput{Bucket: &bucket, Key: k, ACL: types.ObjectCannedACLBucketOwnerFullControl})
	must(t, "full control for the owner", err)
	acl, err := c.GetObjectAcl(t.Context(), &s3.GetObjectAclInput{Bucket: &bucket, Key: k})
	if err != nil || len(acl.Grants) != 1 || acl.Grants[0].Permission != types.PermissionFullControl {
		t.Errorf("got %+v, %v", acl, err)
	}
	_, err = c.PutObjectAcl(t.Context(), &s3.PutObjectAclInput{Bucket: &bucket, Key: k, AccessControlPolicy: &types.AccessControlPolicy{Grants: acl.Grants, Owner: acl.Owner}})
	must(t, "the same in full", err)
	_, err = c.PutObjectAcl(t.Context(), &s3.PutObjectAclInput{Bucket: &bucket, Key: k, ACL: types.ObjectCannedACLPublicRead})
	apitest.Refused(t, "everybody may read", err, "AccessControlListNotSupported", "")
	_, err = c.PutObjectAcl(t.Context(), &s3.PutObjectAclInput{Bucket: &bucket, Key: k, GrantRead: aws.String("uri=http://acs.amazonaws.com/groups/global/AllUsers")})
	apitest.Refused(t, "a grant", err, "AccessControlListNotSupported", "")
	_, err = c.PutObjectAcl(t.Context(), &s3.PutObjectAclInput{Bucket: &bucket, Key: k})
	apitest.Refused(t, "no ACL", err, "MissingSecurityHeader", "")
	_, err = c.PutObjectAcl(t.Context(), &s3.PutObjectAclInput{Bucket: &bucket, Key: aws.String("none"), ACL: types.ObjectCannedACLBucketOwnerFullControl})
	apitest.Refused(t, "no object", err, "NoSuchKey", "")
}
