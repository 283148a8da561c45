package statemanager

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/store"
)

// The detailed statuses of an association on a node.
const (
	associated = "Associated" // bound, and never run
	pending    = "Pending"    // released to the node
	inProgress = "InProgress"
	success    = "Success"
	failed     = "Failed"
	timedOut   = "TimedOut"
	skipped    = "Skipped" // left out of its execution
)

// over tells whether a run has ended.
func over(details string) bool {
	return details == success || details == failed || details == timedOut || details == skipped
}

// broad is the status that stands for a detailed one.
func broad(details string) string {
	switch details {
	case success, failed, skipped:
		return details
	case timedOut:
		return failed
	}
	return pending
}

// standing is how the nodes of an association stand, all together. It is apart
// from the association, since every word of a node changes it.
type standing struct {
	Association string
	Version     int64          // of the association, of which a round was last begun or put off
	Owed        bool           `json:",omitempty"` // a round waits for a calendar to open
	Counts      map[string]int `json:",omitempty"` // nodes by detailed status
	LastRun     time.Time      // of any node
	LastSuccess time.Time
	Triggered   []alarm.Triggered `json:",omitempty"` // what stopped the last round
	// Next is when the plane begins the next execution; zero when nodes keep
	// the schedule, or there is none.
	Next time.Time
}

var standings = store.Table[standing]{
	Name: "ssm.association-standings", Reach: store.Regional,
	Key: func(s *standing) string { return s.Association },
	Indexes: map[string]func(*standing) string{
		"timed": func(s *standing) string {
			if s.Next.IsZero() {
				return ""
			}
			return "timed"
		},
	},
}

// stand returns the standing of an association.
func stand(tx *store.Tx, scope store.Scope, id string) (*standing, error) {
	s, err := standings.Get(tx, scope, id)
	if missing(err) {
		s, err = &standing{Association: id}, nil
	}
	return s, err
}

// move counts a node that goes from one detailed status to another; either may
// be empty.
func move(counts *map[string]int, from, to string) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	if from != "" {
		if (*counts)[from]--; (*counts)[from] <= 0 {
			delete(*counts, from)
		}
	}
	if to != "" {
		(*counts)[to]++
	}
}

// summary is the one status of many nodes: what went wrong comes first, then
// what is not over.
func summary(counts map[string]int) (status, details string) {
	for _, d := range []string{failed, timedOut, inProgress, pending, associated, success, skipped} {
		if counts[d] > 0 {
			return broad(d), d
		}
	}
	return pending, "Creating"
}

func (s *standing) overview() *types.AssociationOverview {
	status, details := summary(s.Counts)
	o := &types.AssociationOverview{Status: &status, DetailedStatus: &details}
	for d, n := range s.Counts {
		if o.AssociationStatusAggregatedCount == nil {
			o.AssociationStatusAggregatedCount = map[string]int32{}
		}
		o.AssociationStatusAggregatedCount[d] = int32(n) //nolint:gosec // nodes of one account
	}
	return o
}

// binding is an association on one node.
type binding struct {
	Association string
	Node        string
	Version     int64     // of the association, as it was released last
	Details     string    // detailed status
	LastRun     time.Time // zero until the node has begun
	LastSuccess time.Time `json:",omitzero"`
	Execution   string    `json:",omitempty"` // key of the one that the node is released for
	Runs        int64     // how often it was released
	ErrorCode   string    `json:",omitempty"`
	Summary     string    `json:",omitempty"` // ExecutionSummary
	OutputURL   string    `json:",omitempty"`
}

var bindings = store.Table[binding]{
	Name: "ssm.association-nodes", Reach: store.Regional,
	Key: func(b *binding) string { return b.Association + ":" + b.Node },
	Indexes: map[string]func(*binding) string{
		"association": func(b *binding) string { return b.Association },
		"node":        func(b *binding) string { return b.Node },
	},
}

// released tells whether the node is to run the association, or does.
func (b *binding) released() bool { return b.Execution != "" }

// NudgesTable is the name under which the feed tells of nudges.
const NudgesTable = "ssm.association-nudges"

// nudge is the wish that a node looks at its list of associations; the look
// removes it.
type nudge struct {
	Node         string
	Command      string    // id of the refresh, as its job names it
	Associations []string  // to be run now; none: a look is enough
	Since        time.Time // of the first wish that was not granted
}

var nudges = store.Table[nudge]{
	Name: NudgesTable, Reach: store.Regional,
	Key: func(n *nudge) string { return n.Node },
}
