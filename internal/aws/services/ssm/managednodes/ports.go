package managednodes

import (
	"context"
	"errors"
	"time"

	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Sessions Sessions
	Channels Channels
	Roles    Roles
	Groups   Groups
	// Associations is nil where there is no State Manager.
	Associations Associations
	// Sources is nil where no sync lists nodes of several Regions.
	Sources Sources
	// Organizations is nil where there are none.
	Organizations Organizations
}

// Organizations knows where accounts are in their organization; the room
// organizations does.
type Organizations interface {
	// Of is an account's organization and its path in it, of the form
	// o-.../r-.../ou-.../; both are empty for an account of none.
	Of(ctx context.Context, account string) (id, path string, err error)
}

// Associations knows how the associations of nodes stand; the room
// statemanager does.
type Associations interface {
	// Standing is how those of one node stand.
	Standing(tx *store.Tx, scope store.Scope, node string) (Standing, error)
}

// Standing is how the associations of a node stand together.
type Standing struct {
	Status, Details string         // of all: the worst; empty when there are none
	Counts          map[string]int // associations by detailed status
	Documents       []string       // that they apply
	LastRun         time.Time      // zero until then
	LastSuccess     time.Time
}

// Sources knows the resource data syncs of the type SyncFromSource; the room
// inventory does.
type Sources interface {
	// Regions are those that a sync covers; ok is false when there is none.
	Regions(tx *store.Tx, scope store.Scope, sync string) (regions []string, ok bool, err error)
}

// Groups knows the resource groups; the room resourcegroups does.
type Groups interface {
	// Group returns what tells whether a group holds a resource of a type with
	// some tags; nil when there is no group of that name.
	Group(tx *store.Tx, scope store.Scope, name string) (holds func(kind string, tags map[string]string) bool, err error)
}

// Roles knows the roles of accounts; the iam room does.
type Roles interface {
	// Role returns a role by its name without its path, or ErrNoRole.
	Role(ctx context.Context, account, name string) (Role, error)
}

// Role is what the room needs of a role.
type Role struct {
	ID, ARN, Name string
	Trust         string // the trust policy
}

// ErrNoRole reports a role that does not exist.
var ErrNoRole = errors.New("no such role")

// Sessions issues credentials; the sts room does.
type Sessions interface {
	// IssueNode makes a session of a node's role in the transaction of the
	// caller. It is bound to that node.
	IssueNode(tx *store.Tx, account, node string, role Role, lasts time.Duration) (Session, error)
}

// Session is what a node signs with. All but the first are secrets.
type Session struct {
	AccessKeyID, Secret, SessionToken string
	Expires                           time.Time
}

// Channels knows the nodes' open control channels; the gateway does.
type Channels interface {
	Connected(node string) bool
	Disconnect(node string)
}
