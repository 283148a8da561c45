package runcommand

import (
	"context"
	"fmt"
	"time"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// ChoresTable is the name under which the feed tells of work on commands that
// is too much for one transaction.
const ChoresTable = "ssm.command-chores"

// chore is a step of work on a command: to write down invocations, or, when
// there are none in it, to look again whose turn it is. It is gone when it is
// done.
type chore struct {
	Command string
	Part    int      `json:",omitempty"` // from 1: a share of the command's nodes
	Nodes   []picked `json:",omitempty"`
}

// picked is a node that a command is for; Details says how it ended if it
// cannot begin.
type picked struct {
	ID, Name string `json:",omitempty"`
	Details  string `json:",omitempty"`
}

var chores = store.Table[chore]{
	Name: ChoresTable, Reach: store.Regional,
	Key: func(c *chore) string { return fmt.Sprintf("%s.%06d", c.Command, c.Part) },
}

// Chores lists the work that waits.
func (s *Service) Chores(ctx context.Context) (keys []nodes.OrderKey, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		rows, err := chores.Everywhere(tx, "", "")
		keys = nil
		for _, row := range rows {
			keys = append(keys, nodes.OrderKey{Account: row.Scope.Account, Region: row.Scope.Region, Key: chores.Key(row.Record)})
		}
		return err
	})
	return keys, err
}

// Chore does a step of work. One that is done already is no error.
func (s *Service) Chore(ctx context.Context, key nodes.OrderKey) error {
	scope := store.In(key.Account, key.Region)
	return s.st.Update(ctx, func(tx *store.Tx) error {
		ch, err := chores.Get(tx, scope, key.Key)
		if missing(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := chores.Delete(tx, scope, key.Key); err != nil {
			return err
		}
		l := s.ledger(tx)
		b, err := l.book(ch.Command)
		if err != nil || b == nil {
			return err
		}
		for _, p := range ch.Nodes {
			b.enter(p)
		}
		b.moved = true
		return l.close()
	})
}

// enter adds an invocation; the command has counted it as Pending.
func (b *book) enter(p picked) {
	i := b.c.invocationOn(p)
	page := b.add(i)
	page.changed, page.fresh = true, true
	switch {
	case p.Details != "":
		b.move(page, func(i *invocation) { i.end(p.Details) })
	case b.c.stopped():
		b.move(page, func(i *invocation) { i.end(b.c.rest()) })
	}
}

// invocationOn is a new invocation, which waits for its turn.
func (c *command) invocationOn(p picked) *invocation {
	return &invocation{
		Command: c.ID, Node: p.ID, NodeName: p.Name, Requested: c.Requested, Document: c.Document, Version: c.Version,
		Comment: c.Comment, Output: c.Output, Details: detailsPending, Held: true, Expires: c.expires(), Limit: c.Limit,
	}
}

// expires is when an invocation that no node has accepted is given up.
func (c *command) expires() time.Time { return c.Requested.Add(time.Duration(c.Timeout) * time.Second) }
