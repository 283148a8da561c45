package tamachi

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// What a deskSession is.
const (
	open   = "OPEN"
	ended  = "ENDED"
	failed = "FAILED" // it never began
)

// The kinds of a deskSession.
const (
	display = "DISPLAY" // a display stream
	view    = "VIEW"    // one that only looks, for support
	signIn  = "SIGN_IN" // a sign-in that was refused
)

const (
	sessionsKept = 400 * 24 * time.Hour // a year of them can be shown, and the month of the audit
	refusalsKept = 30 * 24 * time.Hour
	// refusalsAMinute bounds what strangers can make the plane keep; further
	// ones are in the log only.
	refusalsAMinute = 30
)

// deskSession is one display stream, or the try to have one, or a sign-in that
// was refused. It is kept for sessionsKept.
type deskSession struct {
	ID          string    `json:"id"` // se-...
	Kind        string    `json:"kind"`
	Status      string    `json:"status"`
	WorkspaceID string    `json:"workspaceId,omitempty"`
	DirectoryID string    `json:"directoryId,omitempty"`
	UserName    string    `json:"userName,omitempty"` // of the person, else of the desktop
	Caller      string    `json:"caller,omitempty"`   // ARN of who opened it
	Client      string    `json:"client"`             // address
	Platform    string    `json:"platform,omitempty"`
	Browser     string    `json:"browser,omitempty"`
	UserAgent   string    `json:"userAgent,omitempty"`
	Start       time.Time `json:"start"`
	End         time.Time `json:"end,omitzero"`
	LaunchMS    int64     `json:"launchMs,omitempty"` // from the wish to the first picture
	Reason      string    `json:"reason,omitempty"`
	Grant       string    `json:"grant,omitempty"` // hash of the browser session's secret
	EndedBy     string    `json:"endedBy,omitempty"`
}

var deskSessions = store.Table[deskSession]{
	Name: "tamachi.desksessions", Reach: store.Regional, Key: (*deskSession).key,
	Indexes: map[string]func(*deskSession) string{
		"id":      func(d *deskSession) string { return d.ID },
		"desktop": func(d *deskSession) string { return d.WorkspaceID },
		"user":    func(d *deskSession) string { return strings.ToLower(d.UserName) },
		"status":  func(d *deskSession) string { return d.Status },
	},
}

func (d *deskSession) key() string { return moment(d.Start) + "/" + d.ID }

// live are the sessions whose streams this process carries, and how many
// refusals it kept in this minute.
type live struct {
	mu      sync.Mutex
	ids     map[string]bool // guarded by mu
	minute  time.Time       // guarded by mu
	refused int             // guarded by mu
}

func (l *live) add(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ids[id] = true
}

func (l *live) drop(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.ids, id)
}

func (l *live) has(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ids[id]
}

// spare counts a refusal, and tells whether it is to be kept.
func (l *live) spare(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := now.Truncate(time.Minute); !m.Equal(l.minute) {
		l.minute, l.refused = m, 0
	}
	l.refused++
	return l.refused <= refusalsAMinute
}

// Began keeps a display stream that begins, and returns it with its number.
func (s *Service) Began(ctx context.Context, n desktops.Session) (desktops.Session, error) {
	d := s.rowOf(n)
	d.Status = open
	s.live.add(d.ID)
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		if err := forget(tx, store.In(n.Account, n.Region), n.Opened); err != nil {
			return err
		}
		before, err := deskSessions.By(tx, store.In(n.Account, n.Region), "desktop", n.ID, store.Page{Limit: 100, Descending: true, Min: moment(n.Since)})
		if err != nil {
			return err
		}
		n.First = !slices.ContainsFunc(before, func(b *deskSession) bool { return b.Grant == n.Grant && b.Status != failed })
		return deskSessions.Put(tx, store.In(n.Account, n.Region), d)
	})
	if err != nil {
		s.live.drop(d.ID)
		return n, fmt.Errorf("keep the session of %s: %w", n.ID, err)
	}
	n.Number = d.ID
	return n, nil
}

// Ended keeps how a display stream went. The number of one that is forgotten
// already is no error.
func (s *Service) Ended(ctx context.Context, n desktops.Session) error {
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		d, err := bySession(tx, store.In(n.Account, n.Region), n.Number)
		if d == nil || err != nil || d.Status != open {
			return err
		}
		d.end(n.Closed, n.End)
		if !n.Shown.IsZero() {
			d.LaunchMS = n.Shown.Sub(n.Wished()).Milliseconds()
		}
		return deskSessions.Put(tx, store.In(n.Account, n.Region), d)
	})
	if err != nil {
		return fmt.Errorf("keep the end of session %s: %w", n.Number, err)
	}
	s.live.drop(n.Number)
	return nil
}

