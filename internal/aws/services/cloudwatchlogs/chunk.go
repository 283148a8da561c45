package cloudwatchlogs

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"tamachi/internal/store"
)

// chunk is the stored form of events: those of one batch in one stream and one
// minute, in the order in which they were given.
type chunk struct {
	Group    string
	Stream   string
	Seq      int64 // number in the stream
	First    int64 // time of the first event, in milliseconds
	Ingested int64
	Offsets  []int64 // of the events' times from First
	Messages []string
}

// chunks lie under their group, in the order of time: a group is read by the
// range of keys, a stream by its index.
var chunks = store.Table[chunk]{
	Name: "logs.chunks", Reach: store.Regional,
	Key: func(c *chunk) string {
		return fmt.Sprintf("%s/%s/%012d", chunksFrom(c.Group, c.First), c.Stream, c.Seq)
	},
	Indexes: map[string]func(*chunk) string{"Stream": func(c *chunk) string { return c.Stream }},
}

// minute is what a chunk never crosses, in milliseconds.
const minute = 60_000

func minuteOf(ms int64) int64 { return ms - ms%minute }

// chunksFrom is less than the keys of a group's chunks that begin at a time or
// later, and greater than all others of it.
func chunksFrom(group string, ms int64) string { return fmt.Sprintf("%s/%015d", group, max(ms, 0)) }

// chunksBefore is the part of a group's chunks that begin before a time.
func chunksBefore(group string, ms int64) store.Page {
	return store.Page{Min: chunksFrom(group, 0), Max: chunksFrom(group, ms)}
}

// eventOverhead is what an event costs beside its message.
// Source: CloudWatch Logs API Reference, "PutLogEvents".
const eventOverhead = 26

func (c *chunk) bytes() (n int64) {
	for _, m := range c.Messages {
		n += int64(len(m)) + eventOverhead
	}
	return n
}

// event is one event of a chunk.
type event struct {
	place
	Ingested int64
	Message  string
}

func (e *event) size() int { return len(e.Message) + eventOverhead }

func (c *chunk) event(i int) event {
	return event{place{c.First + c.Offsets[i], c.Stream, c.Seq, i}, c.Ingested, c.Messages[i]}
}

// place orders events: by time, then by stream, then as they were stored. As a
// cut it stands before the event that is there, or would be.
type place struct {
	At     int64
	Stream string
	Seq    int64
	Index  int
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.At, q.At), strings.Compare(p.Stream, q.Stream), cmp.Compare(p.Seq, q.Seq), cmp.Compare(p.Index, q.Index))
}

// next is the cut behind the event at the place.
func (p place) next() place {
	p.Index++
	return p
}

func (p place) String() string { return fmt.Sprintf("%d/%s/%d/%d", p.At, p.Stream, p.Seq, p.Index) }

func parsePlace(text string) (p place, ok bool) {
	part := strings.Split(text, "/")
	if len(part) != 4 {
		return p, false
	}
	at, err1 := strconv.ParseInt(part[0], 10, 64)
	seq, err2 := strconv.ParseInt(part[2], 10, 64)
	index, err3 := strconv.Atoi(part[3])
	return place{at, part[1], seq, index}, err1 == nil && err2 == nil && err3 == nil
}

// eventID is the id of the event: digits that sort as events do, as on AWS.
func (p place) eventID() string {
	number, _ := strconv.ParseUint(p.Stream, 16, 64) // a stream's ID is 16 hexadecimal digits
	return fmt.Sprintf("%015d%020d%015d%06d", p.At, number, p.Seq, p.Index)
}

func sequence(st *stream) string { return fmt.Sprintf("4%055d", st.Seq) }
