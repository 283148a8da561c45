package sessionmanager

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// The moves that no customer makes: nodes, clients and time do.

const (
	// gather is how long node and client may take to meet.
	gather = 2 * time.Minute
	// lost is how long the node's data channel may be away before the session
	// is given up: its agent has ended and knows nothing of it any more.
	lost = 90 * time.Second
	// farewell is how long a node may take to say how a session ended.
	farewell = 15 * time.Second
)

var _ nodes.SessionReports = (*Service)(nil)

// Session finds a session that goes on; nodes.ErrNoSession if there is none.
// One whose end was asked for takes no channels any more.
func (s *Service) Session(ctx context.Context, id string) (out nodes.Session, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		row, err := anywhere(tx, id)
		if err == nil && (row.Record.over() || row.Record.Status == terminating) {
			out.Output = row.Record.Details
			err = fmt.Errorf("%s: %w", id, nodes.ErrNoSession)
		}
		if err == nil {
			out = nodes.Session{ID: id, Account: row.Scope.Account, Region: row.Scope.Region, Node: row.Record.Node}
		}
		return err
	})
	return out, err
}

// anywhere finds a session whose scope is not known.
func anywhere(tx *store.Tx, id string) (store.Row[session], error) {
	rows, err := sessions.Everywhere(tx, "id", id)
	if err == nil && len(rows) != 1 {
		err = fmt.Errorf("%s: %w", id, nodes.ErrNoSession)
	}
	if err != nil {
		return store.Row[session]{}, err
	}
	return rows[0], nil
}

// SessionMoved notes that a session's sides have come or gone.
func (s *Service) SessionMoved(ctx context.Context, id string, state nodes.SessionState) error {
	now := s.clk.Now()
	return s.change(ctx, id, func(_ store.Scope, one *session) bool {
		if state == nodes.SessionConnected {
			return one.join(now)
		}
		return one.part()
	})
}

// SessionEnded notes how a session of a node ended.
func (s *Service) SessionEnded(ctx context.Context, node string, end nodes.SessionEnd) error {
	now := s.clk.Now()
	return s.change(ctx, end.Session, func(scope store.Scope, one *session) bool {
		if one.Node != node {
			return false
		}
		if end.Bucket != "" {
			one.Bucket, one.Object = end.Bucket, strings.Trim(end.Key, "/")
		}
		if end.LogGroup != "" {
			one.LogsURL = logsURL(scope.Region, end.LogGroup, end.LogStream)
		}
		return one.end(now, clip(end.Output))
	})
}

// clip keeps a text within the model's limit of Details.
func clip(s string) string {
	if len(s) > 1024 {
		s = strings.ToValidUTF8(s[:1024], "")
	}
	return s
}

// logsURL is where the console shows a log stream.
func logsURL(region, group, stream string) string {
	return "https://" + region + ".console.aws.amazon.com/cloudwatch/home?region=" + region +
		"#logEventViewer:group=" + url.QueryEscape(group) + ";stream=" + url.QueryEscape(stream)
}

// change makes a move of a session, if it is known.
func (s *Service) change(ctx context.Context, id string, move func(store.Scope, *session) bool) error {
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		row, err := anywhere(tx, id)
		if err != nil || !move(row.Scope, row.Record) {
			return err
		}
		return sessions.Put(tx, row.Scope, row.Record)
	})
	if errors.Is(err, nodes.ErrNoSession) {
		return nil
	}
	return err
}

// Upkeep ends sessions whose time is over and forgets those that ended long
// ago.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	now := s.clk.Now()
	var open []store.Row[session]
	gone := map[string]bool{} // sessions whose node is not registered
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		clear(gone)
		if open, err = sessions.Everywhere(tx, "state", "open"); err != nil {
			return err
		}
		for _, row := range open {
			_, there, err := s.ports.Nodes.Resolve(tx, row.Scope, row.Record.Node)
			if err != nil {
				return err
			}
			gone[row.Record.ID] = !there
		}
		return nil
	})
	if err != nil {
		return time.Time{}, err
	}
	for _, row := range open {
		due, err := s.tend(ctx, row.Record, gone[row.Record.ID], now)
		if err != nil {
			return time.Time{}, err
		}
		if next.IsZero() || due.Before(next) {
			next = due
		}
	}
	return next, s.forget(ctx, now)
}

// forget removes the sessions that ended too long ago, once an hour.
func (s *Service) forget(ctx context.Context, now time.Time) error {
	if last := s.forgot.Load(); now.Sub(time.UnixMilli(last)) < time.Hour {
		return nil
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		for days := range 10 { // the plane may have been away
			rows, err := sessions.Everywhere(tx, "ended", day(now.Add(-kept-time.Duration(days+1)*24*time.Hour)))
			if err != nil {
				return err
			}
			for _, row := range rows {
				if err := sessions.Delete(tx, row.Scope, sessions.Key(row.Record)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		s.forgot.Store(now.UnixMilli())
	}
	return err
}

// day is a time's date in UTC.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// tend ends a session whose time is over and returns when to look again.
func (s *Service) tend(ctx context.Context, one *session, gone bool, now time.Time) (time.Time, error) {
	sight := s.ports.Channels.Sight(one.ID)
	if sight.Active.Before(one.Started) { // nobody has come yet, to a gateway that is older
		sight.Active = one.Started
	}
	limits := []struct {
		at   time.Time
		why  string
		last bool // nobody will say how it ended
	}{
		{one.Started, "The managed node was deregistered.", true},
		{one.Leaving.Add(farewell), "", true},
		{one.Started.Add(gather), "The managed node or the client didn't connect in time.", true},
		{sight.NodeGone.Add(lost), "The connection to the managed node was lost.", true},
		{sight.Active.Add(time.Duration(one.IdleMinutes) * time.Minute), "Your session timed out due to inactivity.", false},
		{one.Started.Add(time.Duration(one.MaxMinutes) * time.Minute), "Your session has reached its maximum duration.", false},
	}
	holds := []bool{
		gone, one.Status == terminating, one.Joined.IsZero() && one.Status != terminating,
		!sight.NodeGone.IsZero() && !one.Joined.IsZero(), one.Status != terminating, one.MaxMinutes > 0 && one.Status != terminating,
	}
	var next time.Time
	for i, l := range limits {
		switch {
		case !holds[i]:
		case now.Before(l.at):
			if next.IsZero() || l.at.Before(next) {
				next = l.at
			}
		default:
			err := s.change(ctx, one.ID, func(_ store.Scope, one *session) bool {
				if l.last {
					return one.end(now, l.why)
				}
				return one.leave(now, l.why)
			})
			s.ports.Channels.CloseSession(one.ID, l.why)
			return now.Add(farewell), err
		}
	}
	return next, nil
}
