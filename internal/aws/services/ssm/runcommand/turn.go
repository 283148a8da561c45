package runcommand

import (
	"slices"
	"strings"

	"tamachi/internal/store"
)

// atOnce is how many invocations one transaction looks at for their turn, or
// ends without one; the delivery engine does the rest in steps of this size.
const atOnce = 250

// window is how many more invocations may begin. With targets the command goes
// to one node at first, to two more when that has ended, and so on until
// MaxConcurrency is reached. Source: Systems Manager User Guide, "Run commands
// at scale".
func (c *command) window() int {
	most := c.concurrency()
	if len(c.Targets) > 0 {
		most = min(most, 1+c.Back)
	}
	return max(0, most-c.Out)
}

// stopped tells that no further node is to begin.
func (c *command) stopped() bool { return c.Cancelled || c.Guard.Stopped() || c.overErrors() }

// rest is how an invocation ends that will not begin.
func (c *command) rest() string {
	if c.Cancelled {
		return detailsCancelled
	}
	return detailsTerminated
}

// turns lets as many held invocations begin as MaxConcurrency has room for, or
// ends those that wait when the command is stopped. A node that is away leaves
// its turn to the next and gets one when it is back: dead nodes must not keep a
// fleet waiting. What has been written before is what it reads.
func (l *ledger) turns(b *book) error {
	if b.c.stopped() {
		if err := l.write(b, (*page).any); err != nil {
			return err
		}
		return l.endAll(b)
	}
	if b.c.Out+b.c.done() == b.c.Count {
		return nil
	}
	for looked := 0; b.c.window() > 0; {
		if looked >= atOnce {
			return l.goOn(b)
		}
		held, err := invocations.By(l.tx, b.scope, "turn", b.c.ID+heldTurn, store.Page{Limit: min(b.c.window()+8, atOnce)})
		if err != nil {
			return err
		}
		if len(held) == 0 {
			l.turnsOfFresh(b)
			return nil
		}
		for _, i := range held {
			if b.c.window() == 0 {
				break
			}
			looked++
			online := l.s.ports.Nodes.Online(i.Node)
			b.move(b.at(i), func(i *invocation) { i.begin(online) })
		}
		if err := l.write(b, (*page).known); err != nil {
			return err
		}
	}
	return nil
}

// turnsOfFresh is turns for the invocations that are not in the store yet, by
// node as the store has them.
func (l *ledger) turnsOfFresh(b *book) {
	var held []*page
	for _, p := range b.order {
		if p.fresh && p.i.Held {
			held = append(held, p)
		}
	}
	slices.SortFunc(held, func(a, b *page) int { return strings.Compare(a.i.Node, b.i.Node) })
	for _, p := range held {
		if b.c.window() == 0 {
			return
		}
		online := l.s.ports.Nodes.Online(p.i.Node)
		b.move(p, func(i *invocation) { i.begin(online) })
	}
}

// begin gives an invocation its turn.
func (i *invocation) begin(online bool) {
	i.Held = false
	if !online {
		i.Away, i.Details = true, detailsDelayed
	}
}

// at is the page of an invocation that was just read.
func (b *book) at(i *invocation) *page {
	if p := b.pages[i.Node]; p != nil {
		return p
	}
	return b.add(i)
}

// endAll ends the invocations of a stopped command that have not begun.
func (l *ledger) endAll(b *book) error {
	for _, turn := range []string{heldTurn, awayTurn} {
		waiting, err := invocations.By(l.tx, b.scope, "turn", b.c.ID+turn, store.Page{Limit: atOnce})
		if err != nil {
			return err
		}
		for _, i := range waiting {
			b.move(b.at(i), func(i *invocation) { i.end(b.c.rest()) })
		}
		if len(waiting) == atOnce {
			return l.goOn(b)
		}
	}
	return nil
}

// goOn asks the delivery engine for another step.
func (l *ledger) goOn(b *book) error {
	return chores.Put(l.tx, b.scope, &chore{Command: b.c.ID})
}
