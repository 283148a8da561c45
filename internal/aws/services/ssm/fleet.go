package ssm

import (
	"tamachi/internal/aws/services/ssm/inventory"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/store"
)

// machines shows managed nodes to the room of inventory.
type machines struct{ nodes *managednodes.Service }

var _ inventory.Nodes = machines{}

// Machines returns the nodes of a scope by their ids.
func (m machines) Machines(tx *store.Tx, scope store.Scope) ([]inventory.Machine, error) {
	found, err := m.nodes.Machines(tx, scope)
	out := make([]inventory.Machine, 0, len(found))
	for _, one := range found {
		out = append(out, inventory.Machine(one))
	}
	return out, err
}

// Machine returns one node.
func (m machines) Machine(tx *store.Tx, scope store.Scope, id string) (inventory.Machine, bool, error) {
	found, ok, err := m.nodes.Machine(tx, scope, id)
	return inventory.Machine(found), ok, err
}
