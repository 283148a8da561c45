package session

import (
	"container/list"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"sync"
	"time"
)

const (
	// window is how much may be on its way to the client. It is more than a
	// quick line needs and less than the gateway takes.
	window = 2 << 20
	// mostWaiting bounds what came and was not taken yet. It is more than the
	// 10,000 messages of 1,024 bytes that plugins keep.
	mostWaiting = 16 << 20
	// The timers of a message that is not acknowledged are the SSM Agent's:
	// only the oldest is sent again.
	firstTimeout = 200 * time.Millisecond
	mostTimeout  = time.Second
	lookEvery    = 100 * time.Millisecond
	granularity  = 10 * time.Millisecond
	// patience is how long a broken channel is opened anew.
	patience = 5 * time.Minute
)

var errEnded = errors.New("the session was ended by the plane")

// stream carries messages over data channels that may break: each arrives once
// and in order on both ends.
type stream struct {
	o    *Options
	stop context.CancelCauseFunc

	writing sync.Mutex // held while data is written, to keep its order; before mu
	mu      sync.Mutex
	moved   sync.Cond               // of mu
	conn    Channel                 // guarded by mu; nil while there is none
	paused  bool                    // guarded by mu; the client is away
	onWay   *list.List              // guarded by mu; of *parcel, oldest first
	known   map[int64]*list.Element // guarded by mu
	bytes   int                     // guarded by mu; of onWay
	number  int64                   // guarded by mu; of the next message to send

	expected int64             // guarded by mu; the number of the next that comes
	early    map[int64]Message // guarded by mu
	queue    []Message         // guarded by mu; came and not taken yet
	waiting  int               // guarded by mu; bytes of queue and early
	closed   error             // guarded by mu
	free     [][]byte          // guarded by mu; payloads that are over, for those that come

	roundTrip, variation float64       // guarded by mu; nanoseconds
	timeout              time.Duration // guarded by mu
}

// parcel is a message that was not acknowledged.
type parcel struct {
	m     Message
	sent  time.Time
	tries int
	held  int  // by how many it is written now
	over  bool // it was acknowledged
}

func newStream(o *Options, stop context.CancelCauseFunc) *stream {
	s := &stream{
		o: o, stop: stop, onWay: list.New(), known: map[int64]*list.Element{}, early: map[int64]Message{},
		roundTrip: float64(firstTimeout / 2), timeout: firstTimeout,
	}
	s.moved.L = &s.mu
	return s
}

// run keeps a channel open until ctx ends or the plane ends the session.
func (s *stream) run(ctx context.Context) {
	defer context.AfterFunc(ctx, func() { s.close(context.Cause(ctx)) })()
	lost := s.o.Clock.Now()
	for try := 0; ctx.Err() == nil; try++ {
		conn, err := s.o.Dial(ctx)
		if err == nil {
			try = 0
			err = s.serve(ctx, conn)
			lost = s.o.Clock.Now()
		}
		switch {
		case errors.Is(err, errEnded), errors.Is(err, ErrRefused), s.o.Clock.Now().Sub(lost) > patience:
			s.close(err)
			s.stop(err)
			return
		}
		s.o.Log.Debug("data channel broke", slog.String("resource", s.o.Session), slog.Any("err", err))
		pause := time.NewTimer(min(100*time.Millisecond<<min(try, 6), 5*time.Second))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
		}
	}
}

// serve uses a channel until it breaks.
func (s *stream) serve(ctx context.Context, conn Channel) error {
	defer func() {
		conn.Close() // first, since somebody may be writing
		s.attach(ctx, nil)
	}()
	if err := s.sayConnected(ctx, conn); err != nil {
		return err
	}
	s.attach(ctx, conn)
	for {
		m, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		if err := s.receive(ctx, conn, m); err != nil {
			return err
		}
	}
}

func (s *stream) sayConnected(ctx context.Context, conn Channel) error {
	payload, err := json.Marshal(map[string]any{"SchemaVersion": 1, "SessionState": "Connected", "SessionId": s.o.Session})
	if err != nil {
		return err
	}
	return conn.Write(ctx, s.message(typeState, 0, 3, payload))
}

