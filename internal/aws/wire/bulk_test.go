package wire

import (
	"bytes"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// counted counts the writes of a connection.
type counted struct {
	net.Conn
	writes *atomic.Int32
}

func (c counted) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// A large message of a TLS conversation leaves in one write, a small one at
// once, and what comes is the same however it is cut.
func TestLargeMessagesOfAConversation(t *testing.T) {
	donor := httptest.NewTLSServer(nil)
	defer donor.Close()
	far, near := net.Pipe()
	var writes atomic.Int32
	server := tls.Server(&prefixed{Conn: counted{near, &writes}}, donor.TLS)
	peer := tls.Client(far, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // its own pipe
	done := make(chan error, 1)
	go func() { done <- peer.Handshake() }()
	if err := server.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	conn := inBulk(server)
	if _, ok := conn.(*whole); !ok {
		t.Fatalf("got a %T", conn)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{1, 200, record, record + 1, 300_000, 5, 1_000_000, 70_000} {
		sent := make([]byte, size)
		for i := range sent {
			sent[i] = byte(random.Uint32())
		}
		writes.Store(0)
		go func() {
			_, err := conn.Write(sent)
			done <- err
		}()
		got := make([]byte, size)
		if _, err := io.ReadFull(peer, got); err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("%d bytes to the peer came as others: %v", size, err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if n := writes.Load(); size > record && n != 1 {
			t.Errorf("%d bytes left in %d writes, want 1", size, n)
		}
		go func() {
			_, err := peer.Write(sent)
			done <- err
		}()
		clear(got)
		if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("%d bytes of the peer came as others: %v", size, err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	go far.Close()
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("read %d bytes of a closed connection, %v", n, err)
	}
}
