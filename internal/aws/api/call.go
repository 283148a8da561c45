package api

import (
	"context"
	"time"
)

// PrincipalType is the "type" of a CloudTrail userIdentity.
type PrincipalType string

// The principals that the plane knows today.
const (
	IAMUser         PrincipalType = "IAMUser"
	FederatedUser   PrincipalType = "FederatedUser"
	AssumedRole     PrincipalType = "AssumedRole"
	ManagedInstance PrincipalType = "ManagedInstance" // a node with its role token
	AWSService      PrincipalType = "AWSService"      // an engine acting as workspaces.amazonaws.com
)

// Caller is who makes a call, as the signature proved it.
type Caller struct {
	Type        PrincipalType
	Account     string // twelve digits
	ARN         string // arn:aws:iam::111122223333:user/administrator
	UserID      string // AIDA..., or account:name of a federated user
	Name        string // what the trail's Username shows
	AccessKeyID string
	// Policy is the session policy of a federated user (JSON), else empty.
	Policy string
	// Node is the mi- id of a ManagedInstance, else empty.
	Node string
	// Service is the host name of an AWSService (workspaces.amazonaws.com).
	Service string
	// Issuer is the ARN of the principal whose credentials made a federated
	// session, else empty.
	Issuer string
}

// Call is what an operation may know of the call that reached it.
type Call struct {
	Caller    Caller
	Account   string // the account whose resources are meant: the caller's
	Region    string
	RequestID string
	SourceIP  string // "AWS Internal" for engines, as CloudTrail writes
	UserAgent string
	Time      time.Time
	Service   string // model name
	Operation string
	// Present tells whether a top-level member of the input was given; the
	// zero value of a Go field cannot.
	Present func(member string) bool
}

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
