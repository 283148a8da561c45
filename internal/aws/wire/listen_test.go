package wire_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tamachi/internal/aws/wire"
)

func TestABodyOf20MBIsRefusedEarly(t *testing.T) {
	p := start(t)
	big := strings.Repeat("x", 20<<20)
	t.Run("with its length announced, over HTTP/1.1", func(t *testing.T) {
		a := describe(big).send(t, p)
		if a.status != 413 || a.code != "RequestEntityTooLargeException" || a.text != "HTTP content length exceeded 1048576 bytes." {
			t.Errorf("got %d %s, want RequestEntityTooLargeException", a.status, a.body)
		}
	})
	t.Run("without its length, over HTTP/1.1", func(t *testing.T) {
		req := describe("").request(t, p)
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(big)), -1
		if a := exchange(t, p.client(t), req); a.status != 413 {
			t.Errorf("got %d %s, want 413", a.status, a.body)
		}
	})
	t.Run("over HTTP/2", func(t *testing.T) {
		call := describe(big)
		call.url = "https://" + p.addr + "/"
		if a := call.send(t, p); a.status != 413 {
			t.Errorf("got %d %s, want 413", a.status, a.body)
		}
	})
	t.Run("by a client that sends everything before it reads", func(t *testing.T) {
		conn, err := net.Dial("tcp", p.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, err = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: WorkspacesService.DescribeWorkspaces\r\nContent-Length: %d\r\n\r\n%s", len(big), big)
		if err != nil {
			t.Fatalf("send: %v", err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != 413 {
			t.Fatalf("got %+v, %v, want 413", resp, err)
		}
	})
	t.Run("by the AWS CLI", func(t *testing.T) {
		file := t.TempDir() + "/input.json"
		if err := os.WriteFile(file, []byte(`{"WorkspaceIds":["`+big+`"]}`), 0o600); err != nil {
			t.Fatal(err)
		}
		before := p.requests.Load()
		out, err := p.run(t, "http", administrator, "workspaces", "describe-workspaces", "--cli-input-json", "file://"+file)
		if err == nil || !strings.Contains(out, "RequestEntityTooLargeException") || p.requests.Load() != before+1 {
			t.Errorf("got %q, %v after %d requests, want RequestEntityTooLargeException after one", out, err, p.requests.Load()-before)
		}
	})
}

func TestAFloodOfHeadersIsRefused(t *testing.T) {
	p := start(t)
	for name, lines := range map[string]string{
		"one long header": "X-Long: " + strings.Repeat("a", 1<<20) + "\r\n",
		"many headers":    strings.Repeat("X-Many: a\r\n", 100000),
	} {
		conn, err := net.Dial("tcp", p.addr)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = io.WriteString(conn, "GET /x HTTP/1.1\r\nHost: x\r\n"+lines+"\r\n") }()
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: got %+v, %v, want 431", name, resp, err)
		}
		conn.Close()
	}
}

func TestTLSForStrangersNamesFails(t *testing.T) {
	p := start(t)
	conn, err := tls.Dial("tcp", p.addr, &tls.Config{ServerName: "sts.amazonaws.com", RootCAs: p.roots})
	if err == nil {
		conn.Close()
		t.Fatal("got a certificate for sts.amazonaws.com, want none")
	}
	if !strings.Contains(err.Error(), "unrecognized name") {
		t.Errorf("got %v, want unrecognized name", err)
	}
}

func TestDrainLetsARequestFinish(t *testing.T) {
	p := start(t)
	stop := describe("{}")
	stop.header[1] = "WorkspacesService.StopWorkspaces"
	client, request := p.client(t), stop.request(t, p)
	got := make(chan answer, 1)
	go func() { got <- exchange(t, client, request) }()
	<-p.block.begun
	stopped := make(chan error, 1)
	go func() { stopped <- p.stop() }()
	for { // until the port is closed
		conn, err := net.Dial("tcp", p.addr)
		if err != nil {
			break
		}
		conn.Close()
	}
	close(p.block.end)
	if a := <-got; a.status != 200 {
		t.Errorf("got %d %s, want the request under way to finish", a.status, a.body)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
}

// pipes is a listener whose connections are in memory, for frozen time.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial() net.Conn {
	near, far := net.Pipe()
	p.conns <- far
	return near
}