func (s *stream) message(kind string, number int64, flags uint64, payload []byte) Message {
	return Message{Type: kind, ID: s.o.IDs.UUID(), Created: s.o.Clock.Now(), Sequence: number, Flags: flags, Payload: payload}
}

// attach makes a channel the one in use, and sends what was not acknowledged.
func (s *stream) attach(ctx context.Context, conn Channel) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	s.conn, s.paused = conn, false
	s.mu.Unlock()
	if conn != nil {
		s.sendAgain(ctx, math.MaxInt)
	}
}

// receive takes one message. Only the end of the session is an error.
func (s *stream) receive(ctx context.Context, conn Channel, m Message) error {
	switch m.Type {
	case typeInput:
		if s.take(m) {
			// A channel that takes no more may have more to give: what the client
			// acknowledged before it broke. Who would not read that might send the
			// same messages over every new channel, and never come to the next.
			s.tryAcknowledge(ctx, conn, m)
		}
	case typeAcknowledge:
		var a acknowledgement
		if json.Unmarshal(m.Payload, &a) == nil {
			s.settle(a.Sequence)
		}
	case typeClosed:
		return errEnded
	case typePause:
		s.setPaused(true)
	case typeStart:
		s.setPaused(false)
		s.writing.Lock()
		defer s.writing.Unlock()
		s.sendAgain(ctx, math.MaxInt)
	}
	return nil
}

func (s *stream) setPaused(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = on
}

// take keeps a message for next. It answers whether the message was taken
// before, so that its sender must be told again. One that is too early waits;
// one for which there is no room is said again.
func (s *stream) take(m Message) (had bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.Sequence < s.expected {
		return m.Sequence < s.expected-int64(len(s.queue))
	}
	if _, twice := s.early[m.Sequence]; twice || s.waiting+len(m.Payload) > mostWaiting || len(s.early) > 10_000 {
		return false
	}
	s.early[m.Sequence] = m
	s.waiting += len(m.Payload)
	for {
		following, ok := s.early[s.expected]
		if !ok {
			return false
		}
		delete(s.early, s.expected)
		s.queue = append(s.queue, following)
		s.expected++
		s.moved.Broadcast()
	}
}

// next returns the next message of the client, in order, and acknowledges it:
// a client that sends quicker than its data is taken comes to wait.
func (s *stream) next(ctx context.Context) (Message, error) {
	s.mu.Lock()
	for len(s.queue) == 0 && s.closed == nil {
		s.moved.Wait()
	}
	if len(s.queue) == 0 {
		err := s.closed
		s.mu.Unlock()
		return Message{}, err
	}
	m := s.queue[0]
	s.queue = s.queue[1:]
	s.waiting -= len(m.Payload)
	conn := s.conn
	s.mu.Unlock()
	if conn != nil {
		s.tryAcknowledge(ctx, conn, m)
	}
	return m, nil
}

// tryAcknowledge acknowledges a message. A client that does not hear it says
// the message again.
func (s *stream) tryAcknowledge(ctx context.Context, conn Channel, m Message) {
	if err := s.acknowledge(ctx, conn, m); err != nil {
		s.o.Log.Debug("message was not acknowledged", slog.String("resource", s.o.Session), slog.Any("err", err))
	}
}

func (s *stream) acknowledge(ctx context.Context, conn Channel, m Message) error {
	payload, err := json.Marshal(acknowledgement{Type: m.Type, ID: m.ID, Sequence: m.Sequence, Sequential: true})
	if err != nil {
		return err
	}
	return conn.Write(ctx, s.message(typeAcknowledge, 0, 3, payload))
}

