package ssm

import (
	"time"

	"tamachi/internal/aws/services/ssm/compliance"
	"tamachi/internal/aws/services/ssm/inventory"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/aws/services/ssm/patchmanager"
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

// patients shows managed nodes to the room of patches.
type patients struct{ nodes *managednodes.Service }

var _ patchmanager.Nodes = patients{}

// Machines returns the nodes of a scope by their ids.
func (p patients) Machines(tx *store.Tx, scope store.Scope) ([]patchmanager.Machine, error) {
	found, err := p.nodes.Machines(tx, scope)
	out := make([]patchmanager.Machine, 0, len(found))
	for _, one := range found {
		out = append(out, patchmanager.Machine(one))
	}
	return out, err
}

// Machine returns one node.
func (p patients) Machine(tx *store.Tx, scope store.Scope, id string) (patchmanager.Machine, bool, error) {
	found, ok, err := p.nodes.Machine(tx, scope, id)
	return patchmanager.Machine(found), ok, err
}

// standing shows how nodes' associations stand to the room of managed nodes,
// which is made before that of associations.
type standing struct{ wing *Service }

var _ managednodes.Associations = standing{}

// Standing is how those of one node stand.
func (s standing) Standing(tx *store.Tx, scope store.Scope, node string) (managednodes.Standing, error) {
	found, err := s.wing.associations.Overall(tx, scope, node)
	return managednodes.Standing(found), err
}

// sources shows resource data syncs to the room of managed nodes.
type sources struct{ wing *Service }

var _ managednodes.Sources = sources{}

// Regions are those that a sync covers.
func (s sources) Regions(tx *store.Tx, scope store.Scope, sync string) ([]string, bool, error) {
	return s.wing.inventory.Regions(tx, scope, sync)
}

// ledger takes what the room of patches knows into the room of compliance.
type ledger struct{ room *compliance.Service }

var _ patchmanager.Compliance = ledger{}

// Put replaces what is known of a node.
func (l ledger) Put(tx *store.Tx, scope store.Scope, node, kind string, at time.Time, id, by string, rules []patchmanager.Rule) error {
	items := make([]compliance.Item, 0, len(rules))
	for _, r := range rules {
		items = append(items, compliance.Item(r))
	}
	return l.room.Put(tx, scope, node, kind, at, id, by, items)
}

// PutAssociation says what a node's patches mean for an association.
func (l ledger) PutAssociation(tx *store.Tx, scope store.Scope, node, association string, at time.Time, verdict patchmanager.Rule) error {
	return l.room.PutAssociation(tx, scope, node, association, at, compliance.Item(verdict))
}
