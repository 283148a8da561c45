package sessionmanager

import (
	"context"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// hall is what the room asks of others: one node, and what is seen of channels.
type hall struct {
	sight  nodes.SessionSight
	absent bool // the node is not registered
	said   []string
}

func (h *hall) Resolve(*store.Tx, store.Scope, string) (Node, bool, error) {
	return Node{ID: "mi-1"}, !h.absent, nil
}
func (h *hall) Connected(string) bool                                  { return true }
func (h *hall) OpenSession(context.Context, string, nodes.Shell) error { return nil }
func (h *hall) ClientToken(string) string                              { return "token" }
func (h *hall) CloseSession(_, output string)                          { h.said = append(h.said, output) }
func (h *hall) Sight(string) nodes.SessionSight                        { return h.sight }

// What time brings to sessions: agents know neither idle time nor a longest
// duration.
func TestTimeEndsSessions(t *testing.T) {
	began := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name   string
		record session
		hall   hall
		after  time.Duration
		want   string
		says   string
	}{
		{"nothing is due", session{Status: connected, Joined: began}, hall{}, 19 * time.Minute, connected, ""},
		{"nobody used it", session{Status: connected, Joined: began}, hall{}, 20 * time.Minute, terminating, "Your session timed out due to inactivity."},
		{"somebody used it", session{Status: connected, Joined: began}, hall{sight: nodes.SessionSight{Active: began.Add(5 * time.Minute)}}, 20 * time.Minute, connected, ""},
		{"it was as long as it may be", session{Status: connected, Joined: began, MaxMinutes: 10}, hall{}, 10 * time.Minute, terminating, "Your session has reached its maximum duration."},
		{"its client is away and nobody resumes it", session{Status: disconnected, Joined: began}, hall{}, 20 * time.Minute, terminating, "Your session timed out due to inactivity."},
		{"nobody has come yet, and the gateway is old", session{Status: connecting}, hall{sight: nodes.SessionSight{Active: began.Add(-time.Hour), NodeGone: began.Add(-time.Hour)}}, time.Second, connecting, ""},
		{"no client came", session{Status: connecting}, hall{}, 2 * time.Minute, failed, "The managed node or the client didn't connect in time."},
		{"its node is away for long", session{Status: connected, Joined: began}, hall{sight: nodes.SessionSight{NodeGone: began}}, 90 * time.Second, terminated, "The connection to the managed node was lost."},
		{"its node is away for a moment", session{Status: connected, Joined: began}, hall{sight: nodes.SessionSight{NodeGone: began}}, time.Minute, connected, ""},
		{"its node was deregistered", session{Status: connected, Joined: began}, hall{absent: true}, 0, terminated, "The managed node was deregistered."},
		{"its node does not say how it ended", session{Status: terminating, Joined: began, Leaving: began}, hall{}, 15 * time.Second, terminated, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			clk := clock.NewFrozen(began)
			st, err := store.Open(t.Context(), store.Options{Clock: clk}, Tables()...)
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			h := row.hall
			if h.sight.Active.IsZero() {
				h.sight.Active = began
			}
			s := New(st, id.Random(), clk, Ports{Nodes: &h, Channels: &h})
			one, scope := row.record, store.In("111122223333", "eu-west-1")
			one.ID, one.Node, one.Started, one.IdleMinutes = "alice-1", "mi-1", began, 20
			if err := st.Update(t.Context(), func(tx *store.Tx) error { return sessions.Put(tx, scope, &one) }); err != nil {
				t.Fatal(err)
			}
			clk.Advance(row.after)
			if _, err := s.Upkeep(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got *session
			if err := st.View(t.Context(), func(tx *store.Tx) (err error) { got, err = find(tx, scope, "alice-1"); return err }); err != nil {
				t.Fatal(err)
			}
			if got.Status != row.want || len(h.said) > 0 && h.said[0] != row.says || (row.says != "") && len(h.said) == 0 {
				t.Errorf("got %s, said %q; want %s, %q", got.Status, h.said, row.want, row.says)
			}
		})
	}
}

// A session is known for thirty days after its end.
func TestOldSessionsAreForgotten(t *testing.T) {
	began := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	clk := clock.NewFrozen(began)
	st, err := store.Open(t.Context(), store.Options{Clock: clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	h := &hall{}
	s, scope := New(st, id.Random(), clk, Ports{Nodes: h, Channels: h}), store.In("111122223333", "eu-west-1")
	for name, ended := range map[string]time.Time{"old-1": began, "new-2": began.Add(10 * 24 * time.Hour)} {
		one := session{ID: name, Started: began, Ended: ended, Status: terminated}
		if err := st.Update(t.Context(), func(tx *store.Tx) error { return sessions.Put(tx, scope, &one) }); err != nil {
			t.Fatal(err)
		}
	}
	clk.Advance(33 * 24 * time.Hour)
	if _, err := s.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left []*session
	if err := st.View(t.Context(), func(tx *store.Tx) (err error) { left, err = sessions.List(tx, scope, store.Page{}); return err }); err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 || left[0].ID != "new-2" {
		t.Errorf("%d sessions are left, want the younger one", len(left))
	}
}
