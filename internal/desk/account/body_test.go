package account

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// closing is a transport that behaves as the SDK's worst moment: the caller's
// body is closed before the transport has read its own to the end.
type closing struct {
	theirs io.Closer
	got    string
}

func (c *closing) Do(r *http.Request) (*http.Response, error) {
	half := make([]byte, 4)
	if _, err := io.ReadFull(r.Body, half); err != nil {
		return nil, err
	}
	if err := c.theirs.Close(); err != nil {
		return nil, err
	}
	rest, err := io.ReadAll(r.Body)
	c.got = string(half) + string(rest)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, err
}

// closable refuses to be read once it is closed, as the SDK's bodies do.
type closable struct {
	io.Reader
	closed bool
}

func (c *closable) Read(b []byte) (int, error) {
	if c.closed {
		return 0, errors.New("read after close")
	}
	return c.Reader.Read(b)
}

func (c *closable) Close() error { c.closed = true; return nil }

func TestABodyThatIsClosedEarlyIsSentWhole(t *testing.T) {
	for name, want := range map[string]error{"steady": nil, "plain": errors.New("read after close")} {
		theirs := &closable{Reader: strings.NewReader(`{"Limit":25}`)}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://plane/", theirs)
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = 12
		transport := &closing{theirs: theirs}
		client := Steady(transport)
		if name == "plain" {
			client = transport
		}
		res, err := client.Do(r)
		if err == nil {
			err = res.Body.Close()
		}
		if (err == nil) != (want == nil) {
			t.Errorf("%s: want %v, got %v", name, want, err)
		}
		if want == nil && transport.got != `{"Limit":25}` {
			t.Errorf("%s: want the whole body, got %q", name, transport.got)
		}
	}
}
