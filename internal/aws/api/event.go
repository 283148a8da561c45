package api

import (
	"encoding/json"
	"time"
)

// Event is a management event as the trail keeps it: one call, who made it,
// with what, and how it ended.
// Source: CloudTrail User Guide, "CloudTrail record contents".
type Event struct {
	ID           string
	Time         time.Time
	Account      string
	Region       string
	Source       string // workspaces.amazonaws.com
	Name         string // CreateWorkspaces
	ReadOnly     bool
	Caller       Caller
	SourceIP     string
	UserAgent    string
	RequestID    string
	ErrorCode    string
	ErrorMessage string
	Request      json.RawMessage // redacted
	Response     json.RawMessage // redacted; writes only
	Resources    []string        // ARNs of the checks that name one resource
	// Details make it an event of the service itself, which no call made
	// (AwsServiceEvent): serviceEventDetails.
	Details json.RawMessage
	// InvokedBy is the service that made the call in the caller's name; empty
	// when the caller did.
	InvokedBy string
	// TLS is nil for a call over plain HTTP and for one from inside.
	TLS *TLS
	// Answer gives the redacted response of a write that is known before its
	// commit; it is nil, or gives nil, for one that is not.
	Answer func() json.RawMessage
	// Places are the recorder's own: where it keeps the event.
	Places []int64
}

// TLS is what a record tells of the connection that brought a call.
type TLS struct {
	Version string // TLSv1.3
	Cipher  string // TLS_AES_128_GCM_SHA256
	Host    string // the host that the client asked for
}
