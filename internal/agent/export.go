package agent

import (
	"crypto/rsa"
	"net/http"
	"time"
)

// Frame is an agent message as the simulator and tests read and write it.
type Frame struct {
	Type, ID    string // ID is a UUID
	Created     time.Time
	Sequence    int64  // of a session's stream
	PayloadType uint32 // of a session's stream
	Payload     []byte
}

// Encode writes a frame in its wire form.
func (f Frame) Encode() ([]byte, error) {
	return frame{Type: f.Type, ID: f.ID, Created: f.Created, Sequence: f.Sequence, PayloadType: f.PayloadType, Payload: f.Payload}.encode()
}

// DecodeFrame reads a frame; its payload is a part of b.
func DecodeFrame(b []byte) (Frame, error) {
	f, err := decodeFrame(b)
	return Frame{Type: f.Type, ID: f.ID, Created: f.Created, Sequence: f.Sequence, PayloadType: f.PayloadType, Payload: f.Payload}, err
}

// Credentials are those of a node's role. All but the first are secrets.
type Credentials struct {
	AccessKeyID, SecretAccessKey, SessionToken string
	Expires                                    time.Time
}

// Sign adds a Signature Version 4 to a request.
func (c Credentials) Sign(r *http.Request, body []byte, region, service string, now time.Time) {
	credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken}.sign(r, body, region, service, now)
}

// SignWithKey signs as a node does that has no credentials yet.
func SignWithKey(r *http.Request, body []byte, node string, key *rsa.PrivateKey, region string, now time.Time) error {
	return signWithKey(r, body, node, key, region, now)
}
