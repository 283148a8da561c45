package runcommand

import (
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
	detailsUndeliverable     = "Undeliverable"
	detailsInvalidPlatform   = "InvalidPlatform"
	detailsAccessDenied      = "AccessDenied"
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
	Version   string `json:",omitempty"`
	Comment   string `json:",omitempty"`
	Output    output `json:",omitzero"`

	Details string        // StatusDetails
	Held    bool          `json:",omitempty"` // waits for its turn
	Away    bool          `json:",omitempty"` // had its turn while the node was away, and gave it to another
	Expires time.Time     // delivery is given up then
	Limit   time.Duration // how long the node may take
	// Accepted is when the node acknowledged the job.
	Accepted time.Time
	// GivenUp is set when it was cancelled before a node had acknowledged it: a
	// node that says later that it has it is told to stop.
	GivenUp bool                  `json:",omitempty"`
	Cancel  string                `json:",omitempty"` // id of the cancel's job
	Trace   string                `json:",omitempty"` // what the node said besides its steps
	Steps   map[string]nodes.Step `json:",omitempty"`
}

// invocations of one command lie side by side, by node.
var invocations = store.Table[invocation]{
	Name: InvocationsTable, Reach: store.Regional,
	Key: func(i *invocation) string { return keyOf(i.Requested, i.Command, i.Node) },
	Indexes: map[string]func(*invocation) string{
		"node": func(i *invocation) string { return i.Node },
		"turn": func(i *invocation) string {
			switch {
			case i.over():
				return ""
			case i.Held:
				return i.Command + heldTurn
			case i.Away:
				return i.Command + awayTurn
			}
			return ""
		},
	},
}

// The values of the index "turn", behind a command's id.
const (
	heldTurn = " held"
	awayTurn = " away"
)

func keyOf(requested time.Time, command, node string) string {
	return moment(requested) + "." + command + "." + node
}

// all is the part of the table that holds a command's invocations.
func (c *command) all(p store.Page) store.Page {
	p.Min, p.Max = keyOf(c.Requested, c.ID, ""), moment(c.Requested)+"."+c.ID+"/" // "/" comes after "."
	return p
}

func (c *command) invocation(tx *store.Tx, scope store.Scope, node string) (*invocation, error) {
	return invocations.Get(tx, scope, keyOf(c.Requested, c.ID, node))
}

// out tells whether the invocation counts for MaxConcurrency.
func (i *invocation) out() bool { return !i.over() && !i.Held && !i.Away }

// status is AWS's Status for the details.
func (i *invocation) status() types.CommandInvocationStatus {
	switch i.Details {
	case detailsTerminated:
		return types.CommandInvocationStatusCancelled
	case detailsDeliveryTimedOut, detailsExecutionTimedOut:
		return types.CommandInvocationStatusTimedOut
	case detailsUndeliverable, detailsInvalidPlatform, detailsAccessDenied:
		return types.CommandInvocationStatusFailed
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

// settled tells that nothing changes how it ended: of two words the first
// counts, as on AWS.
func (i *invocation) settled() bool { return i.over() && !i.GivenUp }

// deadline is when the invocation is given up.
func (i *invocation) deadline() time.Time {
	if i.Accepted.IsZero() {
		return i.Expires
	}
	return i.Accepted.Add(i.Limit + overdue)
}

// accept notes that the node has taken the job. One that was cancelled
// meanwhile is told to stop.
func (i *invocation) accept(now time.Time) {
	if i.settled() {
		return
	}
	i.Accepted, i.Held, i.Away = now, false, false
	if i.over() {
		i.GivenUp, i.Details = false, detailsCancelling
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
	i.end(detailsFailed)
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
	if r.Trace != "" {
		i.Trace = clip(r.Trace, 2500)
	}
	switch r.Status {
	case "Success", "Failed", "Cancelled":
		i.end(r.Status)
		i.GivenUp = false
	case "TimedOut":
		i.end(detailsExecutionTimedOut)
		i.GivenUp = false
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

// giveUp ends an invocation of which nothing was heard in time.
func (i *invocation) giveUp(now time.Time) {
	if i.over() || now.Before(i.deadline()) {
		return
	}
	switch {
	case i.Details == detailsCancelling:
		i.end(detailsCancelled)
	case i.Accepted.IsZero():
		i.end(detailsDeliveryTimedOut)
	default:
		i.end(detailsExecutionTimedOut)
	}
}

// end ends an invocation without a node's word.
func (i *invocation) end(details string) { i.Details, i.Held, i.Away = details, false, false }

// lose ends an invocation whose node was deregistered before it took it.
func (i *invocation) lose() {
	if !i.over() && i.Accepted.IsZero() {
		i.end(detailsUndeliverable)
	}
}

// cancel ends an invocation that no node has taken, and asks for the end of
// one that runs.
func (i *invocation) cancel(job string) {
	switch i.Details {
	case detailsPending, detailsDelayed:
		i.GivenUp, i.Cancel = i.out(), job
		i.end(detailsCancelled)
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
func (s *Service) plugins(i *invocation, region string) []types.CommandPlugin {
	out := []types.CommandPlugin{}
	for _, step := range i.ordered() {
		status, details := pluginStatus(step.Status)
		stdout, stderr, prefix := s.urls(i, step.Name, step.Plugin, region)
		p := types.CommandPlugin{
			Name: &step.Name, Status: status, StatusDetails: &details, ResponseCode: int32(step.Code), Output: &step.Output,
			StandardOutputUrl: &stdout, StandardErrorUrl: &stderr, OutputS3BucketName: &i.Output.Bucket, OutputS3KeyPrefix: &prefix,
		}
		if i.Output.Bucket != "" {
			p.OutputS3Region = &region
		}
		if !step.StartedAt.IsZero() {
			p.ResponseStartDateTime = &step.StartedAt
		}
		if !step.FinishedAt.IsZero() {
			p.ResponseFinishDateTime = &step.FinishedAt
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
