package nodes

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Shell is an interactive_shell order: a session that a node is to begin.
type Shell struct {
	Session string
	Content json.RawMessage // sent to the agent as a string
}

// Session is a session whose data channels may be open.
type Session struct {
	ID, Account, Region string
	Node                string
	// Output is what the client of a session that is over is shown; it comes with
	// ErrNoSession.
	Output string
}

// SessionState is what a gateway sees of a session.
type SessionState string

// The states that a gateway reports.
const (
	SessionConnected    SessionState = "Connected"    // node and client are there
	SessionDisconnected SessionState = "Disconnected" // the client was there and is gone
)

// SessionEnd is an agent_task_complete: how a session ended on its node.
type SessionEnd struct {
	Session string
	Status  string // Success, Failed, TimedOut, Cancelled
	Output  string // shown to the client
	// Where the transcript is; empty when it was not kept. Key is that of the
	// object in the bucket.
	Bucket, Key, LogGroup, LogStream string
}

// SessionSight is what a gateway knows of a session now.
type SessionSight struct {
	Active     time.Time // when a side last sent data, or came; not before the gateway's own start
	NodeGone   time.Time // since when the node's channel is closed; zero while it is open
	ClientGone time.Time // the same of the client
}

// SessionReports is what a gateway asks of the house about sessions.
type SessionReports interface {
	// Session finds a session that is not over; ErrNoSession if there is none.
	Session(ctx context.Context, id string) (Session, error)
	// SessionMoved notes that a session's sides have come or gone.
	SessionMoved(ctx context.Context, id string, state SessionState) error
	// SessionEnded notes how a session of a node ended. One that is not known,
	// or over, is no error.
	SessionEnded(ctx context.Context, node string, end SessionEnd) error
}

// ErrNoSession reports a session that does not exist or is over.
var ErrNoSession = errors.New("no such session")
