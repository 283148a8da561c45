package tamachi

import (
	"context"
	"time"

	"tamachi/internal/nodes"
)

// Ports is what the room asks of the house.
type Ports struct {
	Desktops  Desktops
	Inventory Inventory
	Nodes     Nodes
	// TicketURL makes the address at which a ticket is redeemed.
	TicketURL func(ticket string) string
}

// Desktops knows the WorkSpaces of all accounts.
type Desktops interface {
	// State returns a WorkSpace's state in AWS's word ("AVAILABLE") and
	// desktops.ErrNotFound when there is none of this id in this scope.
	State(ctx context.Context, account, region, workspaceID string) (string, error)
}

// Change is what differs on a node between two moments, in one inventory type.
type Change struct {
	Node, Kind     string
	Added, Removed []map[string]string
}

// Inventory keeps the history of what nodes reported.
type Inventory interface {
	Changes(ctx context.Context, account, region, node, kind string, from, to time.Time) ([]Change, error)
}

// Nodes knows the managed nodes of all accounts; the ssm wing does.
type Nodes interface {
	// Reach notes which buckets a node finds by name, nil when it does not say,
	// and returns the node's state.
	Reach(ctx context.Context, account, node string, buckets *nodes.Buckets) (nodes.State, error)
}
