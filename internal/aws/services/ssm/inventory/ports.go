package inventory

import (
	"context"

	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Nodes  Nodes
	Bucket Bucket
}

// Machine is a managed node: its attributes of AWS:InstanceInformation, when
// it told of them, and its tags.
type Machine struct {
	ID       string
	Facts    map[string]string
	Reported string // in the form of a CaptureTime
	Tags     map[string]string
}

// Nodes knows the managed nodes; the room managednodes does.
type Nodes interface {
	// Machines returns the nodes of a scope by their ids.
	Machines(tx *store.Tx, scope store.Scope) ([]Machine, error)
	// Machine returns one; ok is false if there is none.
	Machine(tx *store.Tx, scope store.Scope, id string) (m Machine, ok bool, err error)
}

// Object is a file of a resource data sync.
type Object struct {
	Account string // of the sync
	Region  string // of the bucket
	Sync    string // the sync's ARN, for the bucket policy's aws:SourceArn
	Bucket  string
	Key     string
	KMSKey  string // ARN; empty for the bucket's own encryption
	Body    []byte
}

// Bucket is what the room asks of S3, in the name of ssm.amazonaws.com, so
// that the bucket's policy decides. Errors that the bucket's owner can mend are
// smithy.APIErrors with S3's codes.
type Bucket interface {
	// Deliver writes an object and returns when it is durable.
	Deliver(ctx context.Context, o Object) error
}
