package gateway

import (
	"container/list"
	"slices"
	"sync"
)

const (
	// roomy is how much of one direction may be on its way before the gateway
	// reads its sender more slowly. Our own agent never reaches it.
	roomy = 3 << 20
	// mostOnWay bounds what one direction keeps. It is more than the 10,000
	// messages of 1,024 bytes that plugin and SSM Agent keep themselves; what
	// exceeds it is dropped, and its sender says it again.
	mostOnWay = 14 << 20
	// mostParcels bounds how many messages that are, since small ones cost more
	// than their bytes.
	mostParcels = 20_000
	// mostSpans bounds what is remembered of acknowledgements. They are nearly
	// always one span.
	mostSpans = 256
	// deaf is after how many repetitions a message is taken for one that its
	// receiver has had, when it acknowledged a later one: plugins ignore
	// repetitions in silence.
	deaf = 8
)

// lane is one direction of a session: the messages that one side sent and the
// other has not acknowledged, oldest first.
type lane struct {
	shelf  *shelf
	mu     sync.Mutex
	onWay  *list.List              // guarded by mu; of *parcel
	known  map[int64]*list.Element // guarded by mu; by sequence number
	next   *list.Element           // guarded by mu; the first not sent on this connection
	again  []*parcel               // guarded by mu; to be sent once more
	bytes  int                     // guarded by mu
	acked  []span                  // guarded by mu; ascending
	ready  chan struct{}           // holds one when there may be something to send
	shrunk chan struct{}           // holds one when something was acknowledged
}

// parcel is a message as its sender wrote it.
type parcel struct {
	number int64
	body   []byte
	sent   int
	before bool // it was sent on an earlier connection
}

// span is a range of sequence numbers, both ends included.
type span struct{ first, last int64 }

func newLane(s *shelf) *lane {
	return &lane{
		shelf: s,
		onWay: list.New(), known: map[int64]*list.Element{},
		ready: make(chan struct{}, 1), shrunk: make(chan struct{}, 1),
	}
}

func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// put takes a message from its sender, and its body for good. It answers whether the receiver has it
// already, so that the sender must be told again. An unknown message of a full
// lane is dropped.
func (l *lane) put(number int64, body []byte) (had bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isAcked(number) {
		return true
	}
	if e := l.known[number]; e != nil {
		return l.repeat(e)
	}
	if l.bytes+cap(body) > mostOnWay || len(l.known) >= mostParcels {
		return false
	}
	e := l.onWay.PushBack(&parcel{number: number, body: body})
	l.known[number] = e
	l.bytes += cap(body)
	if l.next == nil {
		l.next = e
	}
	ring(l.ready)
	return false
}

// repeat sends a message again that its sender says again, unless its receiver
// must have had it.
func (l *lane) repeat(e *list.Element) (had bool) {
	p := e.Value.(*parcel)
	if p.sent >= deaf && l.ackedAfter(p.number) {
		l.remove(e)
		l.note(p.number)
		return true
	}
	if p.sent > 0 && !slices.Contains(l.again, p) {
		l.again = append(l.again, p)
		ring(l.ready)
	}
	return false
}

// take shows the next message to whoever sends it; it answers whether there was
// one. The body is the lane's again afterwards.
func (l *lane) take(send func(body []byte)) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.following()
	if p == nil {
		return false
	}
	p.sent++
	send(p.body)
	return true
}

// following finds the next message to send.
func (l *lane) following() *parcel {
	for len(l.again) > 0 {
		p := l.again[0]
		l.again = l.again[1:]
		if l.known[p.number] != nil {
			return p
		}
	}
	if l.next == nil {
		return nil
	}
	p := l.next.Value.(*parcel)
	l.next = l.next.Next()
	return p
}

// settle notes an acknowledgement of the receiver. It answers whether the
// message was on its way, and which earlier ones must have been had too: those
// that were sent again after the receiver came back, in order, and that it let
// pass in silence.
func (l *lane) settle(number int64) (waited bool, silent []message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.known[number]
	if e == nil {
		return false, nil
	}
	for e := l.onWay.Front(); e != nil; {
		p := e.Value.(*parcel)
		if !p.before || p.number >= number || e == l.next {
			break
		}
		following := e.Next()
		if m, err := parse(p.body); err == nil {
			m.Payload = nil // it goes with the body
			silent = append(silent, m)
		}
		l.remove(e)
		l.note(p.number)
		e = following
	}
	l.remove(e)
	l.note(number)
	ring(l.shrunk)
	return true, silent
}

func (l *lane) remove(e *list.Element) {
	p := e.Value.(*parcel)
	if l.next == e {
		l.next = e.Next()
	}
	l.onWay.Remove(e)
	delete(l.known, p.number)
	l.bytes -= cap(p.body)
	l.shelf.give(p.body)
	p.body = nil
}

// rewind makes a new connection of the receiver begin with the oldest message.
func (l *lane) rewind() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next, l.again = l.onWay.Front(), nil
	for e := l.onWay.Front(); e != nil; e = e.Next() {
		p := e.Value.(*parcel)
		p.before = p.before || p.sent > 0
		p.sent = 0
	}
	ring(l.ready)
}

// full tells whether the sender is to be read more slowly.
func (l *lane) full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bytes > roomy
}

func (l *lane) isAcked(number int64) bool {
	for _, s := range slices.Backward(l.acked) {
		if number >= s.first {
			return number <= s.last
		}
	}
	return false
}

func (l *lane) ackedAfter(number int64) bool {
	return len(l.acked) > 0 && l.acked[len(l.acked)-1].last > number
}

// note adds a number to the spans.
func (l *lane) note(number int64) {
	at := len(l.acked)
	for at > 0 && l.acked[at-1].first > number {
		at--
	}
	switch {
	case at > 0 && l.acked[at-1].last >= number:
		return
	case at > 0 && l.acked[at-1].last == number-1:
		l.acked[at-1].last = number
		if at < len(l.acked) && l.acked[at].first == number+1 {
			l.acked[at-1].last = l.acked[at].last
			l.acked = slices.Delete(l.acked, at, at+1)
		}
	case at < len(l.acked) && l.acked[at].first == number+1:
		l.acked[at].first = number
	default:
		l.acked = slices.Insert(l.acked, at, span{number, number})
	}
	if len(l.acked) > mostSpans {
		l.acked = slices.Delete(l.acked, 0, 1)
	}
}
