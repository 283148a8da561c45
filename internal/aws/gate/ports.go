package gate

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/model"
	"tamachi/internal/policy"
)

// Recorder keeps the trail. The cloudtrail room is one.
type Recorder interface {
	// Attach returns a context under which every committed change also writes
	// the event, in the same transaction.
	Attach(ctx context.Context, e *api.Event) context.Context
	// Record writes an event and returns when it is durable.
	Record(ctx context.Context, e *api.Event) error
	// Later writes an event within a second; one that is there already under
	// the same id is replaced.
	Later(ctx context.Context, e *api.Event)
}

// Models finds the model table of a service; model.Load is one.
type Models func(service string) (*model.Service, error)

// Principals knows what is attached to a caller. The iam room is one. An error
// that is an AWS error (smithy.APIError) is the caller's: a user who was
// deleted meanwhile. Any other is a fault of ours.
type Principals interface {
	Bindings(ctx context.Context, c *api.Caller) (Bindings, error)
}

// Organizations tells which organization an account belongs to, and where in
// it, as the condition keys aws:PrincipalOrgID and aws:PrincipalOrgPaths say it;
// both are empty for an account that belongs to none. The organizations room is
// one.
type Organizations interface {
	Of(ctx context.Context, account string) (id, path string, err error)
}

// Controls knows the policies of organizations. The organizations room is one.
type Controls interface {
	// Above returns the policies that stand above an account: those of the levels
	// of its organization, compiled; nothing for an account that belongs to none.
	Above(ctx context.Context, account string) (Levels, error)
}

// Levels are the service and resource control policies above an account, one
// set a level: the root first, the account itself last. A type that the
// organization has not enabled has none.
type Levels struct {
	SCPs, RCPs []*policy.Set
	Manages    bool // the management account: neither holds it
}

// Messages seals what a denied caller may not read: why, in every detail.
// DecodeAuthorizationMessage of the sts room opens it.
type Messages interface {
	Seal(account string, message []byte) (string, error)
}

// Bindings are a user's, or those of the role or user behind a session. What a
// session itself carries (its policies and tags) comes with the caller. Sets
// are compiled once for as long as nothing changes.
type Bindings struct {
	Identity *policy.Set       // inline, managed, those of groups; nil for none
	Boundary *policy.Set       // the permissions boundary; nil for none
	Tags     map[string]string // aws:PrincipalTag/...
}
