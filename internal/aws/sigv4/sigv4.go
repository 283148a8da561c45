package sigv4

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
)

// ErrUnknownKey is what Keys answers for a key that does not exist.
var ErrUnknownKey = errors.New("no such access key")

// Keys is where secrets are kept. An error other than ErrUnknownKey is an
// internal failure.
type Keys interface {
	// Key returns the secret of an access key and whom it belongs to.
	Key(ctx context.Context, accessKeyID string) (Key, error)
	// NodeKey returns the public key that a managed node (mi-...) registered.
	NodeKey(ctx context.Context, nodeID string) (*rsa.PublicKey, api.Caller, error)
}

// Key is an access key. SessionToken is empty for a long-term key and Expires
// zero for one that does not expire.
type Key struct {
	Secret, SessionToken string
	Expires              time.Time
	Caller               api.Caller
}

// Identity is who made a request, and the region and signing name of the
// credential scope.
type Identity struct {
	Caller          api.Caller
	Region, Service string
}

// Verifier verifies signatures. It is safe for concurrent use.
type Verifier struct {
	keys    Keys
	clock   clock.Clock
	region  func(string) bool
	derived derived
	trusts  bool
}

// New returns a verifier. region tells whether a region of a credential scope
// is one of ours; nil accepts every well-formed name.
func New(keys Keys, clk clock.Clock, region func(string) bool) *Verifier {
	if region == nil {
		region = wellFormed
	}
	return &Verifier{keys: keys, clock: clk, region: region}
}

// NewTrusting returns a verifier for a test double of the plane: it believes
// what a request says of its key, and compares no signature, token or time.
// What is malformed is still refused.
func NewTrusting(keys Keys, clk clock.Clock, region func(string) bool) *Verifier {
	v := New(keys, clk, region)
	v.trusts = true
	return v
}

