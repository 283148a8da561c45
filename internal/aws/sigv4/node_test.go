package sigv4_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"tamachi/internal/aws/api"
)

const node = "mi-0123456789abcdef0"

// agentSign signs as the SSM Agent does before it has credentials.
func agentSign(t *testing.T, key *rsa.PrivateKey, service, body string) *http.Request {
	t.Helper()
	const stamp, target = "20261122T080000Z", "AmazonSSM.RequestManagedInstanceRoleToken"
	canonical := strings.Join([]string{
		"POST", "/", "",
		"content-type:application/x-amz-json-1.1", "host:127.0.0.1:4566", "x-amz-date:" + stamp, "x-amz-target:" + target, "",
		"content-type;host;x-amz-date;x-amz-target", hash(body),
	}, "\n")
	sum := sha256.Sum256([]byte(canonical))
	scope := "20261122/us-east-1/" + service + "/aws4_request"
	digest := sha256.Sum256([]byte("AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + hex.EncodeToString(sum[:])))
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	return newRequest(t, "POST", "http://127.0.0.1:4566/", body,
		"Content-Type", "application/x-amz-json-1.1", "X-Amz-Date", stamp, "X-Amz-Target", target,
		"X-Amz-Content-Sha256", hash(body),
		"Authorization", "AWS4-HMAC-SHA256 Credential="+node+"/"+scope+
			", SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="+base64.StdEncoding.EncodeToString(signature))
}

func TestNodesSignWithTheirOwnKey(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"Fingerprint":"f"}`
	for _, c := range []struct {
		name, service string
		key           *rsa.PrivateKey
		known         bool
		tamper        func(*http.Request)
		code          string
	}{
		{"the registered key is accepted", "ssm", key, true, nil, ""},
		{"a stranger's key", "ssm", stranger, true, nil, "InvalidSignatureException"},
		{"a node that is gone", "ssm", key, false, nil, "UnrecognizedClientException"},
		{"another service", "ssmmessages", key, true, nil, "UnrecognizedClientException"},
		{"another target", "ssm", key, true, set("X-Amz-Target", "AmazonSSM.SendCommand"), "InvalidSignatureException"},
		{"another node's id", "ssm", key, true, rewrite(node, "mi-0123456789abcdef1"), "UnrecognizedClientException"},
		{"no base64", "ssm", key, true, rewrite("Signature=", "Signature=*"), "InvalidSignatureException"},
		{"no node's id", "ssm", key, true, rewrite(node, "AKIAEXAMPLE"), "InvalidSignatureException"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ring := newKeyring()
			if c.known {
				ring.nodes = map[string]*rsa.PublicKey{node: &key.PublicKey}
			}
			r, got := received(t, agentSign(t, c.key, c.service, body))
			if c.tamper != nil {
				c.tamper(r)
			}
			id, err := verifier(ring).Verify(t.Context(), r, got, c.service)
			if c.code != "" {
				wantFailure(t, err, c.code)
				return
			}
			if err != nil || id.Caller.Node != node || id.Caller.Type != api.ManagedInstance {
				t.Errorf("got %+v, %v, want the node", id, err)
			}
		})
	}
}
