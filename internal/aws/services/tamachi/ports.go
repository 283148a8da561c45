package tamachi

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/nodes"
	"tamachi/internal/notify"
	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Subjects  Subjects
	Members   Members
	SignIns   SignIns
	Wardrobe  Wardrobe
	Desktops  Desktops
	Inventory Inventory
	Nodes     Nodes
	// TicketURL makes the address at which a ticket is redeemed.
	TicketURL func(ticket string) string
	// PlaybackURL and ExportURL are the same for recordings; nil where none are
	// kept.
	PlaybackURL, ExportURL func(ticket string) string

	Commands Commands
	Records  Records

	People    People
	Passwords Passwords
	Notices   Notices
	// InvitationURL makes the address at which an invitation's secret is used.
	InvitationURL func(secret string) string
	SignInURL     func() string
	// Sender is the address that writes for a directory.
	Sender func(directoryID string) string
	// Events may be nil: then nobody is told of what happens.
	Events Events
}

// Events takes what happens over in the transaction that it tells of. The room
// eventbridge does.
type Events interface {
	Emit(tx *store.Tx, sc store.Scope, o api.Occurrence) error
}

// People knows the users of all directories.
type People interface {
	// Invitee returns whom an invitation is for. directory.ErrNoUser and
	// directory.ErrNoDirectory are told apart from directory.ErrUnreachable.
	Invitee(ctx context.Context, account, region, directoryID, userName string) (Invitee, error)
}

// Invitee is a person who is to be invited.
type Invitee struct {
	Name    string // as people call them; "" when the directory does not say
	Email   string // "" when the directory has none
	Chooses bool   // the password is kept here, and set by a link
}

// Passwords keeps the passwords of the plane's own directories.
type Passwords interface {
	// Seal makes the form in which a password is kept. It is slow on purpose
	// and needs no transaction.
	Seal(ctx context.Context, password string) (string, error)
	// Choose gives a user the password that they chose. A *directory.Refusal is
	// that of an account that was disabled; directory.ErrNoUser.
	Choose(tx *store.Tx, sc store.Scope, directoryID, userName, sealed string) error
}

// Notices sends mails.
type Notices interface {
	// Post takes a notice within a transaction; notify.ErrRefused for one that
	// can never be sent.
	Post(tx *store.Tx, n notify.Notice) error
	// Delivery tells how it fares.
	Delivery(tx *store.Tx, id string) (d notify.Delivery, found bool, err error)
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

// Subjects knows people as desktop policies see them.
type Subjects interface {
	// Has returns directory.ErrNoDirectory when there is no such directory.
	Has(ctx context.Context, account, region, directoryID string) error
	// Subject returns a user with all groups, nested ones included;
	// directory.ErrNoUser or directory.ErrNoDirectory if there is none.
	Subject(ctx context.Context, account, region, directoryID, user string) (desktops.Subject, error)
}

// Members changes who is in which group of a directory.
type Members interface {
	// Is tells whether somebody is in a group, directly; an error of the API
	// when one of the two is not there.
	Is(ctx context.Context, account, region, directoryID, group, member string) (bool, error)
	// Add calls AddGroupMember in the caller's name.
	Add(ctx context.Context, directoryID, group, member string) error
	// Remove calls RemoveGroupMember as the service; directory.ErrNotMember
	// when there is no such member, or group, any more,
	// directory.ErrNoDirectory and directory.ErrUnreachable are told apart.
	Remove(ctx context.Context, account, region, directoryID, group, member string) error
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
	// Newcomer returns what an invitation to a WorkSpace says, and
	// desktops.ErrNotFound when there is none of this id in this scope.
	Newcomer(ctx context.Context, account, region, workspaceID string) (desktops.Newcomer, error)
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
