package sigv4_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"tamachi/internal/aws/sigv4"
	"tamachi/internal/clock"
)

const requestBody = `{"WorkspaceIds":["ws-1"]}`

// signedCall is a good call, as received, before a test spoils it.
func signedCall(t *testing.T) (*http.Request, []byte) {
	t.Helper()
	r := newRequest(t, "POST", "http://127.0.0.1:4566/a/b?x=1&y=2", requestBody,
		"X-Amz-Target", "WorkspacesService.DescribeWorkspaces", "Content-Type", "application/x-amz-json-1.1")
	sign(t, r, requestBody, session, "workspaces", now)
	return received(t, r)
}

// rewrite changes the Authorization header.
func rewrite(from, to string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), from, to, 1))
	}
}

func set(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestTamperingWithASignedRequest(t *testing.T) {
	const bad, unknown = "InvalidSignatureException", "UnrecognizedClientException"
	for _, c := range []struct {
		name, code string
		tamper     func(*http.Request)
	}{
		{"another method", bad, func(r *http.Request) { r.Method = "PUT" }},
		{"another path", bad, func(r *http.Request) { r.URL.Path = "/a/c" }},
		{"a longer path", bad, func(r *http.Request) { r.URL.Path = "/a/b/c" }},
		{"another query value", bad, func(r *http.Request) { r.URL.RawQuery = "x=1&y=3" }},
		{"another query name", bad, func(r *http.Request) { r.URL.RawQuery = "x=1&z=2" }},
		{"an added query parameter", bad, func(r *http.Request) { r.URL.RawQuery += "&z=2" }},
		{"a malformed query", bad, func(r *http.Request) { r.URL.RawQuery = "x=%zz" }},
		{"another host", bad, func(r *http.Request) { r.Host = "127.0.0.1:4567" }},
		{"another target", bad, set("X-Amz-Target", "WorkspacesService.TerminateWorkspaces")},
		{"no target", bad, func(r *http.Request) { r.Header.Del("X-Amz-Target") }},
		{"a second target", bad, func(r *http.Request) { r.Header.Add("X-Amz-Target", "WorkspacesService.TerminateWorkspaces") }},
		{"another content type", bad, set("Content-Type", "text/plain")},
		{"another length", bad, set("Content-Length", "9")},
		{"another date", bad, set("X-Amz-Date", "20261122T080001Z")},
		{"another day", bad, set("X-Amz-Date", "20261121T235959Z")},
		{"another region", bad, rewrite("us-east-1", "us-east-2")},
		{"another service", bad, rewrite("/workspaces/", "/ds/")},
		{"another terminator", bad, rewrite("aws4_request", "aws4_requests")},
		{"another scope date", bad, rewrite("20261122", "20261123")},
		{"a header fewer signed", bad, rewrite("content-type;", "")},
		{"a header more signed", bad, rewrite("host;", "host;user-agent;")},
		{"host not signed", bad, rewrite("host;", "")},
		{"target not signed", bad, rewrite(";x-amz-target", "")},
		{"a signature in upper case", bad, func(r *http.Request) {
			head, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
			r.Header.Set("Authorization", head+"Signature="+strings.ToUpper(signature))
		}},
		{"a shorter signature", bad, func(r *http.Request) {
			h := r.Header.Get("Authorization")
			r.Header.Set("Authorization", h[:len(h)-1])
		}},
		{"another user's key id", bad, rewrite(session.AccessKeyID, longTerm.AccessKeyID)},
		{"an unknown key id", unknown, rewrite(session.AccessKeyID, "ASIANOBODY")},
		{"a foreign session token, signed by nobody", bad, set("X-Amz-Security-Token", other.SessionToken)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, body := signedCall(t)
			c.tamper(r)
			_, err := verifier(newKeyring()).Verify(t.Context(), r, body, "workspaces")
			wantFailure(t, err, c.code)
		})
	}
	t.Run("untouched, it is accepted", func(t *testing.T) {
		r, body := signedCall(t)
		if _, err := verifier(newKeyring()).Verify(t.Context(), r, body, "workspaces"); err != nil {
			t.Errorf("got %v, want no error", err)
		}
	})
	t.Run("each bit of the body", func(t *testing.T) {
		r, body := signedCall(t)
		for i := range body {
			changed := append([]byte(nil), body...)
			changed[i] ^= 1
			_, err := verifier(newKeyring()).Verify(t.Context(), r, changed, "workspaces")
			wantFailure(t, err, bad)
		}
	})
	t.Run("each character of the signature", func(t *testing.T) {
		r, body := signedCall(t)
		good := r.Header.Get("Authorization")
		for i := strings.Index(good, "Signature=") + len("Signature="); i < len(good); i++ {
			digit := byte('0')
			if good[i] == '0' {
				digit = '1'
			}
			r.Header.Set("Authorization", good[:i]+string(digit)+good[i+1:])
			_, err := verifier(newKeyring()).Verify(t.Context(), r, body, "workspaces")
			wantFailure(t, err, bad)
		}
	})
}

