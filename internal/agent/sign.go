package agent

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// credentials are those of a node's role; they sign every call but the one
// that asks for them.
type credentials struct {
	AccessKeyID, SecretAccessKey, SessionToken string
	Issued, Expires                            time.Time
}

// sign adds a Signature Version 4 to a request with the role's credentials.
func (c credentials) sign(r *http.Request, body []byte, region, service string, now time.Time) {
	c.signHash(r, hashOf(body), region, service, now)
}

// signHash is sign for a body of which only the hash is at hand.
func (c credentials) signHash(r *http.Request, hash, region, service string, now time.Time) {
	r.Header.Set("X-Amz-Security-Token", c.SessionToken)
	scope, text, signed := stringToSign(r, hash, region, service, now)
	key := []byte("AWS4" + c.SecretAccessKey)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	authorize(r, c.AccessKeyID, scope, signed, hex.EncodeToString(mac(key, text)))
}

// signWithKey signs as a node does that has no credentials yet: Signature
// Version 4 in shape, RSA-PSS over SHA-256 with a salt of 32 bytes in
// substance, the node's id as access key.
func signWithKey(r *http.Request, body []byte, node string, key *rsa.PrivateKey, region string, now time.Time) error {
	scope, text, signed := stringToSign(r, hashOf(body), region, "ssm", now)
	digest := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256})
	if err != nil {
		return fmt.Errorf("sign with the node's key: %w", err)
	}
	authorize(r, node, scope, signed, base64.StdEncoding.EncodeToString(sig))
	return nil
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// stringToSign dates the request and returns scope, string to sign and the
// list of signed headers. Source: IAM User Guide, "Create a signed AWS API
// request". Paths come escaped, queries sorted. S3 wants the hash of the body
// among the signed headers; elsewhere the SSM Agent leaves it out.
func stringToSign(r *http.Request, hash, region, service string, now time.Time) (scope, text, signed string) {
	stamp := now.UTC().Format("20060102T150405Z")
	r.Header.Set("X-Amz-Date", stamp)
	r.Header.Set("X-Amz-Content-Sha256", hash)

	values := map[string]string{"host": r.Host}
	headers := []string{"Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Target"}
	if service == "s3" {
		headers = append(headers, "X-Amz-Content-Sha256")
	}
	for _, name := range headers {
		if v := r.Header.Get(name); v != "" {
			values[strings.ToLower(name)] = v
		}
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	var lines strings.Builder
	for _, name := range names {
		lines.WriteString(name + ":" + values[name] + "\n")
	}
	signed = strings.Join(names, ";")
	canonical := strings.Join([]string{
		r.Method, canonicalPath(r, service), r.URL.RawQuery, lines.String(), signed, hash,
	}, "\n")
	digest := sha256.Sum256([]byte(canonical))
	scope = strings.Join([]string{stamp[:8], region, service, "aws4_request"}, "/")
	text = strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, hex.EncodeToString(digest[:])}, "\n")
	return scope, text, signed
}

// canonicalPath is the path escaped once more, but for S3.
func canonicalPath(r *http.Request, service string) string {
	path := r.URL.EscapedPath()
	if service == "s3" {
		return path
	}
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = escapePath(parts[i])
	}
	return strings.Join(parts, "/")
}

func authorize(r *http.Request, accessKey, scope, signed, signature string) {
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+accessKey+"/"+scope+
		", SignedHeaders="+signed+", Signature="+signature)
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
