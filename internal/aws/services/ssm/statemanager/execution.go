package statemanager

import (
	"time"

	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/store"
)

// execution is one round of an association over its nodes.
type execution struct {
	ID          string
	Association string
	Version     int64
	Created     time.Time
	Last        time.Time      // when a node last said something
	Counts      map[string]int `json:",omitempty"` // nodes by detailed status
	Total       int
	Held        int    `json:",omitempty"` // not released yet
	Free        bool   `json:",omitempty"` // nodes began it by themselves
	Concurrency string `json:",omitempty"`
	Errors      string `json:",omitempty"`

	Guard *alarm.Guard `json:",omitempty"` // alarms that stop it
}

// kept is how long the history of executions goes back (the console of AWS
// shows 90 days).
const kept = 90 * 24 * time.Hour

var executions = store.Table[execution]{
	Name: "ssm.association-executions", Reach: store.Regional,
	Key: func(e *execution) string { return e.Association + ":" + moment(e.Created) + ":" + e.ID },
	Indexes: map[string]func(*execution) string{
		"id":          func(e *execution) string { return e.Association + ":" + e.ID },
		"association": func(e *execution) string { return e.Association },
		"held": func(e *execution) string {
			if e.Held == 0 {
				return ""
			}
			return "held"
		},
		"guarded": func(e *execution) string {
			if e.Held == 0 || !e.Guard.Waits() {
				return ""
			}
			return "yes"
		},
	},
}

// stopped tells that no further node is to begin.
func (e *execution) stopped() bool { return e.Guard.Stopped() || e.exceeded() }

// errors are the nodes on which it did not succeed.
func (e *execution) errors() int { return e.Counts[failed] + e.Counts[timedOut] }

// running are the nodes that are released and not done.
func (e *execution) running() int { return e.Counts[pending] + e.Counts[inProgress] - e.Held }

// target is a node in an execution.
type target struct {
	Execution   string // its key
	Association string
	Node        string
	Version     int64
	Details     string
	Held        bool      `json:",omitempty"`
	Released    time.Time // zero while it is held
	Last        time.Time // when the node last said something
	Output      string    `json:",omitempty"` // URL
}

var targets = store.Table[target]{
	Name: "ssm.association-targets", Reach: store.Regional,
	Key: func(t *target) string { return t.Execution + ":" + t.Node },
	Indexes: map[string]func(*target) string{
		"execution": func(t *target) string { return t.Execution },
		"held": func(t *target) string {
			if !t.Held {
				return ""
			}
			return t.Execution
		},
		"open": func(t *target) string {
			if over(t.Details) {
				return ""
			}
			return t.Association + ":" + t.Node
		},
	},
}