func TestSessionsAreRefused(t *testing.T) {
	call := func(t *testing.T, token string, at time.Time) error {
		r := newRequest(t, "POST", "http://127.0.0.1/", requestBody)
		who := session
		who.SessionToken = token
		sign(t, r, requestBody, who, "workspaces", at)
		got, body := received(t, r)
		_, err := sigv4.New(newKeyring(), clock.NewFrozen(at), nil).Verify(t.Context(), got, body, "workspaces")
		return err
	}
	t.Run("without their token", func(t *testing.T) { wantFailure(t, call(t, "", now), "UnrecognizedClientException") })
	t.Run("with another session's token", func(t *testing.T) {
		wantFailure(t, call(t, other.SessionToken, now), "UnrecognizedClientException")
	})
	t.Run("at the second they expire", func(t *testing.T) {
		wantFailure(t, call(t, session.SessionToken, now.Add(time.Hour)), "ExpiredTokenException")
	})
	t.Run("but not a second before", func(t *testing.T) {
		if err := call(t, session.SessionToken, now.Add(time.Hour-time.Second)); err != nil {
			t.Errorf("got %v, want no error", err)
		}
	})
}

func TestClockSkewIsFifteenMinutes(t *testing.T) {
	for _, c := range []struct {
		name    string
		skew    time.Duration
		message string
	}{
		{"fifteen minutes behind", -15 * time.Minute, ""},
		{"fifteen minutes ahead", 15 * time.Minute, ""},
		{
			"a second more behind", -15*time.Minute - time.Second,
			"Signature expired: 20261122T074459Z is now earlier than 20261122T074500Z (20261122T080000Z - 15 min.)",
		},
		{
			"a second more ahead", 15*time.Minute + time.Second,
			"Signature not yet current: 20261122T081501Z is still later than 20261122T081500Z (20261122T080000Z + 15 min.)",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRequest(t, "GET", "http://127.0.0.1/", "")
			sign(t, r, "", longTerm, "sts", now.Add(c.skew))
			got, body := received(t, r)
			_, err := verifier(newKeyring()).Verify(t.Context(), got, body, "sts")
			if c.message == "" {
				if err != nil {
					t.Fatalf("got %v, want no error", err)
				}
				return
			}
			if _, message, _ := wantFailure(t, err, "InvalidSignatureException").In(sigv4.JSON); message != c.message {
				t.Errorf("got  %s\nwant %s", message, c.message)
			}
		})
	}
}

func TestPresignedURLs(t *testing.T) {
	presign := func(t *testing.T, expires string) string {
		r := newRequest(t, "GET", "http://127.0.0.1/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Expires="+expires, "")
		u, _, err := v4.NewSigner().PresignHTTP(context.Background(), session, r, hash(""), "sts", "us-east-1", now)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	for _, c := range []struct {
		name, expires, from, to string
		after                   time.Duration
		code                    string
	}{
		{"are accepted in time", "60", "", "", time.Minute, ""},
		{"expire", "60", "", "", time.Minute + time.Second, "RequestExpired"},
		{"cannot be given a longer life", "60", "X-Amz-Expires=60", "X-Amz-Expires=600", 0, "InvalidSignatureException"},
		{"cannot live longer than a week", "604801", "", "", 0, "IncompleteSignatureException"},
		{"cannot live less than nothing", "-1", "", "", 0, "IncompleteSignatureException"},
		{"have a number for a lifetime", "soon", "", "", 0, "IncompleteSignatureException"},
		{"cannot be turned into another call", "60", "GetCallerIdentity", "GetSessionToken", 0, "InvalidSignatureException"},
		{"name a known key", "60", session.AccessKeyID, "ASIANOBODY", 0, "UnrecognizedClientException"},
		{"carry their algorithm", "60", "X-Amz-Algorithm=AWS4-HMAC-SHA256&", "", 0, "IncompleteSignatureException"},
		{"carry their algorithm once", "60", "X-Amz-Algorithm=", "X-Amz-Algorithm=x&X-Amz-Algorithm=", 0, "IncompleteSignatureException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := presign(t, c.expires)
			if c.from != "" {
				if !strings.Contains(u, c.from) {
					t.Fatalf("no %q in %s", c.from, u)
				}
				u = strings.Replace(u, c.from, c.to, 1)
			}
			got, body := received(t, newRequest(t, "GET", u, ""))
			_, err := sigv4.New(newKeyring(), clock.NewFrozen(now.Add(c.after)), nil).Verify(t.Context(), got, body, "sts")
			if c.code == "" {
				if err != nil {
					t.Fatalf("got %v, want no error", err)
				}
				return
			}
			wantFailure(t, err, c.code)
		})
	}
}
