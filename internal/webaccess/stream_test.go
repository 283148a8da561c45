package webaccess

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"tamachi/internal/desktops"
)

// dial opens a stream as the page does. The answer is that of the upgrade.
func dial(t *testing.T, base, id, cookie, origin string) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	header := http.Header{}
	if cookie != "" {
		header.Set("Cookie", cookie)
	}
	if origin != "" {
		header.Set("Origin", origin)
	}
	c, res, err := websocket.Dial(ctx, base+Prefix+"workspace/"+id+"/stream", &websocket.DialOptions{
		HTTPHeader: header, HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	})
	if err == nil {
		t.Cleanup(func() { _ = c.CloseNow() })
	}
	return c, res, err
}

// connected is a redeemed session with an open stream and the desktop's end.
func connected(t *testing.T, d *desk, base string) (*websocket.Conn, net.Conn) {
	t.Helper()
	get(t, TicketURL(base, "ticket-a"))
	return again(t, d, base)
}

func again(t *testing.T, d *desk, base string) (*websocket.Conn, net.Conn) {
	t.Helper()
	c, _, err := dial(t, base, deskA, cookieName+"=secret-"+deskA, base)
	if err != nil {
		t.Fatal(err)
	}
	screen := <-d.screens
	t.Cleanup(func() { screen.Close() })
	return c, screen
}

// farewell is the close code that the browser sees.
func farewell(t *testing.T, c *websocket.Conn) websocket.StatusCode {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, _, err := c.Read(ctx)
	return websocket.CloseStatus(err)
}

func TestAStreamCarriesBytesBothWaysAndItsFactsAreTold(t *testing.T) {
	d := newDesk()
	_, base := house(t, d)
	c, screen := connected(t, d, base)
	up := append(greeting(), bytes.Repeat([]byte{keyEvent, 1, 0, 0, 0, 0, 0, 'a'}, 10_000)...) // more than one buffer
	go func() { _ = c.Write(t.Context(), websocket.MessageBinary, up) }()
	got := make([]byte, len(up))
	for n := 0; n < len(got); {
		m, err := screen.Read(got[n:])
		if err != nil {
			t.Fatal(err)
		}
		n += m
	}
	if !bytes.Equal(got, up) {
		t.Error("to the desktop: want the bytes as sent, got others")
	}
	go func() { _, _ = screen.Write([]byte("RFB 003.008\n")) }()
	kind, down, err := c.Read(t.Context())
	if err != nil || kind != websocket.MessageBinary || string(down) != "RFB 003.008\n" {
		t.Errorf("to the browser: want the banner in a binary message, got %v %q %v", kind, down, err)
	}
	s := <-d.connected
	if s.ID != deskA || s.Client != "127.0.0.1" || !s.Opened.Equal(midnight) || !s.Closed.IsZero() {
		t.Errorf("facts on connect: want %s from 127.0.0.1 at %s, got %+v", deskA, midnight, s)
	}
	_ = c.Close(websocket.StatusNormalClosure, "")
	if s = <-d.closed; s.ID != deskA || !s.Closed.Equal(midnight) || s.End != desktops.Left {
		t.Errorf("facts on disconnect: want %s closed at %s by the browser, got %+v", deskA, midnight, s)
	}
	if _, err := screen.Read(make([]byte, 1)); err == nil {
		t.Error("after the browser left: want the display closed, got bytes")
	}
}

// greeting is what a client says before its first message.
func greeting() []byte { return append([]byte("RFB 003.008\n"), 1, 1) }

func drain(screen net.Conn) { _, _ = io.Copy(io.Discard, screen) }

