package runcommand

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/aws/services/ssm/history"
	"tamachi/internal/aws/services/ssm/rate"
	"tamachi/internal/store"
)

// command is one SendCommand. Its status follows from the counts of its
// invocations. What nodes are sent is kept apart, as it never changes.
type command struct {
	ID             string
	Requested      time.Time
	Document       string
	Version        string              `json:",omitempty"` // of a customer's document
	Comment        string              `json:",omitempty"`
	Parameters     map[string][]string `json:",omitempty"`
	InstanceIDs    []string            `json:",omitempty"` // the nodes' mi- ids, if it named instances
	Targets        []Target            `json:",omitempty"` // as given, if it named targets
	Timeout        int32               // seconds for delivery
	Limit          time.Duration       // how long a node may take
	MaxConcurrency string
	MaxErrors      string
	Caller         string        // ARN
	Output         output        `json:",omitzero"`
	Guard          *alarm.Guard  `json:",omitempty"` // alarms that stop it
	Notify         *notification `json:",omitempty"`

	Count     int            // invocations
	By        map[string]int // invocations by StatusDetails
	Out       int            `json:",omitempty"` // invocations under way: they had their turn and are not over
	Back      int            `json:",omitempty"` // invocations that were under way and are over
	Cancelled bool           `json:",omitempty"` // somebody asked for it
	Exceeded  bool           `json:",omitempty"` // refused for the number of its targets
}

// commands are keyed by time, so that a list from the end begins with the
// newest.
var commands = store.Table[command]{
	Name: "ssm.commands", Reach: store.Regional,
	Key: func(c *command) string { return moment(c.Requested) + "." + c.ID },
	Indexes: map[string]func(*command) string{
		"id":      func(c *command) string { return c.ID },
		"day":     func(c *command) string { return history.Day(c.Requested) },
		"guarded": (*command).guarded,
		"unfinished": func(c *command) string {
			if c.done() == c.Count {
				return ""
			}
			return "yes"
		},
	},
}

// content is what the nodes of a command are sent.
type content struct {
	Command string
	Job     json.RawMessage
}

var contents = store.Table[content]{
	Name: "ssm.command-contents", Reach: store.Regional,
	Key: func(c *content) string { return c.Command },
}

// moment is a time as a key: milliseconds, ordered as text.
func moment(t time.Time) string { return fmt.Sprintf("%013d", max(t.UnixMilli(), 0)) }

func findCommand(tx *store.Tx, scope store.Scope, id string) (*command, error) {
	c, err := commands.First(tx, scope, "id", id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.InvalidCommandId{Message: text("The command ID " + id + " isn't valid.")}
	}
	return c, err
}

// count notes that an invocation went from one status to another; "" is none.
func (c *command) count(from, to string) {
	if c.By == nil {
		c.By = map[string]int{}
	}
	if from != "" {
		if c.By[from]--; c.By[from] == 0 {
			delete(c.By, from)
		}
	}
	c.By[to]++
}

// errors are the invocations that count against MaxErrors.
func (c *command) errors() int { return c.By[detailsFailed] + c.By[detailsExecutionTimedOut] }

func (c *command) done() int {
	return c.Count - c.By[detailsPending] - c.By[detailsDelayed] - c.By[detailsInProgress] - c.By[detailsCancelling]
}

// overErrors tells whether so many failed that no further node is tried. The
// form of both limits was checked when the command was sent.
func (c *command) overErrors() bool { return c.exceeds(c.errors()) }

func (c *command) exceeds(errors int) bool {
	limit, err := rate.Errors(c.MaxErrors)
	return err == nil && limit.Exceeded(errors, c.Count)
}

// concurrency is how many nodes may run the command at the same time.
func (c *command) concurrency() int {
	limit, err := rate.Concurrency(c.MaxConcurrency)
	if err != nil {
		return 1
	}
	return limit.Concurrent(c.Count)
}

// outside are the invocations that say nothing of how the command went.
func (c *command) outside() int { return c.By[detailsUndeliverable] + c.By[detailsAccessDenied] }

// status is the command's status and its details. Source: Systems Manager User
// Guide, "Understanding command statuses".
func (c *command) status() (types.CommandStatus, string) {
	switch open := c.Count - c.done(); {
	case c.Exceeded:
		return types.CommandStatusFailed, "RateExceeded"
	case c.Count == 0:
		return types.CommandStatusFailed, "NoInstancesInTag"
	case open > 0 && c.Cancelled:
		return types.CommandStatusCancelling, detailsCancelling
	case open > 0 && c.Back == 0 && c.By[detailsPending] == open:
		return types.CommandStatusPending, detailsPending
	case open > 0 && c.Back == 0 && c.By[detailsPending]+c.By[detailsDelayed] == open:
		return types.CommandStatusPending, detailsDelayed
	case open > 0:
		return types.CommandStatusInProgress, detailsInProgress
	}
	return c.outcome()
}

// outcome is the status of a command of which nothing is open.
func (c *command) outcome() (types.CommandStatus, string) {
	switch {
	case c.By[detailsUndeliverable] == c.Count:
		return types.CommandStatusFailed, detailsUndeliverable
	case c.outside() == c.Count:
		return types.CommandStatusFailed, detailsAccessDenied
	case c.By[detailsSuccess] == c.Count-c.outside():
		return types.CommandStatusSuccess, detailsSuccess
	case c.Cancelled:
		return types.CommandStatusCancelled, detailsCancelled
	case c.overErrors() && c.By[detailsFailed] == 0:
		return types.CommandStatusTimedOut, detailsExecutionTimedOut
	case c.overErrors():
		return types.CommandStatusFailed, detailsFailed
	case c.exceeds(c.By[detailsDeliveryTimedOut]):
		return types.CommandStatusTimedOut, detailsDeliveryTimedOut
	case c.By[detailsCancelled] > 0:
		return types.CommandStatusCancelled, detailsCancelled
	}
	return types.CommandStatusFailed, "Incomplete"
}

func (c *command) describe() types.Command {
	status, details := c.status()
	expires := c.expires()
	out := types.Command{
		CommandId: &c.ID, DocumentName: &c.Document, DocumentVersion: text(cmp.Or(c.Version, "$DEFAULT")), Comment: &c.Comment,
		Parameters: c.Parameters, InstanceIds: c.InstanceIDs, Targets: []types.Target{},
		RequestedDateTime: &c.Requested, ExpiresAfter: &expires, TimeoutSeconds: &c.Timeout,
		MaxConcurrency: &c.MaxConcurrency, MaxErrors: &c.MaxErrors,
		OutputS3BucketName: &c.Output.Bucket, OutputS3KeyPrefix: &c.Output.Prefix,
		CloudWatchOutputConfig: c.Output.logs(),
		Status:                 status, StatusDetails: &details, TargetCount: int32(c.Count),
		CompletedCount: int32(c.done()), ErrorCount: int32(c.errors()),
		DeliveryTimedOutCount: int32(c.By[detailsDeliveryTimedOut]),
	}
	out.NotificationConfig, out.ServiceRole = c.Notify.shown()
	out.AlarmConfiguration, out.TriggeredAlarms = c.Guard.Shown()
	if out.InstanceIds == nil {
		out.InstanceIds = []string{}
	}
	for _, t := range c.Targets {
		out.Targets = append(out.Targets, types.Target{Key: &t.Key, Values: t.Values})
	}
	return out
}
