package runcommand

import (
	"fmt"
	"maps"
	"reflect"
	"strings"

	"tamachi/internal/store"
)

// ledger holds what one transaction changes of commands and invocations: each
// is read once and written once, however many words there are about it, and
// the counts of a command are kept as its invocations move.
type ledger struct {
	s     *Service
	tx    *store.Tx
	books map[string]*book // by command
	order []*book
}

// book is a command with its invocations at hand.
type book struct {
	scope store.Scope
	c     *command
	pages map[string]*page // by node
	order []*page
	moved bool // the command's own record changed
	told  string
}

type page struct {
	i       *invocation
	changed bool
	fresh   bool   // new, and not in the store yet: it is written once, when it had its turn or not
	told    string // the status that was told of
}

func (s *Service) ledger(tx *store.Tx) *ledger {
	return &ledger{s: s, tx: tx, books: map[string]*book{}}
}

// book finds a command in any scope; nil when there is none.
func (l *ledger) book(command string) (*book, error) {
	if b, ok := l.books[command]; ok {
		return b, nil
	}
	rows, err := commands.Everywhere(l.tx, "id", command)
	if err != nil || len(rows) == 0 {
		l.books[command] = nil
		return nil, err
	}
	return l.open(rows[0].Scope, rows[0].Record), nil
}

func (l *ledger) open(scope store.Scope, c *command) *book {
	b := &book{scope: scope, c: c, pages: map[string]*page{}}
	if status, _ := c.status(); c.Count > 0 {
		b.told = string(status)
	}
	l.books[c.ID] = b
	l.order = append(l.order, b)
	return b
}

// page finds a command's invocation on a node; nil when there is none.
func (l *ledger) page(b *book, node string) (*page, error) {
	if p, ok := b.pages[node]; ok {
		return p, nil
	}
	i, err := b.c.invocation(l.tx, b.scope, node)
	if missing(err) {
		b.pages[node] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return b.add(i), nil
}

func (b *book) add(i *invocation) *page {
	p := &page{i: i, told: string(i.status())}
	b.pages[i.Node] = p
	b.order = append(b.order, p)
	return p
}

// move changes an invocation, and keeps its command's counts.
func (b *book) move(p *page, move func(*invocation)) {
	before := *p.i
	before.Steps = maps.Clone(p.i.Steps)
	move(p.i)
	if reflect.DeepEqual(before, *p.i) {
		return
	}
	p.changed = true
	b.note(&before, p.i)
}

func (b *book) note(before, after *invocation) {
	if before.Details != after.Details {
		b.c.count(before.Details, after.Details)
		b.moved = true
	}
	switch {
	case before.out() == after.out():
		return
	case after.out():
		b.c.Out++
		if before.over() { // it was cancelled, and runs all the same
			b.c.Back--
		}
	default:
		b.c.Out--
		if after.over() {
			b.c.Back++
		}
	}
	b.moved = true
}

// change moves the invocation that a job means, if there is one.
func (l *ledger) change(node, job string, move func(*invocation)) error {
	command, ok := commandOf(node, job)
	if !ok {
		return nil
	}
	b, err := l.book(command)
	if err != nil || b == nil {
		return err
	}
	p, err := l.page(b, node)
	if err != nil || p == nil {
		return err
	}
	b.move(p, move)
	return nil
}

// commandOf reads aws.ssm.<command id>.<node id>.
func commandOf(node, job string) (string, bool) {
	rest, ok := strings.CutPrefix(job, "aws.ssm.")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, "."+node)
}

// close writes what has changed and lets those begin whose turn has come.
func (l *ledger) close() error {
	for _, b := range l.order {
		if err := l.write(b, (*page).known); err != nil {
			return err
		}
		if b.moved {
			if err := l.watch(b); err != nil {
				return fmt.Errorf("alarms of command %s: %w", b.c.ID, err)
			}
			if err := l.turns(b); err != nil {
				return fmt.Errorf("turns of command %s: %w", b.c.ID, err)
			}
		}
		if err := l.write(b, (*page).any); err != nil {
			return err
		}
		if err := l.tell(b); err != nil {
			return fmt.Errorf("tell of command %s: %w", b.c.ID, err)
		}
		if !b.moved {
			continue
		}
		if err := commands.Put(l.tx, b.scope, b.c); err != nil {
			return err
		}
	}
	return nil
}

func (p *page) any() bool   { return true }
func (p *page) known() bool { return !p.fresh }

// write stores those of a book's pages that changed.
func (l *ledger) write(b *book, which func(*page) bool) error {
	for _, p := range b.order {
		if !p.changed || !which(p) {
			continue
		}
		if err := invocations.Put(l.tx, b.scope, p.i); err != nil {
			return err
		}
		p.changed, p.fresh = false, false
	}
	return nil
}
