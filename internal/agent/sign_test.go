package agent

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

func TestSignatureIsTheOneOfTheSDK(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	c := credentials{AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "secret", SessionToken: "token+/="}
	for _, row := range []struct{ name, method, url, body string }{
		{"a call", "POST", "https://ssm.eu-west-1.example.test:4566/", `{"a":1}`},
		{"an upgrade with a query", "GET", "https://ssmmessages.eu-west-1.example.test/v1/control-channel/mi-0123456789abcdef0?role=subscribe&stream=input", ""},
	} {
		ours := request(t, row.method, row.url)
		c.sign(ours, []byte(row.body), "eu-west-1", "ssm", now)
		theirs := request(t, row.method, row.url)
		hash := ours.Header.Get("X-Amz-Content-Sha256")
		err := v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{
			AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken,
		}, theirs, hash, "ssm", "eu-west-1", now)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := ours.Header.Get("Authorization"), theirs.Header.Get("Authorization"); got != want {
			t.Errorf("%s:\n got %s\nwant %s", row.name, got, want)
		}
	}
}

func TestSignatureWithTheNodesKeyIsPSS(t *testing.T) {
	der, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := parseKey(der)
	if err != nil {
		t.Fatal(err)
	}
	r := request(t, "POST", "https://ssm.eu-west-1.example.test:4566/")
	r.Header.Set("X-Amz-Target", "AmazonSSM.RequestManagedInstanceRoleToken")
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	if err := signWithKey(r, []byte("{}"), "mi-0123456789abcdef0", key, "eu-west-1", now); err != nil {
		t.Fatal(err)
	}
	auth := r.Header.Get("Authorization")
	const want = "AWS4-HMAC-SHA256 Credential=mi-0123456789abcdef0/20261122/eu-west-1/ssm/aws4_request, " +
		"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
	if !strings.HasPrefix(auth, want) {
		t.Fatalf("got %s, want it to begin %s", auth, want)
	}
	sig, err := base64.StdEncoding.DecodeString(auth[len(want):])
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := stringToSign(r, hashOf([]byte("{}")), "eu-west-1", "ssm", now)
	digest := sha256.Sum256([]byte(text))
	if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, digest[:], sig, &rsa.PSSOptions{SaltLength: 32}); err != nil {
		t.Errorf("the public key does not verify the signature: %v", err)
	}
}

func request(t *testing.T, method, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
