package mail_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"tamachi/internal/notify"
	"tamachi/internal/notify/mail"
	"tamachi/internal/notify/notifytest"
)

func TestSuite(t *testing.T) {
	ways := []struct {
		name string
		r    *relay
	}{
		{"STARTTLS", &relay{}},
		{"TLS from the first byte", &relay{implicit: true}},
		{"without TLS, as was asked for", &relay{plain: true}},
	}
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			notifytest.Run(t, func(t *testing.T) (notify.Sender, func() []notifytest.Arrived) {
				r := &relay{implicit: w.r.implicit, plain: w.r.plain}
				return r.open(t), func() []notifytest.Arrived {
					r.mu.Lock()
					defer r.mu.Unlock()
					var out []notifytest.Arrived
					for _, m := range r.messages {
						out = append(out, notifytest.Read(t, m))
					}
					return out
				}
			})
		})
	}
}

func TestNothingButTheGreetingGoesInTheClear(t *testing.T) {
	r := &relay{login: "tamachi\x00Sesame-1"}
	r.open(t)
	o := r.options()
	o.User, o.Password = "tamachi", "Sesame-1"
	if err := mail.New(o).Send(t.Context(), notifytest.Notice("n-1")); err != nil {
		t.Fatal(err)
	}
	if want := []string{"EHLO", "STARTTLS"}; !slices.Equal(r.clear, want) {
		t.Errorf("want %v in the clear, got %v", want, r.clear)
	}
	if want := []string{"FROM:<no-reply@d-0123456789.example.com>", "TO:<n-1@example.com>"}; !slices.Equal(r.envelope, want) {
		t.Errorf("want the envelope %v, got %v", want, r.envelope)
	}
}

func TestWhatFails(t *testing.T) {
	rows := []struct {
		name    string
		answers map[string]string
		change  func(*mail.Options)
		forGood bool
		says    string
	}{
		{"a receiver that the server does not know is refused for good", map[string]string{"RCPT": "550 5.1.1 no such mailbox"}, nil, true, "no such mailbox"},
		{"a sender that it does not take is refused for good", map[string]string{"MAIL": "553 5.1.8 no such domain"}, nil, true, "no such domain"},
		{"a mail that it does not take is refused for good", map[string]string{"DATA": "554 5.6.0 no"}, nil, true, "554"},
		{"a mailbox that is busy may pass", map[string]string{"RCPT": "450 4.2.1 busy"}, nil, false, "busy"},
		{"a server that wants a login first may pass", map[string]string{"MAIL": "530 5.7.0 log in"}, nil, false, "log in"},
		{"a wrong password may be put right", nil, func(o *mail.Options) { o.User, o.Password = "tamachi", "x" }, false, "535"},
		{"a server without STARTTLS gets nothing", map[string]string{"EHLO": "250 relay.test"}, nil, false, "no STARTTLS"},
		{"a certificate of nobody's is not believed", nil, func(o *mail.Options) { o.Roots = nil }, false, "certificate"},
		{"a password needs TLS", nil, func(o *mail.Options) { o.Plain, o.User = true, "tamachi" }, false, "over TLS only"},
		{"a server that is not there may come back", nil, func(o *mail.Options) { o.Port = "1" }, false, "refused"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := &relay{answers: row.answers, login: "tamachi\x00Sesame-1"}
			r.open(t)
			o := r.options()
			if row.change != nil {
				row.change(&o)
			}
			err := mail.New(o).Send(t.Context(), notifytest.Notice("n-1"))
			if err == nil || errors.Is(err, notify.ErrRefused) != row.forGood || !strings.Contains(err.Error(), row.says) {
				t.Errorf("want an error about %q, for good %v; got %v", row.says, row.forGood, err)
			}
			if strings.Contains(err.Error(), "Sesame") {
				t.Errorf("want no password in the error, got %v", err)
			}
			if len(r.messages) != 0 {
				t.Errorf("want no mail, got %d", len(r.messages))
			}
		})
	}
}

func TestAServerThatIsSilentIsNotWaitedFor(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	host, port, _ := net.SplitHostPort(l.Addr().String())
	err = mail.New(mail.Options{Host: host, Port: port, Timeout: 50 * time.Millisecond}).Send(t.Context(), notifytest.Notice("n-1"))
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, notify.ErrRefused) {
		t.Errorf("want the deadline, got %v", err)
	}
}
