package sigv4_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/clock"
)

var now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// keyring is the port with keys in memory.
type keyring struct {
	keys  map[string]sigv4.Key
	nodes map[string]*rsa.PublicKey
	err   error
}

func (k *keyring) Key(_ context.Context, id string) (sigv4.Key, error) {
	if k.err != nil {
		return sigv4.Key{}, k.err
	}
	key, ok := k.keys[id]
	if !ok {
		return sigv4.Key{}, sigv4.ErrUnknownKey
	}
	return key, nil
}

func (k *keyring) NodeKey(_ context.Context, id string) (*rsa.PublicKey, api.Caller, error) {
	key, ok := k.nodes[id]
	if !ok {
		return nil, api.Caller{}, sigv4.ErrUnknownKey
	}
	return key, api.Caller{Type: api.ManagedInstance, Node: id}, nil
}

var (
	longTerm = aws.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG"}
	session  = aws.Credentials{AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "session-secret", SessionToken: "FwoGZXIvYXdzEA+/="}
	other    = aws.Credentials{AccessKeyID: "ASIAOTHER", SecretAccessKey: "other-secret", SessionToken: "foreign-token"}
)

func newKeyring() *keyring {
	return &keyring{keys: map[string]sigv4.Key{
		longTerm.AccessKeyID: {Secret: longTerm.SecretAccessKey, Caller: api.Caller{Name: "administrator"}},
		session.AccessKeyID: {
			Secret: session.SecretAccessKey, SessionToken: session.SessionToken,
			Expires: now.Add(time.Hour), Caller: api.Caller{Name: "office-night"},
		},
		other.AccessKeyID: {Secret: other.SecretAccessKey, SessionToken: other.SessionToken},
	}}
}

func hash(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// newRequest is a request as a client has it before signing.
func newRequest(t testing.TB, method, url, body string, header ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

// sign signs r with the SDK's own signer.
func sign(t testing.TB, r *http.Request, body string, who aws.Credentials, service string, at time.Time) {
	t.Helper()
	err := v4.NewSigner().SignHTTP(context.Background(), who, r, hash(body), service, "us-east-1", at,
		func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	if err != nil {
		t.Fatal(err)
	}
}

// received is r as the server sees it, after a trip over the wire.
func received(t testing.TB, r *http.Request) (*http.Request, []byte) {
	t.Helper()
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		t.Fatal(err)
	}
	got, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got, body
}

func verifier(k sigv4.Keys) *sigv4.Verifier { return sigv4.New(k, clock.NewFrozen(now), nil) }

// wantFailure fails the test unless err is a refusal with this code in a JSON
// service, and returns it.
func wantFailure(t *testing.T, err error, code string) *sigv4.Failure {
	t.Helper()
	var f *sigv4.Failure
	if !errors.As(err, &f) {
		t.Fatalf("got error %v, want a refusal with %s", err, code)
	}
	if got, message, _ := f.In(sigv4.JSON); got != code {
		t.Fatalf("got %s (%s), want %s", got, message, code)
	}
	return f
}

func TestSignedRequestYieldsCallerAndScope(t *testing.T) {
	for _, who := range []aws.Credentials{longTerm, session} {
		r := newRequest(t, "POST", "http://127.0.0.1:4566/", `{"Limit":1}`, "X-Amz-Target", "WorkspacesService.DescribeWorkspaces")
		sign(t, r, `{"Limit":1}`, who, "workspaces", now)
		got, body := received(t, r)
		id, err := verifier(newKeyring()).Verify(t.Context(), got, body, "workspaces")
		if err != nil {
			t.Fatalf("%s: got %v, want no error", who.AccessKeyID, err)
		}
		want := map[string]string{longTerm.AccessKeyID: "administrator", session.AccessKeyID: "office-night"}[who.AccessKeyID]
		if id.Caller.Name != want || id.Region != "us-east-1" || id.Service != "workspaces" {
			t.Errorf("got %+v, want caller %s in us-east-1 for workspaces", id, want)
		}
	}
}

func TestKeyStoreFailureIsNotARefusal(t *testing.T) {
	r := newRequest(t, "GET", "http://127.0.0.1/", "")
	sign(t, r, "", longTerm, "sts", now)
	got, body := received(t, r)
	broken := errors.New("disk on fire")
	_, err := verifier(&keyring{err: broken}).Verify(t.Context(), got, body, "sts")
	var f *sigv4.Failure
	if !errors.Is(err, broken) || errors.As(err, &f) {
		t.Errorf("got %v, want the store's own error", err)
	}
}
