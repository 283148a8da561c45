package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// Senders are the ways out; nil where the settings have none.
type Senders struct {
	Chat notify.Chat
	Mail notify.Sender
	File notify.Sender
}

// Desk sends posts.
type Desk struct {
	Settings *settings.Settings
	Senders  Senders
	Shelf    shelf.Shelf
	Clock    clock.Clock
}

// ErrNowhere is a post that nobody would get: the settings name no channel,
// address or outbox for it.
var ErrNowhere = errors.New("nowhere to send it: the settings have no channel, address or outbox for it (slack, mail, outbox, channels, people)")

// kept is a line of the ledger.
type kept struct {
	At     time.Time    `json:"at"`
	State  string       `json:"state"` // waits, sent
	Post   *notify.Post `json:"post,omitempty"`
	ID     string       `json:"id"`
	Place  string       `json:"place,omitempty"`  // where it was sent: a channel, member or address
	Thread string       `json:"thread,omitempty"` // of the incident
	Chat   string       `json:"chat,omitempty"`   // id of the message that began the thread
}

const (
	waits = "waits"
	sent  = "sent"
)

// ledger is what was said, and what waits for the morning.
type ledger struct {
	journal *shelf.Journal
	said    map[string]bool        // by id and place
	threads map[[2]string]string   // by thread and place
	waiting []notify.Post          // in their order
	done    map[string]bool        // ids said everywhere, or digested
	seen    map[string]notify.Post // that wait or waited
}

// open takes the ledger for this process; another one's turn is short.
func (d *Desk) open(ctx context.Context) (*ledger, error) {
	path := d.Shelf.Folder("notices.jsonl")
	if err := shelf.Create(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("keep notices: %w", err)
	}
	for tries := 0; ; tries++ {
		j, lines, err := shelf.Open(path)
		if errors.Is(err, shelf.ErrInUse) && tries < 100 {
			if err := account.Pause(ctx, 100*time.Millisecond); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		l := &ledger{journal: j, said: map[string]bool{}, threads: map[[2]string]string{}, done: map[string]bool{}, seen: map[string]notify.Post{}}
		for i, b := range lines {
			var k kept
			if err := json.Unmarshal(b, &k); err != nil {
				return nil, errors.Join(fmt.Errorf("notices, line %d: %w", i+1, err), j.Close())
			}
			l.read(k)
		}
		return l, nil
	}
}

func (l *ledger) read(k kept) {
	switch {
	case k.State == waits && k.Post != nil:
		if _, twice := l.seen[k.ID]; !twice {
			l.waiting = append(l.waiting, *k.Post)
		}
		l.seen[k.ID] = *k.Post
	case k.State == sent && k.Place == "":
		l.done[k.ID] = true
	case k.State == sent:
		l.said[k.ID+" "+k.Place] = true
		if k.Thread != "" && k.Chat != "" {
			if _, begun := l.threads[[2]string{k.Thread, k.Place}]; !begun {
				l.threads[[2]string{k.Thread, k.Place}] = k.Chat
			}
		}
	}
}

func (l *ledger) note(k kept) error {
	if err := l.journal.Append(k); err != nil {
		return err
	}
	l.read(k)
	return nil
}

// Send says a post, or keeps it for the morning where it can wait.
func (d *Desk) Send(ctx context.Context, p notify.Post) error {
	if p.ID == "" || p.What[0] == "" || p.What[1] == "" {
		return errors.New("a post needs an id and what it says, in both languages")
	}
	if len(d.places(p)) == 0 {
		return ErrNowhere
	}
	l, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer l.journal.Close()
	if l.done[p.ID] {
		return nil
	}
	now := d.Clock.Now()
	if !p.Urgent && d.Settings.QuietAt(now) {
		if _, waiting := l.seen[p.ID]; waiting {
			return nil
		}
		return l.note(kept{At: now, State: waits, ID: p.ID, Post: &p})
	}
	return d.deliver(ctx, l, p)
}

// Said tells whether a post went out to all its places.
func (d *Desk) Said(ctx context.Context, id string) (bool, error) {
	l, err := d.open(ctx)
	if err != nil {
		return false, err
	}
	defer l.journal.Close()
	return l.done[id], nil
}

// deliver sends a post to each place that has not had it.
func (d *Desk) deliver(ctx context.Context, l *ledger, p notify.Post) error {
	var failed []error
	for _, at := range d.places(p) {
		if l.said[p.ID+" "+at.name] {
			continue
		}
		id, err := d.send(ctx, l, p, at)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if err := l.note(kept{At: d.Clock.Now(), State: sent, ID: p.ID, Place: at.name, Thread: p.Thread, Chat: id}); err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	return l.note(kept{At: d.Clock.Now(), State: sent, ID: p.ID})
}

// Digest says what waits as one post for each place, and returns how many posts
// that were.
func (d *Desk) Digest(ctx context.Context) (int, error) {
	l, err := d.open(ctx)
	if err != nil {
		return 0, err
	}
	defer l.journal.Close()
	byPlace := map[place][]notify.Post{}
	var order []place
	n := 0
	for _, p := range l.waiting {
		if l.done[p.ID] {
			continue
		}
		n++
		for _, at := range d.places(p) {
			if l.said[p.ID+" "+at.name] {
				continue
			}
			if byPlace[at] == nil {
				order = append(order, at)
			}
			byPlace[at] = append(byPlace[at], p)
		}
	}
	var failed []error
	for _, at := range order {
		if err := d.several(ctx, l, byPlace[at], at); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) > 0 {
		return n, errors.Join(failed...)
	}
	for _, p := range l.waiting {
		if !l.done[p.ID] {
			if err := l.note(kept{At: d.Clock.Now(), State: sent, ID: p.ID}); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// several sends posts as one. Those with buttons to click stay as they are,
// for a click belongs to one of them.
func (d *Desk) several(ctx context.Context, l *ledger, all []notify.Post, at place) error {
	var plain []notify.Post
	for _, p := range all {
		if at.by != byChat || len(p.Buttons) == 0 || !d.clickable() {
			plain = append(plain, p)
			continue
		}
		if err := d.sendAll(ctx, l, p, at, p); err != nil {
			return err
		}
	}
	if len(plain) == 0 {
		return nil
	}
	return d.sendAll(ctx, l, together(plain), at, plain...)
}

// sendAll sends one post and writes down that those in it were said.
func (d *Desk) sendAll(ctx context.Context, l *ledger, one notify.Post, at place, all ...notify.Post) error {
	if _, err := d.send(ctx, l, one, at); err != nil {
		return err
	}
	for _, p := range all {
		if err := l.note(kept{At: d.Clock.Now(), State: sent, ID: p.ID, Place: at.name}); err != nil {
			return err
		}
	}
	return nil
}

// together makes one post of several. A single one stays as it is.
func together(all []notify.Post) notify.Post {
	if len(all) == 1 {
		return all[0]
	}
	one := notify.Post{ID: "digest-" + all[0].ID, What: both(text.Digest, "n", len(all))}
	for i, lang := range []report.Lang{report.English, report.Japanese} {
		for _, p := range all {
			one.What[i] += "\n- " + strings.ReplaceAll(body(p, lang), "\n", "\n  ")
		}
	}
	return one
}
