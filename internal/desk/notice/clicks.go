package notice

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/settings"
	"tamachi/internal/notify"
)

// Door answers the clicks on buttons. Who clicked is proved by the workspace's
// signing secret; a vote counts once, whoever sends the click again.
type Door struct {
	Clicks   func(r *http.Request, secret string) ([]notify.Click, error)
	Secret   string
	Settings *settings.Settings
	Folder   approval.Folder
	Clock    clock.Clock
	Voted    func(context.Context, *approval.Record) // after each vote that counts
	Log      func(string)
}

// ServeHTTP takes POST /slack/actions, the app's request URL for interactivity.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/slack/actions" {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodPost {
		http.Error(w, "want POST", http.StatusMethodNotAllowed)
		return
	}
	clicks, err := d.Clicks(r, d.Secret)
	if err != nil {
		d.Log(err.Error())
		http.Error(w, "refused", http.StatusForbidden)
		return
	}
	for _, c := range clicks {
		d.click(r.Context(), c)
	}
	w.WriteHeader(http.StatusOK) // Slack shows an error for anything else
}

// The actions of buttons.
const (
	approveAction = approval.ApproveButton
	refuseAction  = approval.RefuseButton
)

func (d *Door) click(ctx context.Context, c notify.Click) {
	if c.Action != approveAction && c.Action != refuseAction {
		d.Log(fmt.Sprintf("a button of nobody's: %.40q", c.Action))
		return
	}
	v := approval.Vote{By: c.Member, Via: approval.Slack, Person: d.Settings.Member(c.Member), Agree: c.Action == approveAction}
	if !v.Agree {
		v.Reason = "by a button in Slack"
	}
	r, err := d.Folder.Decide(c.Value, v, d.Clock.Now())
	if err != nil {
		d.Log(fmt.Sprintf("%.40s: %s: %v", c.Value, c.Member, err))
		return
	}
	verdict := "agreed"
	if !v.Agree {
		verdict = "refused"
	}
	d.Log(text.Counted.In("en", "id", r.Request.ID, "person", v.Person, "verdict", verdict))
	d.Voted(ctx, r)
}

// Serve answers until the context ends. It says where it listens.
func (d *Door) Serve(ctx context.Context, address string) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	s := &http.Server{Handler: d, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10}
	defer context.AfterFunc(ctx, func() { _ = s.Close() })()
	d.Log("ready http://" + l.Addr().String() + "/slack/actions")
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
