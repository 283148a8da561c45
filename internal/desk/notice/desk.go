package notice

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/clock"
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

// Why a post did not go out.
var (
	// ErrNowhere is a post that nobody would get: the settings name no channel,
	// address or outbox for it.
	ErrNowhere = errors.New("nowhere to send it: the settings have no channel, address or outbox for it (slack, mail, outbox, channels, people)")
	// ErrLater is a post that is kept, and sent again with the next one, by tamachi
	// notice digest and by tamachi notice serve.
	ErrLater = errors.New("kept, and sent again later")
)

// Send says a post, or keeps it for the morning where it can wait. It is written
// down before it is sent, so what a crash or a silent server holds up goes out
// later. An error that is notify.ErrRefused alone is of a reader who will never
// get it; the others have.
func (d *Desk) Send(ctx context.Context, p notify.Post) error {
	if p.ID == "" || p.What[0] == "" || p.What[1] == "" {
		return errors.New("a post needs an id and what it says, in both languages")
	}
	if len(d.places(p)) == 0 {
		return ErrNowhere
	}
	l, err := d.look()
	if err != nil || l.done[p.ID] {
		return err
	}
	now := d.Clock.Now()
	state := owed
	if !p.Urgent && d.Settings.QuietAt(now) {
		state = waits
	}
	if _, known := l.posts[p.ID]; !known {
		if err := d.note(ctx, l, kept{At: now, State: state, ID: p.ID, Post: &p}); err != nil {
			return err
		}
	}
	if state == waits {
		return nil
	}
	return d.turn(ctx, func(l *ledger) error {
		if l.done[p.ID] {
			return nil // another process took it along
		}
		if err := d.deliver(ctx, l, p); err != nil {
			return err
		}
		d.along(ctx, l)
		return nil
	})
}

// Said tells whether a post went out to all its places.
func (d *Desk) Said(_ context.Context, id string) (bool, error) {
	l, err := d.look()
	if err != nil {
		return false, err
	}
	return l.done[id], nil
}

// Taken tells whether a post went out to all its places, or is kept to go out.
func (d *Desk) Taken(_ context.Context, id string) (bool, error) {
	l, err := d.look()
	if err != nil {
		return false, err
	}
	_, kept := l.posts[id]
	return l.done[id] || kept, nil
}

// deliver sends a post to each place that has not had it.
func (d *Desk) deliver(ctx context.Context, l *ledger, p notify.Post) error {
	var silent, refused []error
	for _, at := range d.places(p) {
		if l.said[p.ID+" "+at.name] {
			continue
		}
		id, err := d.send(ctx, l, p, at)
		k := kept{At: d.Clock.Now(), State: sent, ID: p.ID, Place: at.name, Thread: p.Thread, Chat: id}
		switch {
		case errors.Is(err, notify.ErrRefused):
			k.State, k.Note = lost, err.Error()
			refused = append(refused, fmt.Errorf("%s: %w", at.name, err))
		case err != nil:
			silent = append(silent, fmt.Errorf("%s: %w", at.name, err))
			continue
		}
		if err := d.note(ctx, l, k); err != nil {
			return err
		}
	}
	if len(silent) > 0 {
		return errors.Join(append([]error{ErrLater}, append(silent, refused...)...)...)
	}
	if err := d.note(ctx, l, kept{At: d.Clock.Now(), State: sent, ID: p.ID}); err != nil {
		return err
	}
	return errors.Join(refused...)
}

// along takes along what could not go before, since now something went. It ends
// at the first that still cannot.
func (d *Desk) along(ctx context.Context, l *ledger) {
	quiet := d.Settings.QuietAt(d.Clock.Now())
	for _, s := range l.open(owed) {
		if quiet && !s.post.Urgent {
			continue
		}
		if d.deliver(ctx, l, s.post) != nil {
			return // it is in the ledger; tamachi notice list shows it
		}
	}
}

// patience is how long a post is tried.
// Source: RFC 5321, 4.5.4.1: the give-up time generally needs to be at least 4-5
// days.
const patience = 5 * 24 * time.Hour

// Retry sends what could not go before, and returns how many posts went.
func (d *Desk) Retry(ctx context.Context) (n int, err error) {
	err = d.turn(ctx, func(l *ledger) (err error) { n, err = d.retry(ctx, l); return err })
	return n, err
}

func (d *Desk) retry(ctx context.Context, l *ledger) (n int, err error) {
	now := d.Clock.Now()
	quiet := d.Settings.QuietAt(now)
	var failed []error
	for _, s := range l.open(owed) {
		if quiet && !s.post.Urgent {
			continue
		}
		err := d.deliver(ctx, l, s.post)
		if errors.Is(err, ErrLater) && now.Sub(s.at) > patience {
			err = errors.Join(err, d.giveUp(ctx, l, s.post, err))
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", s.post.ID, err))
		} else {
			n++
		}
	}
	return n, errors.Join(failed...)
}

// giveUp ends the tries for a post: each place that has not had it is noted, and
// listed for some days.
func (d *Desk) giveUp(ctx context.Context, l *ledger, p notify.Post, why error) error {
	now := d.Clock.Now()
	for _, at := range d.places(p) {
		if l.said[p.ID+" "+at.name] {
			continue
		}
		if err := d.note(ctx, l, kept{At: now, State: given, ID: p.ID, Place: at.name, Note: why.Error()}); err != nil {
			return err
		}
	}
	return d.note(ctx, l, kept{At: now, State: sent, ID: p.ID})
}