func TestAStreamEndsWhenItMust(t *testing.T) {
	rows := []struct {
		name string
		do   func(h *Handler, d *desk, c *websocket.Conn, screen net.Conn)
		want websocket.StatusCode
		why  desktops.End
	}{
		{"the desktop stops", func(_ *Handler, _ *desk, _ *websocket.Conn, screen net.Conn) { screen.Close() }, websocket.StatusNormalClosure, desktops.DarkScreen},
		{"the plane stops", func(h *Handler, _ *desk, _ *websocket.Conn, _ net.Conn) { h.Close(); h.Close() }, websocket.StatusGoingAway, desktops.PlaneEnded},
		{"the session is over", func(_ *Handler, d *desk, _ *websocket.Conn, _ net.Conn) { d.end("secret-" + deskA) }, websocket.StatusPolicyViolation, desktops.Over},
		{"the address is let in no more", func(_ *Handler, d *desk, _ *websocket.Conn, _ net.Conn) {
			d.bar(&desktops.Barred{Why: desktops.Address})
		}, websocket.StatusPolicyViolation, desktops.Address},
		{"an administrator works on the desktop", func(_ *Handler, d *desk, _ *websocket.Conn, _ net.Conn) {
			d.bar(&desktops.Barred{Why: desktops.Upkeep})
		}, websocket.StatusPolicyViolation, desktops.Upkeep},
		{"an administrator ends it", func(_ *Handler, d *desk, _ *websocket.Conn, _ net.Conn) {
			d.bar(fmt.Errorf("%w: %w", desktops.ErrNoPass, desktops.ErrDismissed))
		}, websocket.StatusPolicyViolation, desktops.Dismissed},
		{"the browser speaks another protocol", func(_ *Handler, _ *desk, c *websocket.Conn, screen net.Conn) {
			go drain(screen)
			_ = c.Write(context.Background(), websocket.MessageBinary, append(greeting(), 99))
		}, websocket.StatusUnsupportedData, desktops.Lost},
		{"the browser sends text", func(_ *Handler, _ *desk, c *websocket.Conn, _ net.Conn) {
			_ = c.Write(context.Background(), websocket.MessageText, []byte("hello"))
		}, websocket.StatusUnsupportedData, desktops.Lost},
		{"the browser sends a message beyond the limit", func(_ *Handler, _ *desk, c *websocket.Conn, screen net.Conn) {
			go drain(screen)
			_ = c.Write(context.Background(), websocket.MessageBinary, append(greeting(), bytes.Repeat([]byte{keyEvent, 1, 0, 0, 0, 0, 0, 'a'}, maxMessage/8)...))
		}, websocket.StatusMessageTooBig, desktops.Lost},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := newDesk()
			h, base := house(t, d)
			h.ping = 5 * time.Millisecond
			c, screen := connected(t, d, base)
			row.do(h, d, c, screen)
			if got := farewell(t, c); got != row.want {
				t.Errorf("close code: want %v, got %v", row.want, got)
			}
			if s := <-d.closed; s.ID != deskA || s.End != row.why {
				t.Errorf("facts: want the end of %s, %s, got %+v", deskA, row.why, s)
			}
		})
	}
}

func TestAStreamIsRefused(t *testing.T) {
	own := cookieName + "=secret-" + deskA
	rows := []struct {
		name, id, cookie, origin string
		refuse                   error
		want                     int
		why                      desktops.End // as it is kept; "" is not
	}{
		{"without a cookie", deskA, "", "same", nil, 401, ""},
		{"with a session of another desktop", deskB, own, "same", nil, 401, ""},
		{"from a page of another site", deskA, own, "https://evil.example", nil, 403, ""},
		{"from a page of another port", deskA, own, "http://127.0.0.1:1", nil, 403, ""},
		{"from no page", deskA, own, "", nil, 403, ""},
		{"from an opaque origin", deskA, own, "null", nil, 403, ""},
		{"from an address that is not let in", deskA, own, "same", &desktops.Barred{Why: desktops.Address}, 403, desktops.Address},
		{"when the provider knows no such desktop", deskA, own, "same", desktops.ErrNotFound, 404, desktops.NoScreen},
		{"when the display does not answer", deskA, own, "same", errors.New("connection refused on /run/secret"), 502, desktops.NoScreen},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := newDesk()
			if d.refuse = row.refuse; errors.Is(row.refuse, desktops.ErrBarred) {
				d.bar(row.refuse)
			}
			_, base := house(t, d)
			get(t, TicketURL(base, "ticket-a"))
			origin := row.origin
			if origin == "same" {
				origin = base
			}
			_, res, err := dial(t, base, row.id, row.cookie, origin)
			if err == nil || res == nil || res.StatusCode != row.want {
				t.Fatalf("want %d, got %v %v", row.want, res, err)
			}
			if got := body(t, res); strings.Contains(got, "secret") {
				t.Errorf("want no inner error, got %q", got)
			}
			if len(d.screens) > 0 {
				t.Error("want no display dialled, got one")
			}
			var why desktops.End
			if len(d.failed) > 0 {
				why = (<-d.failed).End
			}
			if why != row.why || len(d.failed) > 0 {
				t.Errorf("kept: want %q once, got %q and %d more", row.why, why, len(d.failed))
			}
		})
	}
}

