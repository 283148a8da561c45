package notice

import (
	"context"
	"errors"
	"time"
)

// What the ledger remembers of a post that is done. That it was said is kept for
// longest, so that a plan which is gone on with after weeks says nothing twice;
// what it said only as long as notice list may name it.
const (
	rememberWords = recently
	rememberDone  = 90 * 24 * time.Hour
)

// mostLines is how long the file gets before somebody looks whether it could be
// shorter. Of a team that writes a hundred posts a day it is a week.
const mostLines = 2000

// long tells of a ledger of which a quarter and more could be forgotten.
func (l *ledger) long(now time.Time) bool {
	return len(l.all) >= mostLines && len(remembered(l.all, now)) <= len(l.all)*3/4
}

// forget makes the ledger shorter. It is called in a turn; others add to the ledger
// meanwhile, before the file is taken or after it is put back.
func (d *Desk) forget(ctx context.Context) (*ledger, error) {
	j, lines, err := await(ctx, d.Shelf.Folder(file))
	if err != nil {
		return nil, err
	}
	all, err := parse(lines)
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	if err := j.Replace(remembered(all, d.Clock.Now())...); err != nil {
		return nil, err
	}
	return d.look()
}

// remembered are the lines that are still wanted, in their order: all of posts that
// are not done, of others what is not too old, and the beginning of each thread
// that goes on.
func remembered(all []kept, now time.Time) []any {
	m := memory{now: now, posted: map[string]bool{}, done: map[string]time.Time{}, alive: map[string]bool{}}
	for _, k := range all {
		m.posted[k.ID] = m.posted[k.ID] || k.Post != nil
		if k.ends() {
			m.done[k.ID] = k.At
		}
	}
	for _, k := range all {
		thread := k.Thread
		if k.Post != nil {
			thread = k.Post.Thread
		}
		m.alive[thread] = m.alive[thread] || m.wants(k) || now.Sub(k.At) < rememberDone
	}
	begun := map[[2]string]bool{}
	var left []any
	for _, k := range all {
		thread := [2]string{k.Thread, k.Place}
		begins := k.State == sent && k.Thread != "" && k.Chat != "" && !begun[thread]
		begun[thread] = begun[thread] || begins
		if m.wants(k) || begins && m.alive[k.Thread] {
			left = append(left, k)
		}
	}
	return left
}

// ends tells of the line that says that a post went everywhere.
func (k *kept) ends() bool { return k.State == sent && k.Place == "" }

// memory is what decides which lines are wanted.
type memory struct {
	now    time.Time
	posted map[string]bool      // by id: the post itself is there
	done   map[string]time.Time // by id
	alive  map[string]bool      // by thread
}

func (m *memory) wants(k kept) bool {
	at, over := m.done[k.ID]
	switch {
	case !over && m.posted[k.ID]:
		return true
	case k.ends():
		return m.now.Sub(at) < rememberDone
	case !over:
		at = k.At // the beginning of a thread whose post is long forgotten
	}
	return m.now.Sub(at) < rememberWords
}
