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

// Bindings are a user's, or those of the role or user behind a session. What a
// session itself carries (its policies and tags) comes with the caller.
type Bindings struct {
	Identity []Policy          // identity policies that apply: inline, managed, those of groups
	Boundary *Policy           // the permissions boundary
	Tags     map[string]string // aws:PrincipalTag/...
}

// Policy is one policy with where it comes from.
type Policy struct {
	Name, ARN string
	Kind      string // "inline", "managed", "group"
	Document  *policy.Document
}
