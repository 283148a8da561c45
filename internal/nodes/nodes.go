// Package nodes is the vocabulary of the agents' side: what the plane asks of
// the gateway that holds the agents' channels, and what agents report back.
// The protocol is that of the SSM Agent's message gateway service.
package nodes

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Gateway holds the control channels of the nodes.
type Gateway interface {
	// Send pushes a job to a node's control channel. It returns ErrOffline
	// when the node has none; success means written, not accepted: the
	// acceptance arrives at Reports.JobAcknowledged.
	Send(ctx context.Context, node string, job Job) error
	// Connected tells whether a node has an open control channel.
	Connected(node string) bool
	// Disconnect closes a node's channel.
	Disconnect(node string)
}

// Job is an agent_job frame.
type Job struct {
	ID      string // aws.ssm.<command id>.<node id>
	Topic   Topic
	Content json.RawMessage // sent to the agent as a string
}

// Topic says what an agent does with a job.
type Topic string

// The topics an agent understands.
const (
	SendCommand   Topic = "aws.ssm.sendCommand"
	CancelCommand Topic = "aws.ssm.cancelCommand"
)

// Reports is what the gateway asks of the house: where agents' words go. A
// report is acknowledged to the agent only after the method returned nil, so
// that nothing is lost between the two.
type Reports interface {
	Connected(ctx context.Context, node string) error
	Disconnected(ctx context.Context, node string) error
	JobAcknowledged(ctx context.Context, node, jobID string, status AckStatus) error
	JobReplied(ctx context.Context, node string, reply Reply) error
}

// AckStatus is the statusCode of an agent_job_ack: 200, or a refusal such as
// 51402 (busy, try later) and 51405 (duplicate).
type AckStatus int

// The statuses the plane treats apart.
const (
	AckAccepted  AckStatus = 200
	AckClosed    AckStatus = 51401
	AckBusy      AckStatus = 51402
	AckDuplicate AckStatus = 51405
	AckFailed    AckStatus = 51499
)

// Reply is an agent_job_reply. Replies may arrive more than once and the last
// may carry no steps: merge by step name.
type Reply struct {
	JobID  string
	Status string // InProgress, Success, Failed, TimedOut, Cancelled
	Trace  string // what the agent says besides its steps
	Steps  map[string]Step
}

// Step is the state of one plugin (schema 1.2) or step (2.x) of a document.
type Step struct {
	Name       string
	Plugin     string // aws:...
	Status     string
	Code       int
	Output     string // at most 2,500 characters
	Stdout     string // at most 24,000 characters
	Stderr     string // at most 8,000 characters
	StartedAt  time.Time
	FinishedAt time.Time
}

// OrderKey is which order.
type OrderKey struct{ Account, Region, Key string }

// Output is a piece of what a step writes while it runs. Only agents of this
// house send it, when the job's content asks for it.
type Output struct {
	JobID, Step string
	Stream      string // stdout or stderr
	Offset      int64
	Data        []byte
}

// OutputReports is what Reports is besides where output is taken.
type OutputReports interface {
	// JobOutput takes a piece and says which offset is wanted next; full says
	// that nothing more is.
	JobOutput(ctx context.Context, node string, o Output) (next int64, full bool, err error)
}

// Order is an invocation of a command as the engine that delivers it sees it.
type Order struct {
	Account, Region, Key string // which record it is
	Node                 string
	State                OrderState
	// Job is what is to be sent: the command while Waiting, its cancel while
	// Cancelling, else empty.
	Job Job
	// Busy is set when the node refused the job for now.
	Busy bool
	// Away is set when a held order is waited for until its node is back.
	Away bool
	// Deadline is when the order is over if nothing is heard until then.
	Deadline time.Time
}

// OrderState says what is to be done for an order.
type OrderState string

// The states of an order.
const (
	Held       OrderState = "HELD"       // waits for its turn under MaxConcurrency
	Waiting    OrderState = "WAITING"    // to be sent until the node accepts it
	Running    OrderState = "RUNNING"    // accepted; the node will report
	Cancelling OrderState = "CANCELLING" // accepted, and to be cancelled
	Over       OrderState = "OVER"
)

// Record is a record of a room as an engine names it.
type Record struct{ Account, Region, Key string }

// Buckets are the buckets whose host names a node finds: All, or those named.
type Buckets struct {
	All   bool     `json:",omitempty"`
	Names []string `json:",omitempty"`
}

// State is how the plane sees a node.
type State struct {
	Ping string // in AWS's word: Online, ConnectionLost
	Role string // its IAM role, as its activation or a change named it
}

// ErrOffline reports a node without a control channel.
var ErrOffline = errors.New("the node has no open channel")

// ErrMalformed reports what a node said and nobody can read.
var ErrMalformed = errors.New("malformed message of a node")
