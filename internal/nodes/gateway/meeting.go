package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tamachi/internal/nodes"
)

// slower is the pause between two messages of a side whose lane is long. It
// ends early when the lane gets shorter. Such a side is never left unread, so
// that its acknowledgements come through.
const slower = 50 * time.Millisecond

// mostAcknowledgement bounds an acknowledgement, many of which may wait.
const mostAcknowledgement = 2 << 10

// meeting is a session with the channels of its two sides, as far as they are
// there. Its lanes outlive channels.
type meeting struct {
	nodes.Session
	g     *Gateway
	lanes [2]*lane // by the side that receives

	mu     sync.Mutex
	peers  [2]*party    // guarded by mu
	gone   [2]time.Time // guarded by mu; since when a side is away
	came   [2]bool      // guarded by mu; it was there once
	active time.Time    // guarded by mu
	over   bool         // guarded by mu
}

func (m *meeting) sight() nodes.SessionSight {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := nodes.SessionSight{Active: m.active}
	if m.peers[nodeSide] == nil {
		s.NodeGone = m.gone[nodeSide]
	}
	if m.peers[clientSide] == nil {
		s.ClientGone = m.gone[clientSide]
	}
	return s
}

// enter makes p the channel of its side; one before it ends. The side is sent
// again what it has not acknowledged.
func (m *meeting) enter(p *party) error {
	m.mu.Lock()
	if m.over {
		m.mu.Unlock()
		return nodes.ErrNoSession
	}
	before, back := m.peers[p.side], m.came[p.side]
	m.peers[p.side], m.came[p.side] = p, true
	m.active = m.g.clock.Now()
	other := m.peers[p.side.other()]
	m.mu.Unlock()
	if before != nil {
		before.end("a newer channel of this side has come")
		<-before.ended
	}
	m.lanes[p.side].rewind()
	if back && other != nil {
		other.say(m.g.frame(startPublication, nil))
	}
	return nil
}

// leave notes that a side's channel has ended; it answers whether no newer one
// has taken its place.
func (m *meeting) leave(p *party) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.peers[p.side] != p {
		return false
	}
	m.peers[p.side], m.gone[p.side] = nil, m.g.clock.Now()
	if other := m.peers[p.side.other()]; other != nil && !m.over {
		other.say(m.g.frame(pausePublication, nil))
	}
	return !m.over
}

func (m *meeting) at(s side) *party {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.peers[s]
}

// both tells whether both sides are there.
func (m *meeting) both() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.peers[0] != nil && m.peers[1] != nil
}

// close tells both sides that the session is over, and ends their channels.
func (m *meeting) close(output string) {
	m.mu.Lock()
	m.over = true
	peers := m.peers
	m.mu.Unlock()
	for _, p := range peers {
		if p != nil {
			p.finish(m.g.closed(m.ID, m.ID, output))
		}
	}
}

// report tells the house that sides have come or gone.
func (m *meeting) report(ctx context.Context, state nodes.SessionState) {
	if err := m.g.meetings.reports.SessionMoved(context.WithoutCancel(ctx), m.ID, state); err != nil {
		m.g.log.Warn("move of a session was not noted", slog.String("resource", m.ID), slog.Any("err", err))
	}
}

// handle passes a message of one side on. What a side may not say is let be.
func (m *meeting) handle(ctx context.Context, from *party, msg message, body []byte) error {
	data := outputStreamData
	if from.side == clientSide {
		data = inputStreamData
	}
	switch msg.Type {
	case data:
		m.touch()
		if m.lanes[from.side.other()].put(int64(msg.Sequence), body) {
			return from.sayAcknowledged(msg)
		}
		m.holdBack(ctx, from)
	case acknowledge:
		return m.acknowledged(from, msg, body)
	default:
		m.g.log.Debug("message of another type", slog.String("resource", m.ID), slog.String("action", msg.Type))
	}
	return nil
}

func (m *meeting) touch() {
	now := m.g.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active = now
}

// holdBack lets a side wait whose lane is long.
func (m *meeting) holdBack(ctx context.Context, from *party) {
	l := m.lanes[from.side.other()]
	if !l.full() {
		return
	}
	pause := time.NewTimer(slower)
	defer pause.Stop()
	select {
	case <-l.shrunk:
	case <-pause.C:
	case <-from.ending:
	case <-ctx.Done():
	}
}

// acknowledged passes an acknowledgement on to the side whose message it is
// about. One of a message that is not on its way is not.
func (m *meeting) acknowledged(from *party, msg message, body []byte) error {
	if len(body) > mostAcknowledgement {
		return fmt.Errorf("%w: an acknowledgement of %d bytes", errMalformed, len(body))
	}
	var ack acknowledgement
	if err := json.Unmarshal(msg.Payload, &ack); err != nil {
		return fmt.Errorf("%w: an acknowledgement: %w", errMalformed, err)
	}
	waited, silent := m.lanes[from.side].settle(ack.Sequence)
	other := m.at(from.side.other())
	if other == nil {
		return nil // it will say it again, and is told then
	}
	for _, earlier := range silent {
		if err := other.sayAcknowledged(earlier); err != nil {
			return err
		}
	}
	if waited {
		other.say(body)
	}
	return nil
}

// acknowledgement is the payload of acknowledge.
type acknowledgement struct {
	Type       string `json:"AcknowledgedMessageType"`
	ID         string `json:"AcknowledgedMessageId"`
	Sequence   int64  `json:"AcknowledgedMessageSequenceNumber"`
	Sequential bool   `json:"IsSequentialMessage"`
}
