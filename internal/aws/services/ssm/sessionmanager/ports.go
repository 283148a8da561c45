package sessionmanager

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Ports is what the room asks of its wing and of the house.
type Ports struct {
	Nodes     Nodes
	Documents Documents
	Channels  Channels
	People    People
}

// People knows who calls; the iam room does.
type People interface {
	// CallerTags are the tags of the user or role behind a caller.
	CallerTags(ctx context.Context, c *api.Caller) (map[string]string, error)
}

// Node is a managed node as this room needs it.
type Node struct {
	ID, Name string
	Tags     map[string]string
}

// Nodes finds managed nodes.
type Nodes interface {
	// Resolve finds the node that an instance id means; ok is false when there
	// is none.
	Resolve(tx *store.Tx, scope store.Scope, id string) (n Node, ok bool, err error)
}

// Document is a document of any owner.
type Document struct {
	Name, Type string
	JSON       []byte
}

// Documents knows documents, those of Amazon too.
type Documents interface {
	// Document finds a version by a name or an ARN; its errors are the API's.
	Document(tx *store.Tx, scope store.Scope, name string, version *string) (Document, error)
	// Check is the check of an action on the document that a name or ARN means.
	Check(ctx context.Context, action, name string) ([]api.Check, error)
}

// Channels holds the nodes' channels; the gateway does.
type Channels interface {
	Connected(node string) bool
	// OpenSession tells a node to begin a session.
	OpenSession(ctx context.Context, node string, order nodes.Shell) error
	// ClientToken makes the token with which the next client of a session
	// proves itself; an earlier one is void.
	ClientToken(session string) string
	// CloseSession ends both channels of a session, telling why.
	CloseSession(session, output string)
	// Sight is what is known of a session's channels.
	Sight(session string) nodes.SessionSight
}
