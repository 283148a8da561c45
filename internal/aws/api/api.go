// Package api is the vocabulary in which rooms describe themselves to the
// gate: operation rows, the checks that authorize a call, the caller and the
// facts of a call. It holds no logic.
package api

import (
	"context"
	"maps"
	"net"
	"reflect"
	"slices"

	"tamachi/internal/arn"
)

// Service is a room as the gate and the front door see it.
type Service interface {
	// Name is the name of the service's model table: "ssm", "workspaces",
	// "ds", "ds-data", "cloudtrail", "sts" (botocore's folder names).
	Name() string
	// Operations is the room's table of contents.
	Operations() []Operation
}

// Kind says how the gate treats a row.
type Kind int

// The kinds of row. Public and Authenticated are short lists that a guard test
// holds literally.
const (
	KindRead          Kind = iota + 1 // authorized; its trail record may lag
	KindWrite                         // authorized; its trail record commits with its effect
	KindData                          // authorized; no management event, as on AWS
	KindPublic                        // proves itself otherwise (an activation code)
	KindAuthenticated                 // any valid caller; no policy can deny it
	KindStream                        // KindData that hands the connection over
	KindGuest                         // KindStream that a caller without a signature may use too
	KindLink                          // KindWrite that a caller without a signature may use too
)

// Streams tells whether a success hands the connection over.
func (k Kind) Streams() bool { return k == KindStream || k == KindGuest }

// Open tells whether a caller without a signature may use the row.
func (k Kind) Open() bool { return k == KindGuest || k == KindLink }

// Writes tells whether a row changes state, and its trail record goes with that.
func (k Kind) Writes() bool { return k == KindWrite || k == KindLink }

// Operation is one row of a room's table. In and Out are struct types of the
// AWS SDK (or of the room, where the SDK has no module).
type Operation struct {
	Name   string
	Kind   Kind
	In     reflect.Type
	Out    reflect.Type
	Invoke func(ctx context.Context, in any) (out any, err error)
	// Checks is nil for KindPublic and KindAuthenticated.
	Checks func(ctx context.Context, in any) ([]Check, error)
}

// Check is one thing that must be allowed before the operation runs: an action
// on a resource. All checks of a call must pass.
type Check struct {
	Action   string            // "workspaces:CreateWorkspaces"
	Resource string            // an ARN or "*"; it need not exist
	Tags     map[string]string // the resource's tags, for aws:ResourceTag
	Keys     map[string]string // further condition keys of this check, such as ssm:Overwrite
	// LazyTags reads the tags instead, where that costs a look into the store:
	// most policies never ask. It is called once at most, while the check is
	// decided.
	LazyTags func() (map[string]string, error)
	// Sets are condition keys with several values, such as aws:TagKeys. A key
	// of the service that neither Keys nor Sets has is one that the gate does
	// not know: a policy that uses it denies. So a key that this request does
	// not carry belongs here with nil, and a family of them by its beginning:
	// Sets["s3:prefix"] = nil, Sets["kms:EncryptionContext:"] = nil.
	Sets map[string][]string
	// Owner is the account of a resource whose ARN names none (a bucket's);
	// empty means the account in the ARN, else the caller's.
	Owner string
	// Policy is the resource's own policy (JSON); empty when it has none.
	Policy string
	// Ruled says that the resource's policy must allow the caller, by name or
	// by handing the decision to the caller's account; so it is with KMS keys
	// and with the trust policies of roles. Elsewhere, within an account, the
	// caller's policies or the resource's suffice.
	Ruled bool
	// Granted says that the resource itself already gave the caller the right
	// (a KMS grant): only an explicit deny stands against it.
	Granted bool
	// Else are checks that suffice instead, all of them, where this one is
	// denied. The denial that a caller reads is then that of one of them.
	Else []Check
}

// Handler is the shape of an operation.
type Handler[I, O any] func(ctx context.Context, in *I) (*O, error)

// Checker is the shape of an operation's checks.
type Checker[I any] func(ctx context.Context, in *I) ([]Check, error)

// Read is a row that changes nothing.
func Read[I, O any](name string, h Handler[I, O], c Checker[I]) Operation {
	return row(name, KindRead, h, c)
}

// Write is a row that changes state.
func Write[I, O any](name string, h Handler[I, O], c Checker[I]) Operation {
	return row(name, KindWrite, h, c)
}

// Data is a row of the data plane: authorized, but no management event.
func Data[I, O any](name string, h Handler[I, O], c Checker[I]) Operation {
	return row(name, KindData, h, c)
}

// Public is a row that carries its own proof instead of a signature.
func Public[I, O any](name string, h Handler[I, O]) Operation {
	return row(name, KindPublic, h, nil)
}

// Authenticated is a row that every valid caller may use.
func Authenticated[I, O any](name string, h Handler[I, O]) Operation {
	return row(name, KindAuthenticated, h, nil)
}

// Stream is a row whose success hands the connection over: the front door
// upgrades it to a WebSocket (RFC 6455) and calls the returned function.
func Stream[I any](name string, h Handler[I, Conversation], c Checker[I]) Operation {
	return row(name, KindStream, h, c)
}

// Guest is a Stream row that takes callers without a signature: what they say
// first carries their proof, such as the token of a session. One who signs
// must be allowed by the checks.
func Guest[I any](name string, h Handler[I, Conversation], c Checker[I]) Operation {
	return row(name, KindGuest, h, c)
}

// Link is a Write row that takes callers without a signature, who came by the
// link of a message: what it names is their proof, which the operation looks at.
// One who signs must be allowed by the checks.
func Link[I, O any](name string, h Handler[I, O], c Checker[I]) Operation {
	return row(name, KindLink, h, c)
}

// Conversation is the output of a Stream row. Serve owns conn, whose WebSocket
// handshake is done, until it returns.
type Conversation struct {
	Serve func(ctx context.Context, conn net.Conn)
}

func row[I, O any](name string, k Kind, h Handler[I, O], c Checker[I]) Operation {
	op := Operation{
		Name: name, Kind: k,
		In: reflect.TypeFor[I](), Out: reflect.TypeFor[O](),
		Invoke: func(ctx context.Context, in any) (any, error) {
			out, err := h(ctx, in.(*I))
			if err != nil {
				return nil, err // not a typed nil inside an interface
			}
			return out, nil
		},
	}
	if c != nil {
		op.Checks = func(ctx context.Context, in any) ([]Check, error) { return c(ctx, in.(*I)) }
	}
	return op
}

// On returns the one check most operations have.
func On(action string, resource arn.ARN) []Check {
	return []Check{{Action: action, Resource: resource.String()}}
}

// OnAny returns a check of an action that has no resource types.
func OnAny(action string) []Check { return []Check{{Action: action, Resource: "*"}} }

// Asking returns the check of a request that gives a resource tags or takes
// some away by their keys: aws:RequestTag and aws:TagKeys.
func (c Check) Asking(set map[string]string, remove []string) Check {
	keys, sets := maps.Clone(c.Keys), maps.Clone(c.Sets)
	if keys == nil {
		keys = map[string]string{}
	}
	if sets == nil {
		sets = map[string][]string{}
	}
	for key, value := range set {
		keys["aws:RequestTag/"+key] = value
	}
	sets["aws:TagKeys"] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(set)), remove))))
	c.Keys, c.Sets = keys, sets
	return c
}

// KeyNode is the key of a Check that names the node it is about (mi-...). A
// caller that is a node may act on its own node only.
const KeyNode = "node"
