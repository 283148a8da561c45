package managednodes

import (
	"time"

	"tamachi/internal/store"
)

// Ports is what the room asks of the house.
type Ports struct {
	Sessions Sessions
	Channels Channels
}

// Sessions issues credentials; the sts room does.
type Sessions interface {
	// IssueNode makes credentials of a node's role in the transaction of the
	// caller. They are bound to that node.
	IssueNode(tx *store.Tx, account, node, role string, lasts time.Duration) (Session, error)
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
