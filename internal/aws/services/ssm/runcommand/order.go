package runcommand

import (
	"context"
	"encoding/json"
	"strings"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Orders returns all that is not over, of all accounts, and the place in the
// feed from which changes are to be followed.
func (s *Service) Orders(ctx context.Context) (orders []nodes.Order, after store.Cursor, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		orders = nil
		rows, err := commands.Everywhere(tx, "unfinished", "yes")
		if err != nil {
			return err
		}
		for _, row := range rows {
			open, err := s.openOf(tx, row.Scope, row.Record)
			if err != nil {
				return err
			}
			orders = append(orders, open...)
		}
		after, err = tx.Head()
		return err
	})
	return orders, after, err
}

// openOf are a command's orders that are not over.
func (s *Service) openOf(tx *store.Tx, scope store.Scope, c *command) (open []nodes.Order, err error) {
	page := c.all(store.Page{Limit: 1000})
	for {
		some, err := invocations.List(tx, scope, page)
		if err != nil {
			return nil, err
		}
		for _, i := range some {
			page.After = invocations.Key(i)
			if i.over() {
				continue
			}
			o, err := s.order(tx, scope, i)
			if err != nil {
				return nil, err
			}
			open = append(open, o)
		}
		if len(some) < page.Limit {
			return open, nil
		}
	}
}

// Order returns orders by the keys of their records, in the same sequence. One
// that does not exist is over.
func (s *Service) Order(ctx context.Context, keys []nodes.OrderKey) (orders []nodes.Order, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		orders = make([]nodes.Order, 0, len(keys))
		for _, k := range keys {
			scope := store.In(k.Account, k.Region)
			i, err := invocations.Get(tx, scope, k.Key)
			o := nodes.Order{Account: k.Account, Region: k.Region, Key: k.Key, State: nodes.Over}
			if err == nil {
				o, err = s.order(tx, scope, i)
			}
			if err != nil && !missing(err) {
				return err
			}
			orders = append(orders, o)
		}
		return nil
	})
	return orders, err
}

// GiveUp ends orders of which nothing was heard by their deadlines.
func (s *Service) GiveUp(ctx context.Context, keys []nodes.OrderKey) error {
	now := s.clk.Now()
	return s.each(ctx, keys, func(i *invocation) { i.giveUp(now) })
}

// Returned puts orders whose node was away back among those that wait for their
// turn.
func (s *Service) Returned(ctx context.Context, keys []nodes.OrderKey) error {
	return s.each(ctx, keys, func(i *invocation) {
		if i.Away && !i.over() {
			i.Held, i.Away = true, false
		}
	})
}

// Lost ends orders that a node has not taken and will not: it was deregistered.
func (s *Service) Lost(ctx context.Context, keys []nodes.OrderKey) error {
	return s.each(ctx, keys, (*invocation).lose)
}

// each moves the invocations with the keys.
func (s *Service) each(ctx context.Context, keys []nodes.OrderKey, move func(*invocation)) error {
	return s.st.Update(ctx, func(tx *store.Tx) error {
		l := s.ledger(tx)
		for _, k := range keys {
			_, rest, _ := strings.Cut(k.Key, ".")
			command, node, ok := strings.Cut(rest, ".")
			if !ok {
				continue
			}
			b, err := l.book(command)
			if err != nil {
				return err
			}
			if b == nil || b.scope != store.In(k.Account, k.Region) {
				continue
			}
			p, err := l.page(b, node)
			if err != nil {
				return err
			}
			if p == nil {
				continue
			}
			b.move(p, move)
			b.moved = true // whose turn it is may have changed all the same
		}
		return l.close()
	})
}

func (s *Service) order(tx *store.Tx, scope store.Scope, i *invocation) (nodes.Order, error) {
	o := nodes.Order{
		Account: scope.Account, Region: scope.Region, Key: invocations.Key(i), Node: i.Node,
		State: nodes.Running, Deadline: i.deadline(), Busy: i.Details == detailsDelayed, Away: i.Away,
	}
	job := "aws.ssm." + i.Command + "." + i.Node
	switch {
	case i.over():
		o.State = nodes.Over
	case i.Held, i.Away:
		o.State, o.Busy = nodes.Held, false
	case i.Details == detailsCancelling:
		o.State = nodes.Cancelling
		content, err := json.Marshal(map[string]string{"CancelMessageId": job})
		if err != nil {
			return o, err
		}
		o.Job = nodes.Job{ID: "aws.ssm." + i.Cancel + "." + i.Node, Topic: nodes.CancelCommand, Content: content}
	case i.Accepted.IsZero():
		o.State = nodes.Waiting
		content, err := s.content(tx, scope, i.Command)
		if err != nil {
			return o, err
		}
		o.Job = nodes.Job{ID: job, Topic: nodes.SendCommand, Content: content}
	}
	return o, nil
}

// mostContents is how many commands' contents are kept in memory.
const mostContents = 64

// content is what the nodes of a command are sent; it never changes, and
// thousands of orders share it.
func (s *Service) content(tx *store.Tx, scope store.Scope, command string) (json.RawMessage, error) {
	s.mu.Lock()
	known, ok := s.contents[command]
	s.mu.Unlock()
	if ok {
		return known, nil
	}
	found, err := contents.Get(tx, scope, command)
	if missing(err) {
		return json.RawMessage("{}"), nil // of an earlier version; its node refuses it
	}
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.contents) >= mostContents {
		clear(s.contents)
	}
	s.contents[command] = found.Job
	return found.Job, nil
}
