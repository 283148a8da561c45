package sigv4_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/clock"
)

// object is a good call of S3, as received, before a test spoils it.
func object(t *testing.T) *http.Request {
	t.Helper()
	r := newRequest(t, "PUT", "http://127.0.0.1:4566/bucket/a%20b?x=1", "", "X-Amz-Content-Sha256", hash(""), "X-Amz-Meta-Team", "keiri")
	err := v4.NewSigner().SignHTTP(context.Background(), session, r, hash(""), "s3", "us-east-1", now,
		func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err != nil {
		t.Fatal(err)
	}
	got, _ := received(t, r)
	return got
}

// link is a good presigned URL of S3.
func link(t *testing.T, age, lifetime string) *http.Request {
	t.Helper()
	old, err := time.ParseDuration(age)
	if err != nil {
		t.Fatal(err)
	}
	r := newRequest(t, "GET", "http://127.0.0.1:4566/bucket/key?response-content-type=text%2Fplain&X-Amz-Expires="+lifetime, "")
	signed, _, err := v4.NewSigner().PresignHTTP(context.Background(), session, r, "UNSIGNED-PAYLOAD", "s3", "us-east-1", now.Add(-old),
		func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err != nil {
		t.Fatal(err)
	}
	got, _ := received(t, newRequest(t, "GET", signed, ""))
	return got
}

func query(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		q := r.URL.Query()
		q.Del(name)
		if value != "" {
			q.Set(name, value)
		}
		r.URL.RawQuery = q.Encode()
	}
}

const (
	wrongS3    = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
	mechanism  = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
	credential = `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`
	needs      = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, " +
		"X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)

func TestS3SaysWhyItRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		request func(*testing.T) *http.Request
		spoil   func(*http.Request)
		want    api.Fault // Extra: only what is named here is compared
	}{
		{
			"another path", object, func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/bucket/ab", "" },
			api.Fault{Code: "SignatureDoesNotMatch", Message: wrongS3, Status: 403, Extra: map[string]string{"AWSAccessKeyId": session.AccessKeyID}},
		},
		{
			"another header", object, set("X-Amz-Meta-Team", "soumu"),
			api.Fault{Code: "SignatureDoesNotMatch", Message: wrongS3, Status: 403},
		},
		{
			"a header that is not signed", object, set("X-Amz-Acl", "public-read"),
			api.Fault{
				Code: "AccessDenied", Message: "There were headers present in the request which were not signed", Status: 403,
				Extra: map[string]string{"HeadersNotSigned": "x-amz-acl"},
			},
		},
		{
			"host not signed", object, rewrite("host;", ""),
			api.Fault{
				Code: "AccessDenied", Message: "There were headers present in the request which were not signed", Status: 403,
				Extra: map[string]string{"HeadersNotSigned": "host"},
			},
		},
		{
			"an unknown key", object, rewrite(session.AccessKeyID, "ASIANOBODY"),
			api.Fault{
				Code: "InvalidAccessKeyId", Message: "The AWS Access Key Id you provided does not exist in our records.", Status: 403,
				Extra: map[string]string{"AWSAccessKeyId": "ASIANOBODY"},
			},
		},
		{
			"a date of an hour ago", object, func(r *http.Request) { r.Header.Set("X-Amz-Date", "20261122T070000Z") },
			api.Fault{
				Code: "RequestTimeTooSkewed", Message: "The difference between the request time and the current time is too large.", Status: 403,
				Extra: map[string]string{
					"RequestTime": "20261122T070000Z", "ServerTime": "2026-11-22T08:00:00Z", "MaxAllowedSkewMilliseconds": "900000",
				},
			},
		},
		{
			"no date", object, func(r *http.Request) { r.Header.Del("X-Amz-Date") },
			api.Fault{Code: "AccessDenied", Message: "AWS authentication requires a valid Date or x-amz-date header", Status: 403},
		},
		{
			"no payload hash", object, func(r *http.Request) {
				r.Header.Del("X-Amz-Content-Sha256")
				rewrite("x-amz-content-sha256;", "")(r)
			},
			api.Fault{Code: "InvalidRequest", Message: "Missing required header for this request: x-amz-content-sha256", Status: 400},
		},
		{
			"a payload hash that is none", object, set("X-Amz-Content-Sha256", "abc"),
			api.Fault{
				Code: "InvalidArgument", Status: 400,
				Message: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, " +
					"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
				Extra: map[string]string{"ArgumentName": "x-amz-content-sha256"},
			},
		},
		{
			"chunks of unknown length", object, set("X-Amz-Content-Sha256", signedChunks),
			api.Fault{Code: "MissingContentLength", Message: "You must provide the Content-Length HTTP header.", Status: 411},
		},
		{
			"Signature Version 4A", object, rewrite("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
			api.Fault{Code: "InvalidRequest", Message: mechanism, Status: 400},
		},
		{
			"Signature Version 2", object, func(r *http.Request) { r.Header.Set("Authorization", "AWS AKIA:c2ln") },
			api.Fault{Code: "InvalidRequest", Message: mechanism, Status: 400},
		},
		{
			"a credential of four parts", object, rewrite("/aws4_request", ""),
			api.Fault{Code: "AuthorizationHeaderMalformed", Message: "The authorization header is malformed; " + credential, Status: 400},
		},
		{
			"no signature in the header", object, func(r *http.Request) {
				head, _, _ := strings.Cut(r.Header.Get("Authorization"), ", Signature=")
				r.Header.Set("Authorization", head)
			},
			api.Fault{
				Code: "AuthorizationHeaderMalformed", Status: 400,
				Message: "The authorization header is malformed; the Credential, SignedHeaders and Signature are all needed.",
			},
		},
		{
			"another service", object, rewrite("/s3/", "/ec2/"),
			api.Fault{
				Code: "AuthorizationHeaderMalformed", Status: 400,
				Message: `The authorization header is malformed; incorrect service "ec2". This endpoint belongs to "s3".`,
			},
		},
		{
			"another terminator", object, rewrite("aws4_request", "aws5_request"),
			api.Fault{
				Code: "AuthorizationHeaderMalformed", Status: 400,
				Message: `The authorization header is malformed; incorrect terminal "aws5_request". This endpoint uses "aws4_request".`,
			},
		},
		{
			"a region that is none", object, rewrite("us-east-1", "US"),
			api.Fault{Code: "AuthorizationHeaderMalformed", Message: "The authorization header is malformed; the region 'US' is wrong", Status: 400},
		},
		{
			"another day", object, rewrite("20261122", "20261121"),
			api.Fault{
				Code: "AuthorizationHeaderMalformed", Status: 400, Message: `The authorization header is malformed; ` +
					`Invalid credential date "20261121". This date is not the same as X-Amz-Date: "20261122".`,
			},
		},
		{
			"another session's token", object, set("X-Amz-Security-Token", other.SessionToken),
			api.Fault{Code: "SignatureDoesNotMatch", Message: wrongS3, Status: 403},
		},
		{
			"a link that has expired", func(t *testing.T) *http.Request { return link(t, "61s", "60") }, func(*http.Request) {},
			api.Fault{Code: "AccessDenied", Message: "Request has expired", Status: 403, Extra: map[string]string{
				"X-Amz-Expires": "60", "Expires": "2026-11-22T07:59:59Z", "ServerTime": "2026-11-22T08:00:00Z",
			}},
		},
		{
			"a link with another response type", func(t *testing.T) *http.Request { return link(t, "0s", "60") },
			query("response-content-type", "text/html"),
			api.Fault{Code: "SignatureDoesNotMatch", Message: wrongS3, Status: 403},
		},
		{
			"a link that lives longer than signed", func(t *testing.T) *http.Request { return link(t, "0s", "60") }, query("X-Amz-Expires", "600"),
			api.Fault{Code: "SignatureDoesNotMatch", Message: wrongS3, Status: 403},
		},
		{
			"a link for eight days", func(t *testing.T) *http.Request { return link(t, "0s", "60") }, query("X-Amz-Expires", "691200"),
			api.Fault{
				Code: "AuthorizationQueryParametersError", Status: 400,
				Message: "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
			},
		},
		{
			"a link without its signature", func(t *testing.T) *http.Request { return link(t, "0s", "60") }, query("X-Amz-Signature", ""),
			api.Fault{Code: "AuthorizationQueryParametersError", Message: needs, Status: 400},
		},
		{
			"a link with nothing but a credential", func(t *testing.T) *http.Request { return link(t, "0s", "60") },
			func(r *http.Request) { r.URL.RawQuery = "X-Amz-Credential=a/b/c/s3/aws4_request" },
			api.Fault{Code: "AuthorizationQueryParametersError", Message: needs, Status: 400},
		},
		{
			"a link of Signature Version 2", func(t *testing.T) *http.Request { return link(t, "0s", "60") },
			func(r *http.Request) { r.URL.RawQuery = "AWSAccessKeyId=AKIA&Signature=x&Expires=1" },
			api.Fault{Code: "InvalidRequest", Message: mechanism, Status: 400},
		},
		{
			"a link of Signature Version 4A", func(t *testing.T) *http.Request { return link(t, "0s", "60") },
			query("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256"),
			api.Fault{Code: "AuthorizationQueryParametersError", Message: `X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"`, Status: 400},
		},
		{
			"a link with a date in words", func(t *testing.T) *http.Request { return link(t, "0s", "60") }, query("X-Amz-Date", "today"),
			api.Fault{
				Code: "AuthorizationQueryParametersError", Status: 400,
				Message: `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
			},
		},
		{
			"a link with a header beside it", func(t *testing.T) *http.Request { return link(t, "0s", "60") },
			set("X-Amz-Request-Payer", "requester"),
			api.Fault{
				Code: "AccessDenied", Message: "There were headers present in the request which were not signed", Status: 403,
				Extra: map[string]string{"HeadersNotSigned": "x-amz-request-payer"},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.request(t)
			if _, _, err := verifier(newKeyring()).Prove(t.Context(), r, "s3"); err != nil && c.want.Message != "Request has expired" {
				t.Fatalf("untouched, it is refused: %v", err)
			}
			c.spoil(r)
			_, _, err := verifier(newKeyring()).Prove(t.Context(), r, "s3")
			f, ok := errors.AsType[*sigv4.Failure](err)
			if !ok {
				t.Fatalf("got %v, want a refusal", err)
			}
			got := f.Fault(sigv4.S3)
			for name, want := range c.want.Extra {
				if got.Extra[name] != want {
					t.Errorf("%s: got %q, want %q", name, got.Extra[name], want)
				}
			}
			c.want.Extra, got.Extra = nil, nil
			if d := cmp.Diff(c.want, *got); d != "" {
				t.Errorf("refusal (-want +got):\n%s", d)
			}
		})
	}
}

func TestS3RefusesOldSessions(t *testing.T) {
	r := object(t)
	keys := newKeyring()
	key := keys.keys[session.AccessKeyID]
	key.Expires = now
	keys.keys[session.AccessKeyID] = key
	_, _, err := verifier(keys).Prove(t.Context(), r, "s3")
	f, _ := errors.AsType[*sigv4.Failure](err)
	if got := f.Fault(sigv4.S3); got.Code != "ExpiredToken" || got.Message != "The provided token has expired." || got.Status != 400 {
		t.Errorf("got %+v, want ExpiredToken", got)
	}
	key.Expires, key.SessionToken = now.Add(time.Hour), "another"
	keys.keys[session.AccessKeyID] = key
	_, _, err = sigv4.New(keys, clock.NewFrozen(now), nil).Prove(t.Context(), r, "s3")
	f, _ = errors.AsType[*sigv4.Failure](err)
	if got := f.Fault(sigv4.S3); got.Code != "InvalidToken" || got.Extra["Token-0"] != session.SessionToken {
		t.Errorf("got %+v, want InvalidToken", got)
	}
}

func TestWhoIsAnonymous(t *testing.T) {
	for _, c := range []struct {
		name, header, query string
		want                bool
	}{
		{"nothing at all", "", "", true},
		{"a query that is none of a signature", "", "list-type=2&response-content-type=x", true},
		{"a header", "AWS4-HMAC-SHA256 x", "", false},
		{"any other header", "Bearer x", "", false},
		{"a presigned URL", "", "X-Amz-Signature=0", false},
		{"a presigned URL of old", "", "AWSAccessKeyId=a&Signature=b", false},
	} {
		q, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		h := http.Header{}
		if c.header != "" {
			h.Set("Authorization", c.header)
		}
		if got := sigv4.Anonymous(h, q); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// A body in chunks needs a signature that its chunks can follow.
func TestUnsignedRequestsHaveNoSignedChunks(t *testing.T) {
	for kind, want := range map[string]bool{"": true, "UNSIGNED-PAYLOAD": true, plainTrailer: true, hash("x"): true, signedChunks: false, signedTrailer: false, "x": false} {
		r := newRequest(t, "PUT", "http://127.0.0.1/b/k", "", "X-Amz-Decoded-Content-Length", "1")
		if kind != "" {
			r.Header.Set("X-Amz-Content-Sha256", kind)
		}
		if _, f := sigv4.Unsigned(r); (f == nil) != want {
			t.Errorf("%q: got %v, want accepted %v", kind, f, want)
		}
	}
}
