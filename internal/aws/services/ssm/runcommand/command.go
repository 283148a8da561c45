package runcommand

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/rate"
	"tamachi/internal/store"
)

// command is one SendCommand. Its status follows from the counts of its
// invocations.
type command struct {
	ID             string
	Requested      time.Time
	Document       string
	Comment        string              `json:",omitempty"`
	Parameters     map[string][]string `json:",omitempty"`
	InstanceIDs    []string            `json:",omitempty"` // the nodes' mi- ids, if it named instances
	Targets        []Target            `json:",omitempty"` // as given, if it named targets
	Timeout        int32               // seconds for delivery
	MaxConcurrency string
	MaxErrors      string
	Caller         string // ARN

	// Version is the version of a customer's document, Content its text as
	// nodes are sent it. Filled are the parameters as nodes are sent them, when
	// they refer to Parameter Store.
	Version string              `json:",omitempty"`
	Content json.RawMessage     `json:",omitempty"`
	Filled  map[string][]string `json:",omitempty"`

	Count     int            // invocations
	By        map[string]int // invocations by StatusDetails
	Cancelled bool           `json:",omitempty"` // somebody asked for it
}

// commands are keyed by time, so that a list from the end begins with the
// newest.
var commands = store.Table[command]{
	Name: "ssm.commands", Reach: store.Regional,
	Key: func(c *command) string { return moment(c.Requested) + "." + c.ID },
	Indexes: map[string]func(*command) string{
		"id": func(c *command) string { return c.ID },
	},
}

// moment is a time as a key: milliseconds, ordered as text.
func moment(t time.Time) string { return fmt.Sprintf("%013d", max(t.UnixMilli(), 0)) }

func findCommand(tx *store.Tx, scope store.Scope, id string) (*command, error) {
	found, err := commands.By(tx, scope, "id", id, store.Page{Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &types.InvalidCommandId{Message: text("The command ID " + id + " isn't valid.")}
	}
	return found[0], nil
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

// status is the command's status and its details.
func (c *command) status() (types.CommandStatus, string) {
	switch {
	case c.Count == 0:
		return types.CommandStatusFailed, "NoInstancesInTag"
	case c.done() < c.Count && c.Cancelled:
		return types.CommandStatusCancelling, detailsCancelling
	case c.done() < c.Count && c.By[detailsPending] == c.Count:
		return types.CommandStatusPending, detailsPending
	case c.done() < c.Count:
		return types.CommandStatusInProgress, detailsInProgress
	case c.By[detailsSuccess] == c.Count:
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

// expires is when an invocation that no node has accepted is given up.
func (c *command) expires() time.Time { return c.Requested.Add(time.Duration(c.Timeout) * time.Second) }

func (c *command) describe() types.Command {
	status, details := c.status()
	expires := c.expires()
	out := types.Command{
		CommandId: &c.ID, DocumentName: &c.Document, DocumentVersion: text(cmp.Or(c.Version, "$DEFAULT")), Comment: &c.Comment,
		Parameters: c.Parameters, InstanceIds: c.InstanceIDs, Targets: []types.Target{},
		RequestedDateTime: &c.Requested, ExpiresAfter: &expires, TimeoutSeconds: &c.Timeout,
		MaxConcurrency: &c.MaxConcurrency, MaxErrors: &c.MaxErrors,
		OutputS3BucketName: text(""), OutputS3KeyPrefix: text(""), ServiceRole: text(""),
		NotificationConfig:     &types.NotificationConfig{NotificationArn: text(""), NotificationEvents: []types.NotificationEvent{}},
		CloudWatchOutputConfig: &types.CloudWatchOutputConfig{CloudWatchLogGroupName: text("")},
		Status:                 status, StatusDetails: &details, TargetCount: int32(c.Count),
		CompletedCount: int32(c.done()), ErrorCount: int32(c.errors()),
		DeliveryTimedOutCount: int32(c.By[detailsDeliveryTimedOut]),
	}
	if out.InstanceIds == nil {
		out.InstanceIds = []string{}
	}
	for _, t := range c.Targets {
		out.Targets = append(out.Targets, types.Target{Key: &t.Key, Values: t.Values})
	}
	return out
}
