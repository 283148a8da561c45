package wire_test

import (
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// dial opens a signed WebSocket as an agent does.
func dial(t *testing.T, p *plane) (net.Conn, error) {
	t.Helper()
	const path = "/v1/control-channel/mi-0123456789abcdef0?role=subscribe&stream=input"
	req := raw{method: "GET", url: path, service: "ssmmessages"}.request(t, p)
	dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP(http.Header{
		"Authorization": req.Header["Authorization"], "X-Amz-Date": req.Header["X-Amz-Date"],
	})}
	conn, _, _, err := dialer.Dial(t.Context(), "ws://"+p.addr+path)
	return conn, err
}

func TestStreamRowsGetTheConnection(t *testing.T) {
	p := start(t)
	conn, err := dial(t, p)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, text := range []string{"one", "two"} {
		if err := wsutil.WriteClientText(conn, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := wsutil.ReadServerText(conn); err != nil || string(got) != text {
			t.Fatalf("got %q, %v, want %q back", got, err, text)
		}
	}
	if call := p.gate.last(t); call.Operation != "OpenControlChannel" || call.Account != account {
		t.Errorf("got %+v, want OpenControlChannel of %s", call, account)
	}
	if err := p.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := wsutil.ReadServerText(conn); err == nil {
		t.Error("the connection outlived the server")
	}
}

func TestStreamRowsAreVerifiedBeforeTheHandshake(t *testing.T) {
	p := start(t)
	dialer := ws.Dialer{}
	_, _, _, err := dialer.Dial(t.Context(), "ws://"+p.addr+"/v1/control-channel/mi-0123456789abcdef0?role=subscribe&stream=input")
	if status, ok := errors.AsType[ws.StatusError](err); !ok || status != http.StatusForbidden {
		t.Errorf("got %v, want 403", err)
	}
}
