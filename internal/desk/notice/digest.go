package notice

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"tamachi/internal/desk/report"
	"tamachi/internal/notify"
)

// Digest says what waits as one post for each place, sends what could not go
// before, and returns how many posts went.
func (d *Desk) Digest(ctx context.Context) (n int, err error) {
	err = d.turn(ctx, func(l *ledger) error {
		var again int
		n, err = d.digest(ctx, l)
		again, failed := d.retry(ctx, l)
		n += again
		return errors.Join(err, failed)
	})
	return n, err
}

func (d *Desk) digest(ctx context.Context, l *ledger) (int, error) {
	byPlace := map[place][]notify.Post{}
	var order []place
	waiting := l.open(waits)
	for _, s := range waiting {
		for _, at := range d.places(s.post) {
			if l.said[s.post.ID+" "+at.name] {
				continue
			}
			if byPlace[at] == nil {
				order = append(order, at)
			}
			byPlace[at] = append(byPlace[at], s.post)
		}
	}
	var failed []error
	for _, at := range order {
		if err := d.several(ctx, l, byPlace[at], at); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", at.name, err))
		}
	}
	n := 0
	for _, s := range waiting {
		if !d.everywhere(l, s.post) {
			continue
		}
		n++
		if err := d.note(ctx, l, kept{At: d.Clock.Now(), State: sent, ID: s.post.ID}); err != nil {
			return n, err
		}
	}
	return n, errors.Join(failed...)
}

// everywhere tells whether each place has had a post, or refused it.
func (d *Desk) everywhere(l *ledger, p notify.Post) bool {
	for _, at := range d.places(p) {
		if !l.said[p.ID+" "+at.name] {
			return false
		}
	}
	return true
}

// several sends posts as one. Those with buttons to click stay as they are,
// for a click belongs to one of them.
func (d *Desk) several(ctx context.Context, l *ledger, all []notify.Post, at place) error {
	var plain []notify.Post
	var failed []error
	for _, p := range all {
		if at.by != byChat || len(p.Buttons) == 0 || !d.clickable() {
			plain = append(plain, p)
			continue
		}
		if err := d.sendAll(ctx, l, p, at, p); err != nil {
			failed = append(failed, err)
		}
	}
	if len(plain) > 0 {
		failed = append(failed, d.sendAll(ctx, l, together(plain), at, plain...))
	}
	return errors.Join(failed...)
}

// sendAll sends one post and writes down that those in it were said.
func (d *Desk) sendAll(ctx context.Context, l *ledger, one notify.Post, at place, all ...notify.Post) error {
	id, err := d.send(ctx, l, one, at)
	refused := errors.Is(err, notify.ErrRefused)
	if err != nil && !refused {
		return err
	}
	for _, p := range all {
		k := kept{At: d.Clock.Now(), State: sent, ID: p.ID, Place: at.name}
		if len(all) == 1 {
			k.Thread, k.Chat = p.Thread, id
		}
		if refused {
			k.State, k.Note = lost, err.Error()
		}
		if err := d.note(ctx, l, k); err != nil {
			return err
		}
	}
	return err
}

// together makes one post of several. A single one stays as it is.
func together(all []notify.Post) notify.Post {
	if len(all) == 1 {
		return all[0]
	}
	ids := sha256.New()
	one := notify.Post{What: both(text.Digest, "n", len(all))}
	for _, p := range all {
		fmt.Fprintf(ids, "%q ", p.ID)
		for i, lang := range []report.Lang{report.English, report.Japanese} {
			one.What[i] += "\n- " + strings.ReplaceAll(body(p, lang), "\n", "\n  ")
		}
	}
	one.ID = "digest-" + hex.EncodeToString(ids.Sum(nil)[:8])
	return one
}
