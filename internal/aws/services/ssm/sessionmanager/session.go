package sessionmanager

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	connecting   = "Connecting"
	connected    = "Connected"
	disconnected = "Disconnected"
	terminating  = "Terminating"
	terminated   = "Terminated"
	failed       = "Failed"
)

// session is one StartSession and what became of it.
type session struct {
	ID       string
	Target   string // as the caller wrote it: a node's id or a WorkSpace's
	Node     string
	Owner    string // ARN
	OwnerID  string // aws:userid
	Reason   string `json:",omitempty"`
	Document string
	Content  json.RawMessage // what the node was sent

	Status  string
	Details string `json:",omitempty"` // why it ended, where the plane knows
	Started time.Time
	Joined  time.Time `json:",omitzero"` // when node and client first met
	Leaving time.Time `json:",omitzero"` // when its end was asked for
	Ended   time.Time `json:",omitzero"`

	IdleMinutes int
	MaxMinutes  int    `json:",omitempty"` // 0 is without end
	Bucket      string `json:",omitempty"` // where the transcript is
	Object      string `json:",omitempty"` // its key there
	LogsURL     string `json:",omitempty"`
}

// sessions are keyed by time, so that a list from the end begins with the
// newest.
var sessions = store.Table[session]{
	Name: "ssm.sessions", Reach: store.Regional,
	Key: func(s *session) string { return moment(s.Started) + "." + s.ID },
	Indexes: map[string]func(*session) string{
		"id": func(s *session) string { return s.ID },
		"state": func(s *session) string {
			if s.over() {
				return "over"
			}
			return "open"
		},
		"ended": func(s *session) string {
			if s.Ended.IsZero() {
				return ""
			}
			return day(s.Ended)
		},
	},
}

// moment is a time as a key: milliseconds, ordered as text.
func moment(t time.Time) string { return fmt.Sprintf("%013d", max(t.UnixMilli(), 0)) }

func (s *session) over() bool { return s.Status == terminated || s.Status == failed }

// join notes that node and client have met.
func (s *session) join(now time.Time) bool {
	if s.Status != connecting && s.Status != disconnected {
		return false
	}
	s.Status = connected
	if s.Joined.IsZero() {
		s.Joined = now
	}
	return true
}

// part notes that the client is away.
func (s *session) part() bool {
	if s.Status != connected {
		return false
	}
	s.Status = disconnected
	return true
}

// leave asks for the end.
func (s *session) leave(now time.Time, why string) bool {
	if s.over() || s.Status == terminating {
		return false
	}
	s.Status, s.Leaving, s.Details = terminating, now, why
	return true
}

// end is the last move. A session that never began has failed.
func (s *session) end(now time.Time, why string) bool {
	if s.over() {
		return false
	}
	s.Ended = now
	if s.Details == "" {
		s.Details = why
	}
	if s.Joined.IsZero() && s.Status != terminating {
		s.Status = failed
		return true
	}
	s.Status = terminated
	return true
}

// newID makes a session's id, which begins with the name of its owner, so that
// policies can say session/${aws:username}-*. Source: Systems Manager User
// Guide, "Step 3: Control session access to managed nodes".
func (s *Service) newID(c *api.Caller) string {
	name := c.Name
	switch c.Type {
	case api.Root:
		name = "root"
	case api.AssumedRole, api.FederatedUser:
		if _, session, ok := strings.Cut(c.UserID, ":"); ok {
			name = session
		}
	}
	return name + "-" + s.ids.Hex(17)
}

// find returns a session of a scope, or store.ErrNotFound.
func find(tx *store.Tx, scope store.Scope, id string) (*session, error) {
	return sessions.First(tx, scope, "id", id)
}

// describe is the session as the caller sees it. Its transcript has the URL at
// which this caller reaches the plane's S3, path style.
func (s *session) describe(call *api.Call) types.Session {
	out := types.Session{
		SessionId: &s.ID, Target: &s.Target, Status: types.SessionStatus(s.Status), StartDate: &s.Started,
		DocumentName: &s.Document, Owner: &s.Owner, Reason: api.Optional(s.Reason), Details: api.Optional(s.Details),
		OutputUrl:  &types.SessionManagerOutputUrl{S3OutputUrl: api.Optional(s.objectURL(call)), CloudWatchOutputUrl: api.Optional(s.LogsURL)},
		AccessType: types.AccessTypeStandard,
	}
	if !s.Ended.IsZero() {
		out.EndDate = &s.Ended
	}
	if s.MaxMinutes > 0 {
		out.MaxSessionDuration = text(strconv.Itoa(s.MaxMinutes))
	}
	return out
}

// tags are those that AWS puts on sessions, for policies.
func (s *session) tags() map[string]string {
	return map[string]string{"aws:ssmmessages:session-id": s.OwnerID, "aws:ssmmessages:target-id": s.Node}
}

func (s *session) objectURL(call *api.Call) string {
	if s.Bucket == "" {
		return ""
	}
	base := url.URL{Scheme: "http", Host: call.Host}
	if call.Secure {
		base.Scheme = "https"
	}
	if rest, ok := strings.CutPrefix(base.Host, "ssm."); ok {
		base.Host = "s3." + rest
	}
	return base.JoinPath(s.Bucket, s.Object).String()
}
