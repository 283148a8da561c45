package gateway

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/gobwas/ws"

	"tamachi/internal/nodes"
)

// The message types of data channels, and of sessions on control channels.
const (
	interactiveShell     = "interactive_shell"
	agentTaskComplete    = "agent_task_complete"
	agentTaskAcknowledge = "agent_task_acknowledge"
	agentSessionState    = "agent_session_state"
	outputStreamData     = "output_stream_data"
	inputStreamData      = "input_stream_data"
	acknowledge          = "acknowledge"
	channelClosed        = "channel_closed"
	pausePublication     = "pause_publication"
	startPublication     = "start_publication"
)

// clientTokenLife is how long a client may take from StartSession or
// ResumeSession to its channel.
const clientTokenLife = 2 * time.Minute

// side is one of the two ends of a session.
type side int

const (
	clientSide side = iota
	nodeSide
)

func (s side) other() side { return 1 - s }

func (s side) String() string { return [...]string{"client", "node"}[s] }

// meetings are the sessions that the gateway holds.
type meetings struct {
	reports nodes.SessionReports // nil opens none
	began   time.Time

	mu     sync.Mutex
	open   map[string]*meeting // guarded by mu; by session
	tokens map[tokenKey]ticket // guarded by mu; the last one made
}

// ticket is a token of one side of a session. When the session is over before
// its client comes, all it opens is the word of how it ended.
type ticket struct {
	token
	over   bool
	output string
}

type tokenKey struct {
	session string
	who     side
}

// ServeSessions gives the gateway the sessions whose data channels it serves.
// Without it there are none. It is called before anything else.
func (g *Gateway) ServeSessions(reports nodes.SessionReports) { g.meetings.reports = reports }

// OpenSession tells a node to begin a session. It waits until the order has
// left; the node answers by opening its data channel.
func (g *Gateway) OpenSession(ctx context.Context, node string, order nodes.Shell) error {
	c := g.channel(node)
	if c == nil {
		return fmt.Errorf("open session %s: %w", order.Session, nodes.ErrOffline)
	}
	payload, err := json.Marshal(struct {
		Content       string
		TaskID        string `json:"TaskId"`
		Topic         string
		SchemaVersion int
	}{string(order.Content), order.Session, interactiveShell, 1})
	if err != nil {
		return fmt.Errorf("open session %s: %w", order.Session, err)
	}
	if err := c.send(ctx, g.frame(interactiveShell, payload)); err != nil {
		return fmt.Errorf("open session %s: %w", order.Session, err)
	}
	return nil
}

// ClientToken makes the token with which the next client of a session proves
// itself. It opens one channel of this session, soon; an earlier one is void.
func (g *Gateway) ClientToken(session string) string {
	return g.sessionToken(tokenKey{session, clientSide}, clientTokenLife)
}

// NodeToken makes the token that the node's next data channel must show.
func (g *Gateway) NodeToken(session string) string {
	return g.sessionToken(tokenKey{session, nodeSide}, tokenLife)
}

func (g *Gateway) sessionToken(key tokenKey, lasts time.Duration) string {
	now := g.clock.Now()
	t := ticket{token: token{value: g.ids.Secret(64), expires: now.Add(lasts)}}
	m := &g.meetings
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, old := range m.tokens {
		if now.After(old.expires) {
			delete(m.tokens, k)
		}
	}
	m.tokens[key] = t
	return t.value
}

// redeemSession uses a token up.
func (g *Gateway) redeemSession(key tokenKey, value string) (t ticket, ok bool) {
	m := &g.meetings
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok = m.tokens[key]
	if !ok || subtle.ConstantTimeCompare([]byte(t.value), []byte(value)) != 1 {
		return ticket{}, false
	}
	delete(m.tokens, key)
	return t, g.clock.Now().Before(t.expires)
}

// Awaits tells whether a client has a token of a session that it has not used.
// The session may be over.
func (g *Gateway) Awaits(session string) bool {
	m := &g.meetings
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tokens[tokenKey{session, clientSide}]
	return ok && g.clock.Now().Before(t.expires)
}

// Sight is what is known of a session's channels.
func (g *Gateway) Sight(session string) nodes.SessionSight {
	if m := g.meeting(session); m != nil {
		return m.sight()
	}
	began := g.meetings.began
	return nodes.SessionSight{Active: began, NodeGone: began, ClientGone: began}
}

func (g *Gateway) meeting(session string) *meeting {
	g.meetings.mu.Lock()
	defer g.meetings.mu.Unlock()
	return g.meetings.open[session]
}

