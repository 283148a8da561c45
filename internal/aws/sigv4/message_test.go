package sigv4_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/sigv4"
)

// said is a refusal as a client sees it.
type said struct {
	Code, Message string
	Status        int
}

func in(f *sigv4.Failure, d sigv4.Dialect) said {
	code, message, status := f.In(d)
	return said{code, message, status}
}

// digest is what AWS shows of a header instead of its text.
func digest(header string) string {
	sum := sha256.Sum256([]byte(header))
	return base64.StdEncoding.EncodeToString(sum[:])
}

const badSignature = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."

func TestRefusalsSpeakAsAWSDoes(t *testing.T) {
	const invalidToken = "The security token included in the request is invalid."
	for _, c := range []struct {
		name    string
		request func(*http.Request)
		dialect sigv4.Dialect
		want    said
	}{
		{
			"anonymous, JSON", func(r *http.Request) { r.Header.Del("Authorization") }, sigv4.JSON,
			said{"MissingAuthenticationTokenException", "Missing Authentication Token", 400},
		},
		{
			"anonymous, query", func(r *http.Request) { r.Header.Del("Authorization") }, sigv4.Query,
			said{"MissingAuthenticationToken", "Request is missing Authentication Token", 403},
		},
		{
			"anonymous, REST", func(r *http.Request) { r.Header.Del("Authorization") }, sigv4.REST,
			said{"MissingAuthenticationTokenException", "Missing Authentication Token", 403},
		},
		{
			"a bearer token", set("Authorization", "Bearer abc"), sigv4.REST,
			said{"IncompleteSignatureException", "Invalid key=value pair (missing equal-sign) in Authorization header " +
				"(hashed with SHA-256 and encoded with Base64): '" + digest("Bearer abc") + "'.", 403},
		},
		{
			"nothing but the algorithm", func(r *http.Request) {
				r.Header.Set("Authorization", "AWS4-HMAC-SHA256 ")
				r.Header.Del("X-Amz-Date")
			}, sigv4.JSON,
			said{"IncompleteSignatureException", "Authorization header requires 'Credential' parameter. " +
				"Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
				"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
				"(Hashed with SHA-256 and encoded with Base64) Authorization=" + digest("AWS4-HMAC-SHA256 "), 400},
		},
		{
			"Signature Version 4A", rewrite("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), sigv4.Query,
			said{"IncompleteSignature", "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now). ", 400},
		},
		{
			"a credential of four parts", rewrite("/aws4_request", ""), sigv4.JSON,
			said{"IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements, " +
				"e.g. keyid/date/region/service/term, got 'ASIAEXAMPLE/20261122/us-east-1/workspaces'", 400},
		},
		{
			"a date in words", set("X-Amz-Date", "today"), sigv4.JSON,
			said{"IncompleteSignatureException", "Date must be in ISO-8601 'basic format'. Got 'today'. See http://en.wikipedia.org/wiki/ISO_8601", 400},
		},
		{
			"host not signed", rewrite("host;", ""), sigv4.JSON,
			said{"InvalidSignatureException", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.", 400},
		},
		{
			"a wrong scope", rewrite("20261122/us-east-1/workspaces/aws4_request", "20261121/US/ds/aws5"), sigv4.Query,
			said{"SignatureDoesNotMatch", "Credential should be scoped to a valid region, not 'US'. " +
				"Credential should be scoped to correct service: 'workspaces'. " +
				"Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. " +
				"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
				"'20261121' != '20261122', from '20261122T080000Z'. ", 403},
		},
		{
			"an unknown key, JSON", rewrite("ASIAEXAMPLE", "ASIANOBODY"), sigv4.JSON,
			said{"UnrecognizedClientException", invalidToken, 400},
		},
		{
			"an unknown key, query", rewrite("ASIAEXAMPLE", "ASIANOBODY"), sigv4.Query,
			said{"InvalidClientTokenId", invalidToken, 403},
		},
		{
			"a wrong signature, JSON", rewrite("Signature=", "Signature=0"), sigv4.JSON,
			said{"InvalidSignatureException", badSignature, 400},
		},
		{
			"a wrong signature, query", rewrite("Signature=", "Signature=0"), sigv4.Query,
			said{"SignatureDoesNotMatch", badSignature, 403},
		},
		{
			"a streaming payload", set("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), sigv4.REST,
			said{"IncompleteSignatureException", "Unsupported payload signing: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' " +
				"(only a hash of the whole body, or UNSIGNED-PAYLOAD). ", 403},
		},
		{
			"another body than the header says", set("X-Amz-Content-Sha256", hash("x")), sigv4.JSON,
			said{"XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.", 400},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, body := signedCall(t)
			c.request(r)
			_, err := verifier(newKeyring()).Verify(t.Context(), r, body, "workspaces")
			f, ok := errors.AsType[*sigv4.Failure](err)
			if !ok {
				t.Fatalf("got %v, want a refusal", err)
			}
			if diff := cmp.Diff(c.want, in(f, c.dialect)); diff != "" {
				t.Errorf("refusal (-want +got):\n%s", diff)
			}
		})
	}
}

// A REST service repeats what it computed, so that a signer can be mended.
func TestRESTServicesRepeatTheCanonicalRequest(t *testing.T) {
	r := newRequest(t, "POST", "http://localhost:4566/users?MaxResults=5", "{}")
	sign(t, r, "{}", longTerm, "ds-data", now)
	got, body := received(t, r)
	rewrite("Signature=", "Signature=0")(got)
	_, err := verifier(newKeyring()).Verify(t.Context(), got, body, "ds-data")
	want := badSignature + `

The Canonical String for this request should have been
'POST
/users
MaxResults=5
content-length:2
host:localhost:4566
x-amz-date:20261122T080000Z

content-length;host;x-amz-date
` + hash("{}") + `'

The String-to-Sign should have been
'AWS4-HMAC-SHA256
20261122T080000Z
20261122/us-east-1/ds-data/aws4_request
`
	message := in(wantFailure(t, err, "InvalidSignatureException"), sigv4.REST).Message
	if !strings.HasPrefix(message, want) {
		t.Errorf("refusal (-want +got):\n%s", cmp.Diff(want, message))
	}
	if strings.Contains(message, longTerm.SecretAccessKey) {
		t.Error("the message holds the secret")
	}
}
