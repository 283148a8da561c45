package notice

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"tamachi/internal/desk/calendar"
	"tamachi/internal/desk/question"
	"tamachi/internal/notify"
)

// Door is where answers come in: clicks on buttons, proved by the workspace's
// signing secret, and links, proved by themselves. Each counts once, however
// often it is sent.
type Door struct {
	Page   *question.Page
	Clicks func(r *http.Request, secret string) ([]notify.Click, error)
	Secret string // "" takes no clicks
	Feed   *calendar.Feed
	Others map[string]http.Handler
}

// The paths of the door.
const (
	slackPath    = "/slack/actions" // the app's request URL for interactivity
	questionPath = "/q/"
)

// Handler is the door as a server has it.
func (d *Door) Handler() http.Handler {
	m := http.NewServeMux()
	if d.Secret != "" {
		m.HandleFunc("POST "+slackPath, d.slack)
	}
	m.Handle(questionPath, d.Page)
	m.Handle(calendar.Path, d.Feed)
	for pattern, h := range d.Others {
		m.Handle(pattern, h)
	}
	return m
}

func (d *Door) slack(w http.ResponseWriter, r *http.Request) {
	clicks, err := d.Clicks(r, d.Secret)
	if err != nil {
		d.Page.Log(err.Error())
		http.Error(w, "refused", http.StatusForbidden)
		return
	}
	for _, c := range clicks {
		d.click(r.Context(), c)
	}
	w.WriteHeader(http.StatusOK) // Slack shows an error for anything else
}

// byButton is the reason where one is wanted: a button has no room for one.
const byButton = "by a button in Slack"

func (d *Door) click(ctx context.Context, c notify.Click) {
	id, choice, ok := question.Clicked(c)
	if !ok {
		d.Page.Log(fmt.Sprintf("a button of nobody's: %.40q", c.Action))
		return
	}
	a := question.Answer{Choice: choice, Reason: byButton, Via: question.Slack, By: c.Member}
	if _, err := d.Page.Answer(ctx, id, d.Page.Settings.Member(c.Member), a); err != nil {
		d.Page.Log(fmt.Sprintf("%s: %s: %v", id, c.Member, err))
	}
}

// Serve answers until the context ends. It says where it listens.
func (d *Door) Serve(ctx context.Context, address string) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	s := &http.Server{Handler: d.Handler(), ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	defer context.AfterFunc(ctx, func() { _ = s.Close() })()
	d.Page.Log("ready http://" + l.Addr().String())
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