// meet returns the meeting of a session, a new one if there is none. One that
// was closed while the meeting was made is closed again: nobody else would.
func (g *Gateway) meet(ctx context.Context, session string) (*meeting, error) {
	if g.meetings.reports == nil {
		return nil, nodes.ErrNoSession
	}
	found, err := g.meetings.reports.Session(ctx, session)
	if err != nil {
		return nil, &overError{found.Output, err}
	}
	m := g.keep(session, found)
	if found, err = g.meetings.reports.Session(ctx, session); err != nil {
		g.CloseSession(session, found.Output)
		return nil, &overError{found.Output, err}
	}
	return m, nil
}

// overError carries what the client of a session is to be shown that ended
// while the client came.
type overError struct {
	output string
	err    error
}

func (e *overError) Error() string { return e.err.Error() }
func (e *overError) Unwrap() error { return e.err }

// keep returns the meeting of a session, a new one if there is none.
func (g *Gateway) keep(session string, found nodes.Session) *meeting {
	now := g.clock.Now()
	g.meetings.mu.Lock()
	defer g.meetings.mu.Unlock()
	if m := g.meetings.open[session]; m != nil {
		return m
	}
	m := &meeting{Session: found, g: g, active: now}
	for who := range m.gone {
		m.gone[who], m.lanes[who] = now, newLane(&g.shelf)
	}
	g.meetings.open[session] = m
	return m
}

// CloseSession ends both channels of a session and voids its tokens. The
// output is shown to the client, also to one that has a token and comes later. A node whose channel is not open now is told
// when it comes back, by being refused.
func (g *Gateway) CloseSession(session, output string) {
	g.meetings.mu.Lock()
	m := g.meetings.open[session]
	delete(g.meetings.open, session)
	client := tokenKey{session, clientSide}
	if t, ok := g.meetings.tokens[client]; ok && !t.over {
		t.over, t.output = true, output
		g.meetings.tokens[client] = t
	}
	delete(g.meetings.tokens, tokenKey{session, nodeSide})
	g.meetings.mu.Unlock()
	if m != nil {
		m.close(output)
	}
}

// closed is a channel_closed frame.
func (g *Gateway) closed(session, destination, output string) []byte {
	payload, err := json.Marshal(struct {
		MessageType   string
		MessageID     string `json:"MessageId"`
		DestinationID string `json:"DestinationId"`
		SessionID     string `json:"SessionId"`
		SchemaVersion int
		CreatedDate   string
		Output        string
	}{channelClosed, g.ids.UUID(), destination, session, 1, strconv.FormatInt(g.clock.Now().UnixMilli(), 10), output})
	if err != nil {
		panic("gateway: " + err.Error()) // texts and a number are JSON
	}
	return g.frame(channelClosed, payload)
}

// handleTask takes an agent's word of how a session ended, acknowledges it, and
// lets the client go.
func (g *Gateway) handleTask(ctx context.Context, c *channel, m message) error {
	var in struct {
		TaskID string `json:"TaskId"`
		Status string `json:"FinalTaskStatus"`
		Output string
		Bucket string `json:"S3Bucket"`
		Key    string `json:"S3UrlSuffix"`
		Group  string `json:"CwlGroup"`
		Stream string `json:"CwlStream"`
	}
	if err := json.Unmarshal(m.Payload, &in); err != nil {
		return fmt.Errorf("read %s: %w", m.Type, err)
	}
	if g.meetings.reports == nil {
		return nodes.ErrNoSession
	}
	end := nodes.SessionEnd{
		Session: in.TaskID, Status: in.Status, Output: in.Output,
		Bucket: in.Bucket, Key: in.Key, LogGroup: in.Group, LogStream: in.Stream,
	}
	own := g.ownsSession(ctx, c.node, in.TaskID)
	if err := g.meetings.reports.SessionEnded(ctx, c.node, end); err != nil {
		return err
	}
	payload, err := json.Marshal(struct {
		SchemaVersion int
		MessageID     string `json:"MessageId"`
		TaskID        string `json:"TaskId"`
		Topic         string
	}{1, m.uuid(), in.TaskID, agentTaskAcknowledge})
	if err != nil {
		return err
	}
	c.queue(ws.OpBinary, g.frame(agentTaskAcknowledge, payload))
	if own {
		g.CloseSession(in.TaskID, in.Output)
	}
	return nil
}

// ownsSession tells whether a session that is not over, or whose channels are here, is
// one of a node.
func (g *Gateway) ownsSession(ctx context.Context, node, session string) bool {
	if m := g.meeting(session); m != nil {
		return m.Node == node
	}
	one, err := g.meetings.reports.Session(ctx, session)
	return err == nil && one.Node == node
}

// endSessionsOf closes the data channels of a node.
func (g *Gateway) endSessionsOf(node string) {
	g.meetings.mu.Lock()
	var all []string
	for id, m := range g.meetings.open {
		if m.Node == node {
			all = append(all, id)
		}
	}
	g.meetings.mu.Unlock()
	for _, id := range all {
		g.CloseSession(id, "The managed node was deregistered.")
	}
}
