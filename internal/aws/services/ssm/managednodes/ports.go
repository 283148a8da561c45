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
