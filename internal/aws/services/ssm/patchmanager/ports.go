package patchmanager

import (
	"time"

	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Nodes      Nodes
	Compliance Compliance
	// SnapshotURL is where a snapshot can be read by its token, by the host that
	// the caller knows the plane by.
	SnapshotURL func(host, token string) string
}

// Machine is a managed node: its attributes of AWS:InstanceInformation and its
// tags.
type Machine struct {
	ID       string
	Facts    map[string]string
	Reported string
	Tags     map[string]string
}

// Nodes knows the managed nodes.
type Nodes interface {
	Machines(tx *store.Tx, scope store.Scope) ([]Machine, error)
	Machine(tx *store.Tx, scope store.Scope, id string) (m Machine, ok bool, err error)
}

// Rule is a patch and whether the node has it as the baseline wants.
type Rule struct {
	ID, Title, Severity string
	Compliant           bool
	Details             map[string]string
}

// Compliance takes what is known of a node's patches, in the caller's
// transaction.
type Compliance interface {
	Put(tx *store.Tx, scope store.Scope, node, kind string, at time.Time, id, by string, rules []Rule) error
	// PutAssociation says of one association of a node what its patches mean
	// for it.
	PutAssociation(tx *store.Tx, scope store.Scope, node, association string, at time.Time, verdict Rule) error
}
