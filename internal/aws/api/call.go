package api

import (
	"context"
	"time"
)

// PrincipalType is the "type" of a CloudTrail userIdentity.
type PrincipalType string

// The principals that the plane knows.
const (
	Root            PrincipalType = "Root"
	IAMUser         PrincipalType = "IAMUser"
	FederatedUser   PrincipalType = "FederatedUser"
	AssumedRole     PrincipalType = "AssumedRole"
	ManagedInstance PrincipalType = "ManagedInstance" // a node that signs with its own key
	AWSService      PrincipalType = "AWSService"      // an engine acting as workspaces.amazonaws.com
	AWSAccount      PrincipalType = "AWSAccount"      // nobody: an unsigned request of S3
)

// Caller is who makes a call, as the signature proved it.
type Caller struct {
	Type        PrincipalType
	Account     string // twelve digits; empty for nobody
	ARN         string // arn:aws:iam::111122223333:user/administrator
	UserID      string // AIDA...; AROA...:session of a role; account:name of a federated user
	Name        string // what the trail's Username shows
	AccessKeyID string
	// Node is the mi- id of a ManagedInstance and of a session of its role, else
	// empty.
	Node string
	// Service is the host name of an AWSService (workspaces.amazonaws.com).
	Service string
	// Session is nil for long-term credentials.
	Session *Session
}

// Session is what temporary credentials say beyond who holds them.
// Source: IAM User Guide, "Temporary security credentials in IAM".
type Session struct {
	Issued time.Time
	MFA    bool // a second factor was given when the session was made
	// Whose session it is: the role, or the user who called GetFederationToken
	// or GetSessionToken.
	IssuerType PrincipalType `json:",omitempty"` // "Role" for a role
	IssuerARN  string        `json:",omitempty"`
	IssuerID   string        `json:",omitempty"`
	IssuerName string        `json:",omitempty"`
	// Policies are session policies (JSON), PolicyARNs managed ones.
	Policies   []string          `json:",omitempty"`
	PolicyARNs []string          `json:",omitempty"`
	Tags       map[string]string `json:",omitempty"`
	Transitive []string          `json:",omitempty"` // keys of Tags that chained sessions inherit
	// SourceIdentity is set once and stays through a chain.
	SourceIdentity string `json:",omitempty"`
	Chained        bool   `json:",omitempty"` // made with temporary credentials
}

// Role is the IssuerType of a role's session.
const Role PrincipalType = "Role"

// Call is what an operation may know of the call that reached it.
type Call struct {
	Caller    Caller
	Account   string // the account whose resources are meant: the caller's
	Region    string
	RequestID string
	Host      string // whom the request was sent to, with its port; empty for engines
	SourceIP  string // "AWS Internal" for engines, as CloudTrail writes
	UserAgent string
	Time      time.Time
	Service   string // model name
	Operation string
	// Via are the services that forward the call in the caller's name, the
	// first one first: ssm.amazonaws.com when Parameter Store uses a key.
	Via []string
	// SourceARN is the resource for which a service calls (a trail, when
	// cloudtrail.amazonaws.com delivers): aws:SourceArn. Else empty.
	SourceARN string
	// SentBy is the service that sends a call with the session of a role that it
	// has assumed: a service role, or its service-linked role. Else empty.
	SentBy  string
	Referer string // of a browser: aws:Referer
	// MFA, TLS and the like come from the session and the socket.
	Secure bool // the request came over TLS
	TLS    *TLS // how, for the trail; nil when it did not
	// Present tells whether a top-level member of the input was given; the
	// zero value of a Go field cannot.
	Present func(member string) bool
	// Found is what the checks of the call have looked up, for its operation:
	// what was authorized is what is acted on, and is looked up once.
	Found any
}

// Place is the account and Region whose resources are meant.
func (c *Call) Place() (account, region string) { return c.Account, c.Region }

type callKey struct{}

// WithCall returns a context that carries the call. Only the gate uses it.
func WithCall(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// CallFrom returns the call that ctx belongs to. It panics outside of one,
// which is a programmer's mistake: operations run in the gate only.
func CallFrom(ctx context.Context) *Call {
	c, ok := ctx.Value(callKey{}).(*Call)
	if !ok {
		panic("api: no call in this context; operations are called by the gate")
	}
	return c
}
