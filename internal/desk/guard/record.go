package guard

import (
	"bytes"
	"net/netip"
	"strings"
	"time"
)

// Record is what a CloudTrail record says of who called what from where. Source:
// CloudTrail User Guide, "CloudTrail record contents".
type Record struct {
	EventTime       time.Time
	EventSource     string
	EventName       string
	AWSRegion       string
	SourceIPAddress string
	UserAgent       string
	ErrorCode       string
	VPCEndpointID   string
	TLS             bool // it came over TLS
	UserIdentity    Identity
	Resources       []string // their ARNs
}

// Identity is who called.
type Identity struct {
	Type        string
	PrincipalID string
	ARN         string
	AccountID   string
	UserName    string
	InvokedBy   string
	// Of a session: the ARN of its role or user, when it was made, and whether
	// with a second factor ("true" or "false").
	Issuer, Issued, MFA string
}

// readRecord reads a record.
func readRecord(text []byte) (*Record, error) {
	s := scan{b: text}
	r, err := s.record()
	if err == nil && len(bytes.TrimSpace(text[s.i:])) > 0 {
		err = s.wrong("the end")
	}
	return r, err
}

// refused tells of a call that was denied then, too.
func (r *Record) refused() bool {
	switch r.ErrorCode {
	case "AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "UnauthorizedOperation", "NotAuthorized", "AuthorizationError":
		return true
	}
	return strings.HasSuffix(r.ErrorCode, ".AccessDenied")
}

// via is the service that made the call with the caller's credentials, or empty.
func (r *Record) via() string {
	for _, name := range []string{r.UserIdentity.InvokedBy, r.SourceIPAddress} {
		if strings.HasSuffix(name, ".amazonaws.com") {
			return name
		}
	}
	return ""
}

// principal is whom people know by the call: the role of a session, else the
// user, or root.
func (r *Record) principal() string {
	if issuer := r.UserIdentity.Issuer; issuer != "" {
		return issuer
	}
	return r.UserIdentity.ARN
}

// address is where the call came from, as the condition key has it: a service's
// name is no address.
func (r *Record) address() string {
	if _, err := netip.ParseAddr(r.SourceIPAddress); err == nil {
		return r.SourceIPAddress
	}
	return ""
}
