package runcommand

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/store"
)

// Ports is what the room asks of its wing.
type Ports struct {
	Nodes      Nodes
	Documents  Documents
	Parameters Parameters // nil where there are none
	// Access tells what the caller may; nil is everything.
	Access Access
	// Output is where commands' output can go; nil is anywhere.
	Output Output
	// Alarms knows the alarms that stop commands; nil where there are none.
	Alarms alarm.States
	// Topics takes messages about commands; nil where there are none.
	Topics Topics
	// Events takes what happens; nil where nobody listens.
	Events Events
}

// Topics publishes messages in the name of a role that a caller handed over;
// a topic is an ARN, which says its Region.
type Topics interface {
	Publish(ctx context.Context, account, role, topic, subject, message string) error
}

// Events takes what happens over in the transaction that it tells of. The room
// eventbridge does.
type Events interface {
	// Listening tells whether anything in a scope may want to know.
	Listening(tx *store.Tx, scope store.Scope) (bool, error)
	Emit(tx *store.Tx, scope store.Scope, o api.Occurrence) error
}

// Documents knows the documents.
type Documents interface {
	// Document finds a version by a name or an ARN; its errors are the API's.
	Document(tx *store.Tx, scope store.Scope, name string, version *string) (Document, error)
	// Check is the check of an action on the document that a name or ARN means.
	Check(ctx context.Context, action, name string) ([]api.Check, error)
}

// Document is a version of a document.
type Document struct {
	Name, Version string
	Type, Schema  string
	JSON          []byte
	Sha256, Sha1  string
	Amazon        bool     // the owner
	Platforms     []string // that it runs on: Linux, Windows, MacOS
}

// Access tells what the caller of a call may do; the gate does.
type Access interface {
	Allowed(ctx context.Context, checks []api.Check) ([]bool, error)
}

// Output knows the buckets that take the output of commands.
type Output interface {
	// Exists tells whether there is a bucket.
	Exists(ctx context.Context, bucket string) (bool, error)
	// URL is an object's address.
	URL(region, bucket, key string) string
}

// Parameters knows the values of Parameter Store.
type Parameters interface {
	// Value is a parameter's text; ok is false when there is none, or when it
	// is a secret.
	Value(tx *store.Tx, scope store.Scope, name string) (value string, ok bool, err error)
	// Check is the check of an action on a parameter.
	Check(ctx context.Context, action, name string) ([]api.Check, error)
}

// Node is a managed node as this room needs it.
type Node struct {
	ID, Name string
	Platform string // Linux, Windows, MacOS; "" until the node has reported
	Tags     map[string]string
}

// Target is a search criterion of nodes.
type Target struct {
	Key    string
	Values []string
}

// Nodes finds managed nodes.
type Nodes interface {
	// Resolve finds the node that an instance id means; ok is false when there
	// is none.
	Resolve(tx *store.Tx, scope store.Scope, id string) (n Node, ok bool, err error)
	// Targets returns the nodes that fit all targets, each once, in the order
	// of their ids.
	Targets(tx *store.Tx, scope store.Scope, targets []Target) ([]Node, error)
	// CheckTargets says why targets cannot be read.
	CheckTargets(targets []Target) error
	// FindsBucket tells whether a node can find a bucket by its host name, as
	// far as the node has said.
	FindsBucket(tx *store.Tx, scope store.Scope, node, bucket string) (bool, error)
	// Online tells whether a node has an open channel now.
	Online(node string) bool
}
