package cloudwatchlogs

import (
	"slices"

	"tamachi/internal/store"
)

// backward returns the last events of a stream before a place, in order: at
// most limit, and bytes unless one is larger alone. from is the oldest time.
func backward(tx *store.Tx, g *group, stream string, from int64, before place, limit, bytes int) ([]event, error) {
	p := store.Page{Min: chunksFrom(g.ID, minuteOf(from)), Max: chunksFrom(g.ID, before.At+1), Limit: chunksAtOnce, Descending: true}
	t := &tail{limit: limit, bytes: bytes}
	for {
		list, err := chunks.By(tx, g.scope(), "Stream", stream, p)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if t.full() && minuteOf(c.First) < t.minute {
				return t.trim(), nil // all that is left is older
			}
			t.minute = minuteOf(c.First)
			for i := range c.Messages {
				if e := c.event(i); e.At >= from && e.compare(before) < 0 {
					t.add(e)
				}
			}
		}
		if len(list) < p.Limit {
			return t.trim(), nil
		}
		p.After = chunks.Key(list[len(list)-1])
	}
}

// tail keeps the newest of the events that it is given.
type tail struct {
	limit, bytes int
	minute       int64 // the one that is being read
	list         []event
	size         int
}

func (t *tail) full() bool { return len(t.list) >= t.limit || t.size >= t.bytes }

// add adds an event. What is too much goes when it is twice too much, so that
// a busy minute does not fill the memory.
func (t *tail) add(e event) {
	t.list = append(t.list, e)
	t.size += e.size()
	if len(t.list) > 2*t.limit+64 || t.size > 4*t.bytes {
		t.trim()
	}
}

func (t *tail) trim() []event {
	slices.SortFunc(t.list, func(a, b event) int { return a.compare(b.place) })
	keep, size := 0, 0
	for i := len(t.list) - 1; i >= 0 && keep < t.limit; i-- {
		if size += t.list[i].size(); size > t.bytes && keep > 0 {
			size -= t.list[i].size()
			break
		}
		keep++
	}
	t.list, t.size = slices.Clone(t.list[len(t.list)-keep:]), size
	return t.list
}
