package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// kept is a line of the ledger.
type kept struct {
	At     time.Time    `json:"at"`
	State  string       `json:"state"`
	Post   *notify.Post `json:"post,omitempty"`
	ID     string       `json:"id"`
	Place  string       `json:"place,omitempty"`  // a channel, member or address; "" is all of them
	Thread string       `json:"thread,omitempty"` // of the incident
	Chat   string       `json:"chat,omitempty"`   // id of the message that began the thread
	Note   string       `json:"note,omitempty"`   // why it never got there
}

// The states of a line.
const (
	waits = "waits" // for the morning
	owed  = "owed"  // to be sent at once
	sent  = "sent"
	lost  = "refused" // a place will never take it
	given = "given up"
)

// standing is a post that has not gone everywhere.
type standing struct {
	post  notify.Post
	state string
	at    time.Time
}

// ledger is what was said and what is still to be said.
type ledger struct {
	said    map[string]bool      // by id and place
	lost    []kept               // what a place refused, or what was given up there
	threads map[[2]string]string // by thread and place
	posts   map[string]*standing // by id, those that are done too
	order   []string             // their ids
	done    map[string]bool
	all     []kept // of the file
}

const file = "notices.jsonl"

// look reads the ledger, while others may be writing it.
func (d *Desk) look() (*ledger, error) {
	lines, err := shelf.Lines(d.Shelf.Folder(file))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the notices: %w", err)
	}
	all, err := parse(lines)
	if err != nil {
		return nil, err
	}
	l := &ledger{said: map[string]bool{}, threads: map[[2]string]string{}, posts: map[string]*standing{}, done: map[string]bool{}, all: all}
	for _, k := range all {
		l.read(k)
	}
	return l, nil
}

func parse(lines [][]byte) ([]kept, error) {
	all := make([]kept, len(lines))
	for i, b := range lines {
		if err := json.Unmarshal(b, &all[i]); err != nil {
			return nil, fmt.Errorf("notices, line %d: %w", i+1, err)
		}
	}
	return all, nil
}

func (l *ledger) read(k kept) {
	switch {
	case (k.State == waits || k.State == owed) && k.Post != nil:
		if _, twice := l.posts[k.ID]; !twice {
			l.order = append(l.order, k.ID)
			l.posts[k.ID] = &standing{*k.Post, k.State, k.At}
		}
	case k.State == sent && k.Place == "":
		l.done[k.ID] = true
	case k.State == lost || k.State == given:
		l.lost = append(l.lost, k)
		l.said[k.ID+" "+k.Place] = true
	case k.State == sent:
		l.said[k.ID+" "+k.Place] = true
		if k.Thread != "" && k.Chat != "" {
			if _, begun := l.threads[[2]string{k.Thread, k.Place}]; !begun {
				l.threads[[2]string{k.Thread, k.Place}] = k.Chat
			}
		}
	}
}

// open are the posts of a state that have not gone everywhere, in their order.
func (l *ledger) open(state string) []*standing {
	var out []*standing
	for _, id := range l.order {
		if s := l.posts[id]; s.state == state && !l.done[id] {
			out = append(out, s)
		}
	}
	return out
}

// note writes a line down and reads it into l.
func (d *Desk) note(ctx context.Context, l *ledger, k kept) error {
	j, err := d.hold(ctx, file)
	if err != nil {
		return err
	}
	defer j.Close()
	if err := j.Append(k); err != nil {
		return err
	}
	l.read(k)
	return nil
}

// turn is one process's turn to send: the posts that others write down meanwhile
// they send after it, and what it has sent they see.
func (d *Desk) turn(ctx context.Context, do func(*ledger) error) error {
	lock, err := d.hold(ctx, "notices.turn.jsonl")
	if errors.Is(err, shelf.ErrInUse) {
		return fmt.Errorf("%w: %w", ErrLater, err)
	}
	if err != nil {
		return err
	}
	defer lock.Close()
	l, err := d.look()
	if err == nil && l.long(d.Clock.Now()) {
		l, err = d.forget(ctx)
	}
	if err != nil {
		return err
	}
	return do(l)
}

// hold takes a file of the shelf for this process; another one's turn is over
// within a minute, mostly.
func (d *Desk) hold(ctx context.Context, name string) (*shelf.Journal, error) {
	path := d.Shelf.Folder(name)
	if err := shelf.Create(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("keep notices: %w", err)
	}
	j, _, err := await(ctx, path)
	return j, err
}

func await(ctx context.Context, path string) (*shelf.Journal, [][]byte, error) {
	for tries := 0; ; tries++ {
		j, lines, err := shelf.Open(path)
		if !errors.Is(err, shelf.ErrInUse) || tries == 600 {
			return j, lines, err
		}
		if err := account.Pause(ctx, 100*time.Millisecond); err != nil {
			return nil, nil, err
		}
	}
}