// slowly serves pages in a bubble of frozen time.
func slowly(t *testing.T, test func(t *testing.T, dial func() net.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		inner := newPipes()
		log := slog.New(slog.DiscardHandler)
		gate := &rows{table: table(block{})}
		door := newDoor(t, gate, log)
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- wire.Serve(ctx, wire.Split(inner, &tls.Config{}, nil), door, log) }()
		test(t, inner.dial)
		cancel()
		if err := <-served; err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

func page(t *testing.T, conn net.Conn) {
	t.Helper()
	go func() { _, _ = io.WriteString(conn, "GET /_tamachi/ready HTTP/1.1\r\nHost: x\r\n\r\n") }()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("got %+v, %v, want the page", resp, err)
	}
	conn.Close()
}

func TestASilentConnectionIsClosedAndHoldsUpNobody(t *testing.T) {
	slowly(t, func(t *testing.T, dial func() net.Conn) {
		began := time.Now()
		silent := dial()
		page(t, dial())
		if waited := time.Since(began); waited != 0 {
			t.Errorf("the second client waited %v for the first", waited)
		}
		if _, err := silent.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("got %v, want the connection closed", err)
		}
		if waited := time.Since(began); waited != 10*time.Second {
			t.Errorf("closed after %v, want 10 s", waited)
		}
	})
}

func TestAHeaderThatNeverEndsIsCutOff(t *testing.T) {
	slowly(t, func(t *testing.T, dial func() net.Conn) {
		began := time.Now()
		conn := dial()
		var sender sync.WaitGroup
		sender.Go(func() {
			_, err := io.WriteString(conn, "GET / HTTP/1.1\r\n")
			for err == nil { // a byte a second, for ever
				_, err = io.WriteString(conn, "X")
				<-time.After(time.Second)
			}
		})
		_, _ = io.Copy(io.Discard, conn)
		sender.Wait()
		if waited := time.Since(began); waited > 15*time.Second {
			t.Errorf("cut off after %v, want about 10 s", waited)
		}
	})
}

func TestABodyThatIsDamagedIsNoTimeout(t *testing.T) {
	slowly(t, func(t *testing.T, dial func() net.Conn) {
		for _, body := range []string{"ZZ\r\n{}\r\n0\r\n\r\n", "2\r\n{}xx", "fffffffffffffffff\r\n"} {
			conn := dial()
			go func() {
				_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: WorkspacesService.DescribeWorkspaces\r\nTransfer-Encoding: chunked\r\n\r\n"+body)
			}()
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil || resp.StatusCode != http.StatusBadRequest {
				t.Errorf("chunks %q: got %+v, %v, want 400", body, resp, err)
			}
			conn.Close()
		}
	})
}

func TestABodyThatNeverComesIsTimedOut(t *testing.T) {
	slowly(t, func(t *testing.T, dial func() net.Conn) {
		began := time.Now()
		conn := dial()
		go func() {
			_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: WorkspacesService.DescribeWorkspaces\r\nContent-Length: 10\r\n\r\n{")
		}()
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || resp.StatusCode != http.StatusRequestTimeout {
			t.Fatalf("got %+v, %v, want 408", resp, err)
		}
		body, _ := io.ReadAll(resp.Body)
		if !strings.Contains(string(body), "RequestTimeoutException") {
			t.Errorf("got %s, want RequestTimeoutException", body)
		}
		if waited := time.Since(began); waited != 30*time.Second {
			t.Errorf("timed out after %v, want 30 s", waited)
		}
	})
}