// send sends a message to the client, and has the payload for good. It waits
// while too much is on its way.
func (s *stream) send(ctx context.Context, kind Kind, payload []byte) error {
	s.mu.Lock()
	for s.bytes > 0 && s.bytes+len(payload) > window && s.closed == nil {
		s.moved.Wait()
	}
	err := s.closed
	s.mu.Unlock()
	if err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	flags := uint64(0)
	if s.number == 0 {
		flags = 1
	}
	p := &parcel{m: s.message(typeOutput, s.number, flags, payload), sent: s.o.Clock.Now(), tries: 1, held: 1}
	p.m.Kind = kind
	s.known[s.number] = s.onWay.PushBack(p)
	s.number++
	s.bytes += len(payload)
	conn := s.conn
	if s.paused {
		conn = nil
	}
	s.mu.Unlock()
	if conn != nil {
		// One that does not leave is sent again.
		if err := conn.Write(ctx, p.m); err != nil {
			s.o.Log.Debug("message was not sent", slog.String("resource", s.o.Session), slog.Any("err", err))
		}
	}
	s.release(p)
	return nil
}

// release says that a message is not written any more.
func (s *stream) release(p *parcel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.held--
	s.reuse(p)
}

// reuse keeps the buffer of a message that nobody needs; the caller holds mu.
func (s *stream) reuse(p *parcel) {
	const most = 8
	if p.over && p.held == 0 && cap(p.m.Payload) >= gulp && len(s.free) < most {
		s.free = append(s.free, p.m.Payload[:0])
	}
}

// buffer returns an empty buffer for a large payload.
func (s *stream) buffer() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free) - 1; last >= 0 {
		b := s.free[last]
		s.free[last], s.free = nil, s.free[:last]
		return b
	}
	return make([]byte, 0, batch)
}

// settle forgets a message that the client has, and learns how long that took.
func (s *stream) settle(number int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.known[number]
	if e == nil {
		return
	}
	p := e.Value.(*parcel)
	if p.tries == 1 {
		s.learn(float64(s.o.Clock.Now().Sub(p.sent)))
	}
	s.onWay.Remove(e)
	delete(s.known, number)
	s.bytes -= len(p.m.Payload)
	p.over = true
	s.reuse(p)
	s.moved.Broadcast()
}

// learn adapts the timeout to a round trip, as the SSM Agent and TCP
// (RFC 6298) do.
func (s *stream) learn(trip float64) {
	s.variation = 0.75*s.variation + 0.25*math.Abs(s.roundTrip-trip)
	s.roundTrip = 0.875*s.roundTrip + 0.125*trip
	s.timeout = min(mostTimeout, time.Duration(s.roundTrip+max(float64(granularity), 4*s.variation)))
}

// resend sends the oldest message again whose time is over, until ctx ends.
func (s *stream) resend(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
		// Somebody who is writing now is heard already.
		if s.late() && s.writing.TryLock() {
			s.sendAgain(ctx, 1)
			s.writing.Unlock()
		}
	}
}

func (s *stream) late() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	oldest := s.onWay.Front()
	return oldest != nil && s.conn != nil && !s.paused && s.o.Clock.Now().Sub(oldest.Value.(*parcel).sent) > s.timeout
}

// sendAgain sends so many of the oldest messages. The caller holds writing.
func (s *stream) sendAgain(ctx context.Context, most int) {
	s.mu.Lock()
	conn := s.conn
	var again []*parcel
	for e := s.onWay.Front(); e != nil && len(again) < most && conn != nil; e = e.Next() {
		p := e.Value.(*parcel)
		p.tries++
		p.sent = s.o.Clock.Now()
		p.held++
		again = append(again, p)
	}
	s.mu.Unlock()
	var err error
	for _, p := range again {
		if err == nil {
			err = conn.Write(ctx, p.m)
		}
		s.release(p)
	}
}

// close lets everybody go who waits.
func (s *stream) close(why error) {
	if why == nil {
		why = errEnded
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed == nil {
		s.closed = why
	}
	s.moved.Broadcast()
}

// drain waits until the client has all, as long as it takes some of it every
// few seconds.
func (s *stream) drain() {
	const most = 5 * time.Second
	late := false
	timer := time.AfterFunc(most, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		late = true
		s.moved.Broadcast()
	})
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for before := s.bytes; s.onWay.Len() > 0 && s.closed == nil && !late; {
		s.moved.Wait()
		if s.bytes < before {
			before = s.bytes
			timer.Reset(most)
		}
	}
}
