package compliance

import (
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Nodes Nodes
}

// Nodes knows the managed nodes and their inventory.
type Nodes interface {
	// Exists tells whether a node is registered.
	Exists(tx *store.Tx, scope store.Scope, node string) (bool, error)
	// Select returns the nodes whose inventory meets filters.
	Select(tx *store.Tx, scope store.Scope, filters []types.InventoryFilter) (map[string]bool, error)
}
