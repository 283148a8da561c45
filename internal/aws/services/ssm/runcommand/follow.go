package runcommand

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// follower is one look at a command: first at the pieces of output that are
// there, then at the invocations, then at what the feed tells since the look
// began.
type follower struct {
	s       *Service
	scope   store.Scope
	command string
	node    string // "" is all

	phase  string // pieces, invocations, feed
	cursor store.Cursor
	after  string
	out    Progress
}

// Follow returns what is new of a command since a place, "" for its beginning;
// instance may be empty. It does not wait.
func (s *Service) Follow(ctx context.Context, account, region, command, instance, place string) (Progress, error) {
	f := &follower{s: s, scope: store.In(account, region), command: command}
	if err := f.begin(ctx, instance, place); err != nil {
		return Progress{}, err
	}
	var err error
	switch f.phase {
	case "pieces":
		err = f.pieces(ctx)
	case "invocations":
		err = f.invocations(ctx)
	default:
		err = f.feed(ctx)
	}
	f.out.Place = f.phase + " " + string(f.cursor) + " " + f.after
	return f.out, err
}

// begin reads the place and the command's status, which is older than all that
// is read after it.
func (f *follower) begin(ctx context.Context, instance, place string) error {
	parts := strings.SplitN(place, " ", 3)
	return f.s.st.View(ctx, func(tx *store.Tx) error {
		c, err := findCommand(tx, f.scope, f.command)
		if unknown := (*types.InvalidCommandId)(nil); errors.As(err, &unknown) {
			return ErrNoCommand
		}
		if err != nil {
			return err
		}
		if f.node, err = f.s.nodeOf(tx, f.scope, &instance); err != nil {
			return err
		}
		if f.node != "" {
			if _, err := c.invocation(tx, f.scope, f.node); missing(err) {
				return ErrNoCommand
			} else if err != nil {
				return err
			}
		}
		status, details := c.status()
		f.out.Status, f.out.Details = string(status), details
		f.out.Done = c.done() == c.Count
		if len(parts) == 3 {
			f.phase, f.cursor, f.after = parts[0], store.Cursor(parts[1]), parts[2]
			return nil
		}
		f.phase = "pieces"
		f.cursor, err = tx.Head()
		return err
	})
}

func (f *follower) pieces(ctx context.Context) error {
	prefix := f.command + "."
	if f.node != "" {
		prefix += f.node + "/"
	}
	return f.s.st.View(ctx, func(tx *store.Tx) error {
		f.out.Output, f.out.Done = nil, false
		some, err := pieces.List(tx, f.scope, under(prefix, store.Page{After: f.after, Limit: mostNews}))
		for _, p := range some {
			f.take(p)
			f.after = pieces.Key(p)
		}
		if len(some) < mostNews {
			f.phase, f.after = "invocations", ""
		}
		return err
	})
}

func (f *follower) invocations(ctx context.Context) error {
	return f.s.st.View(ctx, func(tx *store.Tx) error {
		f.out.Output, f.out.Ended, f.out.Done = nil, nil, false
		c, err := findCommand(tx, f.scope, f.command)
		if err != nil {
			return err
		}
		if f.node != "" {
			i, err := c.invocation(tx, f.scope, f.node)
			if err != nil {
				return err
			}
			f.show(i)
			f.phase = "feed"
			return nil
		}
		some, err := invocations.List(tx, f.scope, c.all(store.Page{After: f.after, Limit: mostNews}))
		for _, i := range some {
			f.show(i)
			f.after = invocations.Key(i)
		}
		if len(some) < mostNews {
			f.phase, f.after = "feed", ""
		}
		return err
	})
}

// feed reads what has changed. A feed that has gone on without this reader
// means to begin anew: the reader knows what it has.
func (f *follower) feed(ctx context.Context) error {
	changes, err := f.s.st.Changes(ctx, f.cursor, newsRead, InvocationsTable, outputTable)
	if errors.Is(err, store.ErrTrimmed) {
		f.phase, f.out.Done = "pieces", false
		return f.s.st.View(ctx, func(tx *store.Tx) (err error) {
			f.cursor, err = tx.Head()
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("read what has changed of command %s: %w", f.command, err)
	}
	f.out.Done = f.out.Done && len(changes) < newsRead
	return f.s.st.View(ctx, func(tx *store.Tx) error {
		f.out.Output, f.out.Ended = nil, nil
		for _, c := range changes {
			if len(f.out.Output)+len(f.out.Ended) >= mostNews {
				f.out.Done = false
				return nil
			}
			if err := f.change(tx, c); err != nil {
				return err
			}
			f.cursor = c.Cursor
		}
		return nil
	})
}

func (f *follower) change(tx *store.Tx, c store.Change) error {
	if c.Scope != f.scope || c.Deleted || !strings.Contains(c.Key, f.command+"."+f.node) {
		return nil
	}
	if c.Table == outputTable {
		p, err := pieces.Get(tx, f.scope, c.Key)
		if err == nil && p.Command == f.command && (f.node == "" || p.Node == f.node) {
			f.take(p)
		}
		return ignoreMissing(err)
	}
	i, err := invocations.Get(tx, f.scope, c.Key)
	if err == nil && i.Command == f.command && (f.node == "" || i.Node == f.node) {
		f.show(i)
	}
	return ignoreMissing(err)
}

func ignoreMissing(err error) error {
	if missing(err) {
		return nil
	}
	return err
}

func (f *follower) take(p *piece) {
	f.out.Output = append(f.out.Output, Written{p.Node, p.Step, p.Stream, p.Offset, p.Data})
}

// show tells of an invocation what its node reported: the output of steps that
// have ended, and its end.
func (f *follower) show(i *invocation) {
	code := 0
	for _, name := range slices.Sorted(maps.Keys(i.Steps)) {
		step := i.Steps[name]
		if !finished(step.Status) {
			continue
		}
		code = max(code, step.Code)
		for n, text := range []string{step.Stdout, step.Stderr} {
			if text != "" {
				f.out.Output = append(f.out.Output, Written{Node: i.Node, Step: name, Stream: []string{"stdout", "stderr"}[n], Data: []byte(text)})
			}
		}
	}
	if i.over() {
		f.out.Ended = append(f.out.Ended, Ended{Node: i.Node, Status: string(i.status()), Details: i.Details, Code: code})
	}
}
