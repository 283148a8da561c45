package agent

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"

	"github.com/coder/websocket"
)

// reply is an agent_job_reply. ID is the UUID of its frame; a reply that is
// sent again keeps it, so the plane can tell.
type reply struct {
	ID      string
	Job     string
	Topic   string
	Content string // JSON
}

// outbox knows the open channel and the replies that wait for an
// acknowledgement, oldest first.
type outbox struct {
	mu      sync.Mutex
	conn    *websocket.Conn // guarded by mu; nil without a channel
	waiting []reply         // guarded by mu
}

func (o *outbox) attach(conn *websocket.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.conn = conn
}

func (o *outbox) detach(conn *websocket.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.conn == conn {
		o.conn = nil
	}
}

func (o *outbox) open() bool { return o.channel() != nil }

func (o *outbox) channel() *websocket.Conn {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.conn
}

func (o *outbox) keep(r ...reply) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting = append(o.waiting, r...)
}

func (o *outbox) unacknowledged() []reply {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.waiting)
}

// settle forgets a reply; ok is false when it was not waited for.
func (o *outbox) settle(id string) (r reply, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at := slices.IndexFunc(o.waiting, func(r reply) bool { return r.ID == id })
	if at < 0 {
		return reply{}, false
	}
	r = o.waiting[at]
	o.waiting = slices.Delete(o.waiting, at, at+1)
	return r, true
}

// transmit sends a reply if there is a channel. A reply that matters is in the
// outbox as well, so a failure needs no answer here: it is sent again.
func (a *agent) transmit(ctx context.Context, r reply) {
	payload, err := json.Marshal(struct {
		SchemaVersion int    `json:"schemaVersion"`
		JobID         string `json:"jobId"`
		Content       string `json:"content"`
		Topic         string `json:"topic"`
	}{1, r.Job, r.Content, r.Topic})
	if err != nil {
		a.log.Error("reply cannot be written", slog.String("node", a.id.Node), slog.Any("err", err))
		return
	}
	a.send(ctx, frame{Type: typeJobReply, ID: r.ID, Payload: payload})
}

// send writes a frame to the channel, if there is one.
func (a *agent) send(ctx context.Context, f frame) {
	conn := a.outbox.channel()
	if conn == nil {
		return
	}
	f.Created = a.cfg.Clock.Now()
	b, err := f.encode()
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, writeWithin)
		defer cancel()
		err = conn.Write(ctx, websocket.MessageBinary, b)
	}
	if err != nil && ctx.Err() == nil {
		a.log.Debug("frame was not sent", slog.String("node", a.id.Node), slog.Any("err", err))
	}
}
