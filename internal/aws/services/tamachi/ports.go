package tamachi

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/nodes"
)

// Ports is what the room asks of the house.
type Ports struct {
	Desktops  Desktops
	Inventory Inventory
	Nodes     Nodes
	// TicketURL makes the address at which a ticket is redeemed.
	TicketURL func(ticket string) string
	Commands  Commands
	Records   Records
}

// Records knows what desktops did and used, also those that are gone; the room
// of workspaces does.
type Records interface {
	// Biographies returns the desktop of an id, or if that is empty those that a
	// user has and had.
	Biographies(ctx context.Context, account, region, id, user string) ([]desktops.Biography, error)
	// Happenings returns at most limit changes of a desktop after a place; next
	// is "" at the end.
	Happenings(ctx context.Context, account, region, id, place string, limit int) (list []desktops.Happening, next string, err error)
	// Usage returns what a desktop, or if id is empty those after a place, used
	// in the month that begins then; next is "" at the end.
	Usage(ctx context.Context, account, region string, month time.Time, id, place string, limit int) (list []desktops.MonthOfUse, next string, err error)
}

// ErrNoCommand reports a command that does not exist, or was not sent to the
// node.
var ErrNoCommand = errors.New("no such command")

// Commands knows the commands of all accounts.
type Commands interface {
	// Follow returns what is new of a command since a place, "" for its
	// beginning; instance may be empty. It waits until there is something, for
	// some seconds at most. ErrNoCommand if there is no such command.
	Follow(ctx context.Context, account, region, command, instance, place string) (Progress, error)
}

// Progress is what is new of a command.
type Progress struct {
	Output          []Written
	Ended           []Ended
	Status, Details string
	Done            bool   // nothing more will come
	Place           string // go on from here
}

// Written is text that a step wrote.
type Written struct {
	Node, Step, Stream string
	Offset             int64
	Data               []byte
}

// Ended is a node that is done.
type Ended struct {
	Node, Status, Details string
	Code                  int
}

// Desktops knows the WorkSpaces of all accounts.
type Desktops interface {
	// State returns a WorkSpace's state in AWS's word ("AVAILABLE") and
	// desktops.ErrNotFound when there is none of this id in this scope.
	State(ctx context.Context, account, region, workspaceID string) (string, error)
	// Extend counts as a use of one now, and returns when it stops by itself;
	// desktops.ErrNotNow if it does not.
	Extend(ctx context.Context, account, region, workspaceID string, now time.Time) (time.Time, error)
	// Look returns what a visit needs to know of one: state, directory, user.
	Look(ctx context.Context, account, region, workspaceID string) (desktops.Visit, error)
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
