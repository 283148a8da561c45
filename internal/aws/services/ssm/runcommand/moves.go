package runcommand

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// The moves that no customer makes: the delivery engine and the nodes do.

// JobAcknowledged notes whether a node took a job. Words about jobs that are
// not known are let be.
func (s *Service) JobAcknowledged(ctx context.Context, node, job string, status nodes.AckStatus) error {
	now := s.clk.Now()
	return s.onJob(ctx, node, job, func(i *invocation) {
		if status == nodes.AckAccepted || status == nodes.AckDuplicate {
			if i.Accepted.IsZero() { // the second word of it changes nothing
				i.accept(now)
			}
			return
		}
		i.refuse(status)
	})
}

// JobReplied notes what a node says of a job.
func (s *Service) JobReplied(ctx context.Context, node string, reply nodes.Reply) error {
	now := s.clk.Now()
	return s.onJob(ctx, node, reply.JobID, func(i *invocation) { i.report(reply, now) })
}

// onJob changes the invocation of a job and what follows from it. Nothing is
// written when nothing has changed.
func (s *Service) onJob(ctx context.Context, node, job string, move func(*invocation)) error {
	which, ok := jobIndex(node, job)
	if !ok {
		return nil
	}
	moved := false
	err := s.st.View(ctx, func(tx *store.Tx) error {
		_, next, err := findJob(tx, which)
		if err != nil || next == nil {
			return err
		}
		before := *next
		before.Steps = maps.Clone(next.Steps)
		move(next)
		moved = !reflect.DeepEqual(before, *next)
		return nil
	})
	if err != nil || !moved {
		return err
	}
	return s.st.Update(ctx, func(tx *store.Tx) error {
		scope, i, err := findJob(tx, which)
		if err != nil || i == nil {
			return err
		}
		from := i.Details
		move(i)
		return s.moved(tx, scope, i, from)
	})
}

// jobIndex reads aws.ssm.<command id>.<node id>.
func jobIndex(node, job string) (string, bool) {
	rest, ok := strings.CutPrefix(job, "aws.ssm.")
	if !ok || !strings.HasSuffix(rest, "."+node) {
		return "", false
	}
	return rest, true
}

func findJob(tx *store.Tx, which string) (store.Scope, *invocation, error) {
	rows, err := invocations.Everywhere(tx, "job", which)
	if err != nil || len(rows) == 0 {
		return store.Scope{}, nil, err
	}
	return rows[0].Scope, rows[0].Record, nil
}

// moved stores an invocation after a move, keeps its command's counts, and
// lets the next ones begin.
func (s *Service) moved(tx *store.Tx, scope store.Scope, i *invocation, from string) error {
	if err := invocations.Put(tx, scope, i); err != nil {
		return err
	}
	if i.Details == from {
		return nil
	}
	c, err := findCommand(tx, scope, i.Command)
	if err != nil {
		return fmt.Errorf("the command of an invocation: %w", err)
	}
	c.count(from, i.Details)
	if err := s.release(tx, scope, c); err != nil {
		return err
	}
	return commands.Put(tx, scope, c)
}

// release lets as many held invocations begin as have ended, or ends them all
// when there were too many errors.
func (s *Service) release(tx *store.Tx, scope store.Scope, c *command) error {
	held, err := invocations.By(tx, scope, "held", c.ID, store.Page{})
	if err != nil || len(held) == 0 {
		return err
	}
	begun := c.Count - c.done() - len(held)
	for _, i := range held {
		switch {
		case c.overErrors() || c.Cancelled:
			from := i.Details
			i.Held, i.GivenUp = false, true
			i.Details = detailsTerminated
			if c.Cancelled {
				i.Details = detailsCancelled
			}
			c.count(from, i.Details)
		case begun < c.concurrency():
			i.Held = false
			begun++
		default:
			return nil
		}
		if err := invocations.Put(tx, scope, i); err != nil {
			return err
		}
	}
	return nil
}

