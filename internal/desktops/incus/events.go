package incus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"
)

// event is what the server tells of one thing that happened (Incus
// documentation, "Events").
type event struct {
	Action   string // of a lifecycle event: instance-ready, instance-stopped, ...
	Instance string // whose lifecycle it is
	Done     string // id of an operation that ended
}

// stream are the events of the provider's project.
type stream struct{ conn *websocket.Conn }

// largestEvent is how many bytes an event may have.
const largestEvent = 1 << 20

// listen begins to hear events; those before are not heard.
func (s *server) listen(ctx context.Context, kinds string) (*stream, error) {
	to := s.address(path("events"), url.Values{"type": {kinds}})
	conn, _, err := websocket.Dial(ctx, to, &websocket.DialOptions{HTTPClient: s.http}) //nolint:bodyclose // the package closes it (Dial)
	if err != nil {
		return nil, fmt.Errorf("listen to the Incus server: %w", err)
	}
	conn.SetReadLimit(largestEvent)
	return &stream{conn}, nil
}

func (l *stream) close() { _ = l.conn.CloseNow() }

// next waits for the next event that says something to us.
func (l *stream) next(ctx context.Context) (event, error) {
	for {
		_, text, err := l.conn.Read(ctx)
		if err != nil {
			return event{}, fmt.Errorf("listen to the Incus server: %w", err)
		}
		e, err := parseEvent(text)
		if err != nil {
			return event{}, err
		}
		if e != (event{}) {
			return e, nil
		}
	}
}

var errNoEvent = errors.New("the Incus server tells something that is no event")

// parseEvent reads an event; one that says nothing to us is the zero event.
func parseEvent(text []byte) (event, error) {
	var raw struct {
		Type     string `json:"type"`
		Metadata struct {
			Action     string `json:"action"`
			Source     string `json:"source"`
			ID         string `json:"id"`
			StatusCode int    `json:"status_code"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return event{}, fmt.Errorf("%w: %w", errNoEvent, err)
	}
	m := raw.Metadata
	switch raw.Type {
	case "lifecycle":
		name, ok := strings.CutPrefix(m.Source, "/1.0/instances/")
		name, _, _ = strings.Cut(name, "?")
		if !ok || strings.Contains(name, "/") {
			return event{}, nil
		}
		return event{Action: m.Action, Instance: name}, nil
	case "operation":
		if m.StatusCode < http.StatusOK { // it goes on
			return event{}, nil
		}
		return event{Done: m.ID}, nil
	}
	return event{}, nil
}