// Failed keeps a try that did not become a stream.
func (s *Service) Failed(ctx context.Context, n desktops.Session) error {
	d := s.rowOf(n)
	d.Status = failed
	d.end(n.Opened, n.End)
	return s.keepRefusal(ctx, store.In(n.Account, n.Region), d)
}

// Refused keeps a sign-in that was refused. The name is kept where the
// directory knows it: people write passwords into the wrong field.
func (s *Service) Refused(ctx context.Context, p desktops.Person, in desktops.SignIn, why desktops.End) error {
	now := s.clk.Now()
	d := &deskSession{
		ID: s.number(), Kind: signIn, Status: failed, DirectoryID: p.DirectoryID, UserName: p.UserName,
		Client: in.Client, Platform: in.Platform, Browser: in.Browser, UserAgent: clip(in.UserAgent), Start: now,
	}
	d.end(now, why)
	return s.keepRefusal(ctx, store.In(p.Account, p.Region), d)
}

func (s *Service) keepRefusal(ctx context.Context, sc store.Scope, d *deskSession) error {
	if !s.live.spare(d.Start) {
		return nil
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		if err := forget(tx, sc, d.Start); err != nil {
			return err
		}
		if err := s.tell(tx, sc, d.refusal()); err != nil {
			return err
		}
		return deskSessions.Put(tx, sc, d)
	})
	if err != nil {
		return fmt.Errorf("keep a refusal: %w", err)
	}
	return nil
}

func (d *deskSession) end(at time.Time, why desktops.End) {
	d.End, d.Reason = at, string(why)
	if d.Status == open {
		d.Status = ended
	}
}

func (s *Service) number() string { return "se-" + s.ids.Hex(17) }

func (s *Service) rowOf(n desktops.Session) *deskSession {
	kind := display
	if n.ViewOnly {
		kind = view
	}
	return &deskSession{
		ID: s.number(), Kind: kind, WorkspaceID: n.ID, DirectoryID: n.DirectoryID,
		UserName: cmp.Or(n.Person.UserName, n.UserName), Caller: n.Caller, Client: n.Client,
		Platform: n.Platform, Browser: n.Browser, UserAgent: clip(n.UserAgent), Start: n.Opened, Grant: n.Grant,
	}
}

// clip bounds what a browser says of itself.
func clip(text string) string {
	const most = 512
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
}

// bySession finds a session by its number; nil when there is none.
func bySession(tx *store.Tx, sc store.Scope, number string) (*deskSession, error) {
	found, err := deskSessions.By(tx, sc, "id", number, store.Page{Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// forget drops some of what is too old.
func forget(tx *store.Tx, sc store.Scope, now time.Time) error {
	old, err := deskSessions.List(tx, sc, store.Page{Max: moment(now.Add(-sessionsKept)), Limit: sweepLimit})
	if err != nil {
		return err
	}
	if len(old) == 0 {
		old, err = deskSessions.By(tx, sc, "status", failed, store.Page{Max: moment(now.Add(-refusalsKept)), Limit: sweepLimit})
	}
	for _, d := range old {
		if err := deskSessions.Delete(tx, sc, d.key()); err != nil {
			return err
		}
	}
	return err
}

// endLost ends the sessions that an earlier process left open when it was
// killed.
func (s *Service) endLost(ctx context.Context) error {
	now := s.clk.Now()
	var left []store.Row[deskSession]
	err := s.st.View(ctx, func(tx *store.Tx) error {
		left = nil
		rows, err := deskSessions.Everywhere(tx, "status", open)
		for _, r := range rows {
			if !s.live.has(r.Record.ID) {
				left = append(left, r)
			}
		}
		return err
	})
	if err != nil || len(left) == 0 {
		return err
	}
	return s.st.Update(ctx, func(tx *store.Tx) error {
		for _, r := range left {
			d, err := bySession(tx, r.Scope, r.Record.ID)
			if err != nil {
				return err
			}
			if d == nil || d.Status != open {
				continue
			}
			d.end(now, desktops.PlaneDied)
			if err := s.tell(tx, r.Scope, d.lost()); err != nil {
				return err
			}
			if err := deskSessions.Put(tx, r.Scope, d); err != nil {
				return err
			}
		}
		return nil
	})
}