// Orders returns all that is not over, of all accounts, and the place in the
// feed from which changes are to be followed.
func (s *Service) Orders(ctx context.Context) (orders []nodes.Order, after store.Cursor, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		orders = nil
		rows, err := invocations.Everywhere(tx, "open", "open")
		if err != nil {
			return err
		}
		for _, row := range rows {
			o, err := s.order(tx, row.Scope, row.Record)
			if err != nil {
				return err
			}
			orders = append(orders, o)
		}
		after, err = tx.Head()
		return err
	})
	return orders, after, err
}

// Order returns one order by the key of its record. One that does not exist is
// over.
func (s *Service) Order(ctx context.Context, account, region, key string) (o nodes.Order, err error) {
	scope := store.Scope{Account: account, Region: region}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		i, err := invocations.Get(tx, scope, key)
		if missing(err) {
			o = nodes.Order{Account: account, Region: region, Key: key, State: nodes.Over}
			return nil
		}
		if err != nil {
			return err
		}
		o, err = s.order(tx, scope, i)
		return err
	})
	return o, err
}

// GiveUp ends an order of which nothing was heard by its deadline.
func (s *Service) GiveUp(ctx context.Context, account, region, key string) error {
	scope, now := store.Scope{Account: account, Region: region}, s.clk.Now()
	return s.st.Update(ctx, func(tx *store.Tx) error {
		i, err := invocations.Get(tx, scope, key)
		if missing(err) {
			return nil
		}
		if err != nil {
			return err
		}
		from := i.Details
		if !i.giveUp(now) {
			return nil
		}
		return s.moved(tx, scope, i, from)
	})
}

func (s *Service) order(tx *store.Tx, scope store.Scope, i *invocation) (nodes.Order, error) {
	o := nodes.Order{
		Account: scope.Account, Region: scope.Region, Key: invocations.Key(i), Node: i.Node,
		State: nodes.Running, Deadline: i.deadline(), Busy: i.Details == detailsDelayed,
	}
	job := "aws.ssm." + i.Command + "." + i.Node
	switch {
	case i.over():
		o.State = nodes.Over
	case i.Held:
		o.State = nodes.Held
	case i.Details == detailsCancelling:
		o.State = nodes.Cancelling
		content, err := json.Marshal(map[string]string{"CancelMessageId": job})
		if err != nil {
			return o, err
		}
		o.Job = nodes.Job{ID: "aws.ssm." + i.Cancel + "." + i.Node, Topic: nodes.CancelCommand, Content: content}
	case i.Accepted.IsZero():
		o.State = nodes.Waiting
		c, err := findCommand(tx, scope, i.Command)
		if err != nil {
			return o, fmt.Errorf("the command of an invocation: %w", err)
		}
		content, err := s.content(tx, scope, c)
		if err != nil {
			return o, err
		}
		o.Job = nodes.Job{ID: job, Topic: nodes.SendCommand, Content: content}
	}
	return o, nil
}

// content is what a node is sent. Source: the SSM Agent's wire (nodes.md 5.3).
func (s *Service) content(tx *store.Tx, scope store.Scope, c *command) (json.RawMessage, error) {
	d, err := s.document(tx, scope, c)
	if err != nil {
		return nil, err
	}
	given := c.Parameters
	if c.Filled != nil {
		given = c.Filled
	}
	return json.Marshal(map[string]any{
		"CommandId": c.ID, "DocumentName": d.Name, "DocumentContent": d.Content, "Parameters": d.values(given),
		"OutputS3BucketName": "", "OutputS3KeyPrefix": "", "CloudWatchLogGroupName": "", "CloudWatchOutputEnabled": "false",
	})
}

// document is what the command runs: a document as it was when the command was
// sent. Commands that were sent long ago named Amazon's only.
func (s *Service) document(tx *store.Tx, scope store.Scope, c *command) (*document, error) {
	if c.Content == nil {
		found, err := s.ports.Documents.Document(tx, scope, c.Document, nil)
		if err != nil {
			return nil, err
		}
		return compiled(found)
	}
	d := &document{Name: c.Document, Content: c.Content}
	if err := json.Unmarshal(c.Content, d); err != nil {
		return nil, fmt.Errorf("read the document of command %s: %w", c.ID, err)
	}
	return d, nil
}

// names lists nodes for an error's text, as AWS writes them.
func names(ids []string) string { return "[[" + strings.Join(slices.Compact(ids), ", ") + "]]" }
