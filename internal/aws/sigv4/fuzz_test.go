package sigv4_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tamachi/internal/aws/sigv4"
)

// A header that nobody signed is refused, whatever it says, and never panics.
func FuzzAuthorizationHeader(f *testing.F) {
	const scope = "Credential=AKIAEXAMPLE/20261122/us-east-1/sts/aws4_request"
	for _, s := range []string{
		"", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 " + scope + ", SignedHeaders=host;x-amz-date, Signature=" + strings.Repeat("0", 64),
		"AWS4-HMAC-SHA256 Credential=mi-0/20261122/us-east-1/ssm/aws4_request,SignedHeaders=host,Signature=AA==",
		"AWS4-HMAC-SHA256 " + scope + "," + scope, "AWS4-HMAC-SHA256 =,=,=", "Basic Zm9vOmJhcg==", ",,,;;;", "AWS4-HMAC-SHA256 Signature=b, Credential, SignedHeaders",
	} {
		f.Add(s, "20261122T080000Z")
	}
	v := verifier(newKeyring())
	f.Fuzz(func(t *testing.T, header, stamp string) {
		r := &http.Request{
			Method: "POST", Host: "localhost", URL: &url.URL{Path: "/"},
			Header: http.Header{"Authorization": {header}, "X-Amz-Date": {stamp}},
		}
		sigv4.Scope(r)
		if _, err := v.Verify(t.Context(), r, nil, "sts"); err == nil {
			t.Errorf("accepted %q", header)
		} else if _, ok := errors.AsType[*sigv4.Failure](err); !ok {
			t.Errorf("got %v, want a refusal", err)
		}
	})
}

// A query that nobody signed is refused, whatever it says, and never panics.
func FuzzPresignedQuery(f *testing.F) {
	const good = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAEXAMPLE%2F20261122%2Fus-east-1%2Fsts%2Faws4_request" +
		"&X-Amz-Date=20261122T080000Z&X-Amz-SignedHeaders=host&X-Amz-Signature="
	for _, s := range []string{
		good + "0", good + strings.Repeat("0", 64), good + "&X-Amz-Expires=9999999999999999999", "X-Amz-Signature=%zz",
		strings.Replace(good, "AKIAEXAMPLE", "mi-0", 1), "X-Amz-Algorithm=&&&;=;", good + "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD",
	} {
		f.Add(s)
	}
	v := verifier(newKeyring())
	f.Fuzz(func(t *testing.T, query string) {
		r := &http.Request{Method: "GET", Host: "localhost", URL: &url.URL{Path: "/", RawQuery: query}, Header: http.Header{}}
		sigv4.Scope(r)
		if _, err := v.Verify(t.Context(), r, nil, "sts"); err == nil {
			t.Errorf("accepted %q", query)
		} else if _, ok := errors.AsType[*sigv4.Failure](err); !ok {
			t.Errorf("got %v, want a refusal", err)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	const body = `{"WorkspaceIds":["ws-c8wvb67py"],"Limit":25}`
	r := newRequest(b, "POST", "http://127.0.0.1:4566/", body,
		"X-Amz-Target", "WorkspacesService.DescribeWorkspaces", "Content-Type", "application/x-amz-json-1.1")
	sign(b, r, body, longTerm, "workspaces", now)
	got, data := received(b, r)
	v := verifier(newKeyring())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(b.Context(), got, data, "workspaces"); err != nil {
			b.Fatal(err)
		}
	}
}
