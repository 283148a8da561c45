package runcommand

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// The details of an invocation's status; the status follows from them. Source:
// Systems Manager User Guide, "Understanding command statuses".
const (
	detailsPending           = "Pending"
	detailsDelayed           = "Delayed"
	detailsInProgress        = "InProgress"
	detailsCancelling        = "Cancelling"
	detailsSuccess           = "Success"
	detailsFailed            = "Failed"
	detailsCancelled         = "Cancelled"
	detailsTerminated        = "Terminated"
	detailsDeliveryTimedOut  = "DeliveryTimedOut"
	detailsExecutionTimedOut = "ExecutionTimedOut"
)

// overdue is how long after its execution timeout a node's own word is waited
// for, before the invocation is given up.
const overdue = time.Minute

// InvocationsTable is the name under which the feed tells of invocations.
const InvocationsTable = "ssm.invocations"

// invocation is a command on one node.
type invocation struct {
	Command   string
	Node      string
	NodeName  string `json:",omitempty"`
	Requested time.Time
	Document  string
	Comment   string `json:",omitempty"`

	Details  string        // StatusDetails
	Held     bool          `json:",omitempty"` // waits for its turn
	Expires  time.Time     // delivery is given up then
	Limit    time.Duration // how long the node may take
	Accepted time.Time     // the node acknowledged the job
	// GivenUp is set when the plane, not the node, ended the invocation: a
	// result that arrives later replaces it.
	GivenUp bool                  `json:",omitempty"`
	Cancel  string                `json:",omitempty"` // id of the cancel's job
	Trace   string                `json:",omitempty"` // why a node refused it
	Steps   map[string]nodes.Step `json:",omitempty"`
}

var invocations = store.Table[invocation]{
	Name: InvocationsTable, Reach: store.Regional,
	Key: func(i *invocation) string { return moment(i.Requested) + "." + i.Command + "." + i.Node },
	Indexes: map[string]func(*invocation) string{
		"command": func(i *invocation) string { return i.Command },
		"node":    func(i *invocation) string { return i.Node },
		"job":     func(i *invocation) string { return i.Command + "." + i.Node },
		"held": func(i *invocation) string {
			if i.Held && !i.over() {
				return i.Command
			}
			return ""
		},
		"open": func(i *invocation) string {
			if i.over() {
				return ""
			}
			return "open"
		},
	},
}

// status is AWS's Status for the details.
func (i *invocation) status() types.CommandInvocationStatus {
	switch i.Details {
	case detailsTerminated:
		return types.CommandInvocationStatusCancelled
	case detailsDeliveryTimedOut, detailsExecutionTimedOut:
		return types.CommandInvocationStatusTimedOut
	}
	return types.CommandInvocationStatus(i.Details)
}

func (i *invocation) over() bool {
	switch i.Details {
	case detailsPending, detailsDelayed, detailsInProgress, detailsCancelling:
		return false
	}
	return true
}

// settled tells that the node itself has said how it ended.
func (i *invocation) settled() bool { return i.over() && !i.GivenUp }

// deadline is when the invocation is given up.
func (i *invocation) deadline() time.Time {
	if i.Accepted.IsZero() {
		return i.Expires
	}
	return i.Accepted.Add(i.Limit + overdue)
}

// accept notes that the node has taken the job.
func (i *invocation) accept(now time.Time) {
	if i.settled() {
		return
	}
	i.Accepted = now
	if i.over() { // given up too early: it runs after all
		i.GivenUp = false
		i.Details = detailsInProgress
		if i.Cancel != "" { // and somebody does not want that
			i.Details = detailsCancelling
		}
	}
	if i.Details == detailsPending || i.Details == detailsDelayed {
		i.Details = detailsInProgress
	}
}

// refuse notes that the node did not take the job. A busy node is asked again;
// another refusal is how it ended.
func (i *invocation) refuse(status nodes.AckStatus) {
	if i.over() || !i.Accepted.IsZero() {
		return
	}
	if retried(status) {
		i.Details = detailsDelayed
		return
	}
	i.Details = detailsFailed
	i.Trace = "the node refused the command with status " + strconv.Itoa(int(status))
}

