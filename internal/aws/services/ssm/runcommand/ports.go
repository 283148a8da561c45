package runcommand

import (
	"tamachi/internal/store"
)

// Ports is what the room asks of its wing.
type Ports struct {
	Nodes Nodes
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
	// Tagged returns the nodes with one of the values under a tag's key.
	Tagged(tx *store.Tx, scope store.Scope, key string, values []string) ([]Node, error)
}
