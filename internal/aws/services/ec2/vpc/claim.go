package vpc

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Claim is by which request a record was made: the same one again is answered
// with that record (EC2 API Reference, "Ensuring idempotency").
type Claim struct {
	Token string `json:",omitempty"` // the caller's word for the request
	Asked string `json:",omitempty"` // digest of what it asked for
}

// newClaim reads a request: in is what it asks for, without its token.
func newClaim(token *string, in any) (Claim, error) {
	if token == nil || *token == "" {
		return Claim{}, nil
	}
	asked, err := json.Marshal(in)
	if err != nil {
		return Claim{}, fmt.Errorf("digest of a request: %w", err)
	}
	sum := sha256.Sum256(asked)
	return Claim{*token, base64.RawStdEncoding.EncodeToString(sum[:])}, nil
}

// claimed finds the record that a request made before; nil is none. A token that
// was used for another request is refused.
func claimed[R any](l look, n *noun[R], c Claim, of func(*R) Claim) (*R, error) {
	if c.Token == "" {
		return nil, nil
	}
	all, err := n.all(l)
	for _, r := range all {
		had := of(r)
		switch {
		case had.Token != c.Token:
		case had.Asked != "" && had.Asked != c.Asked: // empty: made before digests were kept
			return nil, fault("IdempotentParameterMismatch", "The client token %s was used for another request.", c.Token)
		default:
			return r, nil
		}
	}
	return nil, err
}