// wellFormed accepts names such as us-east-1.
func wellFormed(region string) bool {
	for _, c := range region {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return region != "" && len(region) <= 100
}

// Verify proves who signed r, whose body has been read; Prove does without it.
// signingName is the service that the request is for. The error is a *Failure when the request is
// refused, anything else when the keys could not be read. When the key exists
// but the proof fails, the Identity names its owner beside the error, so that
// the attempt can be recorded.
//
// The order of the checks is AWS's: form, time, scope, key, signature, token.
func (v *Verifier) Verify(ctx context.Context, r *http.Request, body []byte, signingName string) (Identity, error) {
	c, f := v.claim(r, signingName)
	if f != nil {
		return Identity{}, f
	}
	payload, f := payloadHash(c, r, body)
	if f != nil {
		return Identity{}, f
	}
	id, _, err := v.verify(ctx, c, r, payload)
	return id, err
}

// Holder tells who an access key stands for now, without a request that it
// signed. The error is the *Failure that its signer would get: the key is not
// there or not active any more, or its session is over.
func (v *Verifier) Holder(ctx context.Context, accessKeyID string) (api.Caller, error) {
	key, err := v.keys.Key(ctx, accessKeyID)
	switch {
	case errors.Is(err, ErrUnknownKey):
		return api.Caller{}, failUnknownKey()
	case err != nil:
		return api.Caller{}, fmt.Errorf("look up access key: %w", err)
	case v.over(&key):
		return key.Caller, failExpiredToken()
	}
	return key.Caller, nil
}

// over tells whether a session is.
func (v *Verifier) over(k *Key) bool {
	return !k.Expires.IsZero() && !v.clock.Now().Before(k.Expires) && !v.trusts
}

// claim reads what a request says of its signer and checks all that needs no
// key.
func (v *Verifier) claim(r *http.Request, signingName string) (*claim, *Failure) {
	c, f := read(r)
	if f != nil {
		return nil, f
	}
	if f := c.checkTime(v.clock.Now()); f != nil && !v.trusts {
		return nil, f
	}
	if !c.signs("host") {
		return nil, failUnsigned("'Host' or ':authority'", "host")
	}
	if !c.signs("x-amz-target") && len(r.Header.Values("X-Amz-Target")) > 0 {
		return nil, failUnsigned("'X-Amz-Target'", "x-amz-target")
	}
	return c, c.checkScope(signingName, v.region)
}

// verify checks the signature and yields the key that it was made with; a
// node's has none.
func (v *Verifier) verify(ctx context.Context, c *claim, r *http.Request, payload string) (id Identity, signing []byte, err error) {
	id = Identity{Region: c.region, Service: c.service}
	if strings.HasPrefix(c.accessKey, "mi-") {
		id.Caller, err = v.verifyNode(ctx, c, r, payload)
	} else {
		id.Caller, signing, err = v.verifyKey(ctx, c, r, payload)
	}
	return id, signing, err
}

// payloadHash is the last line of the canonical request: what the request says
// of its body, after checking it against the body. A presigned S3 URL does not
// sign its body.
func payloadHash(c *claim, r *http.Request, body []byte) (string, *Failure) {
	said := r.Header.Get("X-Amz-Content-Sha256")
	if said == "" && c.presigned {
		if said = r.URL.Query().Get("X-Amz-Content-Sha256"); said == "" && c.service == "s3" {
			said = unsignedPayload
		}
	}
	if said == unsignedPayload {
		return said, nil
	}
	if strings.HasPrefix(said, "STREAMING-") {
		return "", failIncomplete("Unsupported payload signing: '%s' (only a hash of the whole body, or UNSIGNED-PAYLOAD). ", clip(said))
	}
	sum := sha256.Sum256(body)
	have := hex.EncodeToString(sum[:])
	if said != "" && said != have {
		return "", &Failure{reason: wrongPayload, message: "The provided 'x-amz-content-sha256' header does not match what was computed."}
	}
	return have, nil
}

// verifyKey verifies an HMAC made with a secret access key.
func (v *Verifier) verifyKey(ctx context.Context, c *claim, r *http.Request, payload string) (api.Caller, []byte, error) {
	key, err := v.keys.Key(ctx, c.accessKey)
	if errors.Is(err, ErrUnknownKey) {
		return api.Caller{}, nil, failUnknownKey().about(c)
	}
	if err != nil {
		return api.Caller{}, nil, fmt.Errorf("look up access key: %w", err)
	}
	if v.trusts {
		return key.Caller, nil, nil
	}
	canonical, ok := c.canonical(r, payload)
	if !ok {
		return key.Caller, nil, failMismatch().about(c)
	}
	text := c.toSign(canonical)
	which := derivation{key.Secret, c.day, c.region, c.service}
	signing, cached := v.derived.find(which)
	h := hmac.New(sha256.New, signing)
	h.Write(text)
	var want [2 * sha256.Size]byte
	hex.Encode(want[:], h.Sum(nil))
	if subtle.ConstantTimeCompare(want[:], []byte(c.signature)) != 1 {
		f := failMismatch()
		f.canonical, f.toSign = string(canonical), string(text)
		return key.Caller, nil, f.about(c)
	}
	if !cached {
		v.derived.keep(which, signing)
	}
	if subtle.ConstantTimeCompare([]byte(key.SessionToken), []byte(c.token)) != 1 {
		return key.Caller, nil, failUnknownKey().wrongToken(c)
	}
	if v.over(&key) {
		return key.Caller, nil, failExpiredToken().oldToken(c)
	}
	return key.Caller, signing, nil
}

// verifyNode verifies the form in which the SSM Agent asks for its role's
// credentials: SigV4 in shape, but the key id is the node's id and the
// signature RSA-PSS (SHA-256, salt of 32 bytes) in base64. Only ssm takes it.
func (v *Verifier) verifyNode(ctx context.Context, c *claim, r *http.Request, payload string) (api.Caller, error) {
	if c.service != "ssm" || c.presigned {
		return api.Caller{}, failUnknownKey()
	}
	public, caller, err := v.keys.NodeKey(ctx, c.accessKey)
	if errors.Is(err, ErrUnknownKey) {
		return api.Caller{}, failUnknownKey()
	}
	if err != nil {
		return api.Caller{}, fmt.Errorf("look up node key: %w", err)
	}
	canonical, ok := c.canonical(r, payload)
	signature, err := base64.StdEncoding.DecodeString(c.signature)
	if !ok || err != nil {
		return caller, failMismatch()
	}
	sum := sha256.Sum256(c.toSign(canonical))
	options := &rsa.PSSOptions{SaltLength: sha256.Size, Hash: crypto.SHA256}
	if rsa.VerifyPSS(public, crypto.SHA256, sum[:], signature, options) != nil {
		return caller, failMismatch()
	}
	return caller, nil
}