// retried tells the refusals that pass: the agent's processor is closed, or
// has no room.
func retried(status nodes.AckStatus) bool {
	return status == nodes.AckBusy || status == nodes.AckClosed
}

// report takes a node's word. Steps are merged by name, because the last reply
// may carry none; what ended stays ended.
func (i *invocation) report(r nodes.Reply, now time.Time) {
	if i.settled() {
		return
	}
	for name, step := range r.Steps {
		if have, ok := i.Steps[name]; ok && finished(have.Status) && !finished(step.Status) {
			continue
		}
		if i.Steps == nil {
			i.Steps = map[string]nodes.Step{}
		}
		i.Steps[name] = bounded(step)
	}
	if i.Accepted.IsZero() {
		i.Accepted = now
	}
	switch r.Status {
	case "Success", "Failed", "Cancelled":
		i.Details, i.GivenUp = r.Status, false
	case "TimedOut":
		i.Details, i.GivenUp = detailsExecutionTimedOut, false
	default: // InProgress, and what later agents may add on the way
		i.accept(i.Accepted)
	}
}

func finished(status string) bool {
	return status != "" && status != "InProgress" && status != "Pending"
}

// bounded holds a node to the protocol's limits.
func bounded(s nodes.Step) nodes.Step {
	s.Output, s.Stdout, s.Stderr = clip(s.Output, 2500), clip(s.Stdout, 24000), clip(s.Stderr, 8000)
	return s
}

// clip cuts to n bytes of valid UTF-8.
func clip(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}

// giveUp ends an invocation of which nothing was heard in time. It tells
// whether it did.
func (i *invocation) giveUp(now time.Time) bool {
	if i.over() || now.Before(i.deadline()) {
		return false
	}
	switch {
	case i.Details == detailsCancelling:
		i.Details = detailsCancelled
	case i.Accepted.IsZero():
		i.Details = detailsDeliveryTimedOut
	default:
		i.Details = detailsExecutionTimedOut
	}
	i.GivenUp, i.Held = true, false
	return true
}

// cancel ends an invocation that no node has taken, and asks for the end of
// one that runs.
func (i *invocation) cancel(job string) {
	switch i.Details {
	case detailsPending, detailsDelayed:
		i.Details, i.GivenUp, i.Held, i.Cancel = detailsCancelled, true, false, job
	case detailsInProgress:
		i.Details, i.Cancel = detailsCancelling, job
	}
}

// one returns the step that a call means: the named one, or the only one.
func (i *invocation) one(name string) (nodes.Step, bool) {
	if name != "" {
		s, ok := i.Steps[name]
		return s, ok
	}
	if len(i.Steps) == 1 {
		for _, s := range i.Steps {
			return s, true
		}
	}
	return nodes.Step{}, false
}

// plugins are the steps as ListCommandInvocations shows them.
func (i *invocation) plugins() []types.CommandPlugin {
	out := []types.CommandPlugin{}
	steps := slices.SortedFunc(maps.Values(i.Steps), func(a, b nodes.Step) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), strings.Compare(a.Name, b.Name))
	})
	for _, s := range steps {
		status, details := pluginStatus(s.Status)
		p := types.CommandPlugin{
			Name: &s.Name, Status: status, StatusDetails: &details, ResponseCode: int32(s.Code), Output: &s.Output,
			StandardOutputUrl: text(""), StandardErrorUrl: text(""), OutputS3BucketName: text(""), OutputS3KeyPrefix: text(""),
		}
		if !s.StartedAt.IsZero() {
			p.ResponseStartDateTime = &s.StartedAt
		}
		if !s.FinishedAt.IsZero() {
			p.ResponseFinishDateTime = &s.FinishedAt
		}
		out = append(out, p)
	}
	return out
}

// pluginStatus brings an agent's word to AWS's: a step that was skipped by its
// precondition did not fail.
func pluginStatus(s string) (types.CommandPluginStatus, string) {
	switch s {
	case "TimedOut":
		return types.CommandPluginStatusTimedOut, detailsExecutionTimedOut
	case "Skipped", "SuccessAndReboot", "PassedAndReboot":
		return types.CommandPluginStatusSuccess, detailsSuccess
	}
	return types.CommandPluginStatus(s), s
}