func TestAPlainRequestIsNoStreamAndHoldsNothing(t *testing.T) {
	d := newDesk()
	h, base := house(t, d)
	get(t, TicketURL(base, "ticket-a"))
	res := get(t, base+Prefix+"workspace/"+deskA+"/stream", "Origin", base, "Cookie", cookieName+"=secret-"+deskA)
	if res.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("want 426, got %d", res.StatusCode)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.total != 0 || len(h.streams) != 0 {
		t.Errorf("want no stream counted, got %d %v", h.total, h.streams)
	}
}

func TestTheNinthWindowOfADesktopIsRefusedUntilOneCloses(t *testing.T) {
	d := newDesk()
	_, base := house(t, d)
	first, _ := connected(t, d, base)
	for range maxPerDesktop - 1 {
		again(t, d, base)
	}
	_, res, err := dial(t, base, deskA, cookieName+"=secret-"+deskA, base)
	if err == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("one too many: want 503, got %v %v", res, err)
	}
	state := body(t, get(t, base+Prefix+"workspace/"+deskA+"/state", "Cookie", cookieName+"=secret-"+deskA))
	if !strings.Contains(state, `"full":true`) {
		t.Errorf("state: want full, got %s", state)
	}
	_ = first.Close(websocket.StatusNormalClosure, "")
	<-d.closed
	deadline := time.Now().Add(5 * time.Second)
	for {
		c, _, err := dial(t, base, deskA, cookieName+"=secret-"+deskA, base)
		if err == nil {
			_ = c.CloseNow()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after one closed: want a stream, got %v", err)
		}
	}
}

func TestAClosedHandlerTakesNoStreams(t *testing.T) {
	d := newDesk()
	h, base := house(t, d)
	get(t, TicketURL(base, "ticket-a"))
	h.Close()
	_, res, err := dial(t, base, deskA, cookieName+"=secret-"+deskA, base)
	if err == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("want 503, got %v %v", res, err)
	}
}

func TestAnybodyFindsOutWhetherStreamsPass(t *testing.T) {
	_, base := house(t, newDesk())
	ask := func(origin string, word []byte) ([]byte, error) {
		c, _, err := websocket.Dial(t.Context(), base+Prefix+"probe", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
		if err != nil {
			return nil, err
		}
		defer c.CloseNow() //nolint:errcheck // the word went back, or did not
		if err := c.Write(t.Context(), websocket.MessageBinary, word); err != nil {
			return nil, err
		}
		_, back, err := c.Read(t.Context())
		return back, err
	}
	if back, err := ask(base, []byte("tamachi")); err != nil || string(back) != "tamachi" {
		t.Errorf("want the word back, got %q, %v", back, err)
	}
	if _, err := ask("https://evil.example", []byte("tamachi")); err == nil {
		t.Error("from another site's page: want it refused")
	}
	if _, err := ask(base, make([]byte, longestWord+1)); websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
		t.Errorf("a long word: want it refused, got %v", err)
	}
}
