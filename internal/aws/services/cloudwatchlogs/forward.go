package cloudwatchlogs

import (
	"container/heap"

	"tamachi/internal/store"
)

// span is a part of a group's events: those of some streams, or of all.
type span struct {
	group   *group
	streams []string // IDs; none means all
	to      int64    // events before this time, in milliseconds
}

// chunksAtOnce is how many chunks a feed reads at a time.
const chunksAtOnce = 16

// forward visits the events from a place on, in order, until visit returns
// false. Chunks are read as their time comes: those that are open at one moment
// are of one minute.
func (s span) forward(tx *store.Tx, from place, visit func(e event) bool) error {
	var feeds []*feed
	for _, id := range s.streams {
		feeds = append(feeds, s.feed(tx, id, from))
	}
	if len(s.streams) == 0 {
		feeds = append(feeds, s.feed(tx, "", from))
	}
	var open opened
	for {
		if err := s.open(&open, feeds, from); err != nil || len(open) == 0 {
			return err
		}
		top := open[0]
		if e := top.event(); e.At >= s.to || !visit(e) {
			return nil
		}
		if top.index++; top.index == len(top.Messages) {
			heap.Pop(&open)
			continue
		}
		heap.Fix(&open, 0)
	}
}

// open opens all chunks that may hold the next event.
func (s span) open(open *opened, feeds []*feed, from place) error {
	for {
		var least *feed
		for _, f := range feeds {
			if err := f.fill(); err != nil {
				return err
			}
			if len(f.list) > 0 && (least == nil || f.list[0].First < least.list[0].First) {
				least = f
			}
		}
		if least == nil || len(*open) > 0 && least.list[0].First > (*open)[0].event().At {
			return nil
		}
		c := &cursor{chunk: least.list[0]}
		least.list = least.list[1:]
		for c.index < len(c.Messages) && c.event().compare(from) < 0 {
			c.index++
		}
		if c.index < len(c.Messages) {
			heap.Push(open, c)
		}
	}
}

// feed reads the chunks of a stream, or of a group, in the order of their first
// events.
type feed struct {
	tx     *store.Tx
	group  *group
	stream string
	page   store.Page
	list   []*chunk
	done   bool
}

func (s span) feed(tx *store.Tx, id string, from place) *feed {
	return &feed{tx: tx, group: s.group, stream: id, page: store.Page{
		Min: chunksFrom(s.group.ID, minuteOf(from.At)), Max: chunksFrom(s.group.ID, s.to), Limit: chunksAtOnce,
	}}
}

func (f *feed) fill() (err error) {
	if len(f.list) > 0 || f.done {
		return nil
	}
	if f.stream == "" {
		f.list, err = chunks.List(f.tx, f.group.scope(), f.page)
	} else {
		f.list, err = chunks.By(f.tx, f.group.scope(), "Stream", f.stream, f.page)
	}
	f.done = len(f.list) < f.page.Limit
	if len(f.list) > 0 {
		f.page.After = chunks.Key(f.list[len(f.list)-1])
	}
	return err
}

// cursor is a chunk that is being read.
type cursor struct {
	*chunk
	index int
}

func (c *cursor) event() event { return c.chunk.event(c.index) }

// opened is a heap of cursors by their next event.
type opened []*cursor

// Len is part of heap.Interface, as the methods below.
func (o opened) Len() int { return len(o) }

// Less orders cursors.
func (o opened) Less(i, j int) bool { return o[i].event().compare(o[j].event().place) < 0 }

// Swap swaps two cursors.
func (o opened) Swap(i, j int) { o[i], o[j] = o[j], o[i] }

// Push adds a cursor.
func (o *opened) Push(x any) { *o = append(*o, x.(*cursor)) }

// Pop takes the last cursor.
func (o *opened) Pop() any {
	old := *o
	last := old[len(old)-1]
	*o = old[:len(old)-1]
	return last
}
