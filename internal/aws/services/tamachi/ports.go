package tamachi

import "context"

// Ports is what the room asks of the house.
type Ports struct {
	Desktops Desktops
	// TicketURL makes the address at which a ticket is redeemed.
	TicketURL func(ticket string) string
}

// Desktops knows the WorkSpaces of all accounts.
type Desktops interface {
	// State returns a WorkSpace's state in AWS's word ("AVAILABLE") and
	// desktops.ErrNotFound when there is none of this id in this scope.
	State(ctx context.Context, account, region, workspaceID string) (string, error)
}
