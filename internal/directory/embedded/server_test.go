package embedded

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-ldap/ldap/v3"
	"go.uber.org/goleak"

	"tamachi/internal/directory"
	"tamachi/internal/directory/directorytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs a server until the test ends.
func start(t testing.TB, accounts directory.Accounts, limits Limits) *Server {
	t.Helper()
	return run(t, New(accounts, nil, limits, slog.New(slog.DiscardHandler)))
}

func run(t testing.TB, s *Server) *Server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("want the server to end without error, got %v", err)
		}
	})
	return s
}

// dial connects a client of another make.
func dial(t *testing.T, s *Server, d directory.Domain) *ldap.Conn {
	t.Helper()
	addr, err := s.Endpoint(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ldap.DialURL("ldap://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	c.SetTimeout(10 * time.Second)
	t.Cleanup(func() { c.Close() })
	return c
}

// raw connects without a client.
func raw(t *testing.T, s *Server) net.Conn {
	t.Helper()
	addr, err := s.Endpoint(t.Context(), directorytest.Corp.ID)
	if err != nil {
		t.Fatal(err)
	}
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestNamesOfABind(t *testing.T) {
	s := start(t, directorytest.Office(), DefaultLimits())
	rows := []struct {
		name, user, password string
		code                 uint16
		text                 string
	}{
		{"the principal name", "tanaka@corp.example.com", "Sesame-3", 0, ""},
		{"the principal name in capitals", "TANAKA@CORP.EXAMPLE.COM", "Sesame-3", 0, ""},
		{"the name of old", `CORP\tanaka`, "Sesame-3", 0, ""},
		{"the name of old with the long domain", `corp.example.com\tanaka`, "Sesame-3", 0, ""},
		{"the distinguished name", "CN=tanaka,CN=Users,DC=corp,DC=example,DC=com", "Sesame-3", 0, ""},
		{"the distinguished name, written otherwise", `cn = \74anaka , cn=USERS,dc=corp,DC=example,DC=com`, "Sesame-3", 0, ""},
		{"nobody at all", "", "", 0, ""},
		{"a name and no password", "tanaka@corp.example.com", "", 53, "proves nothing"},
		{"a password and no name", "", "Sesame-3", 49, "data 525"},
		{"a name without its domain", "tanaka", "Sesame-3", 49, "data 525"},
		{"another domain", `OTHER\tanaka`, "Sesame-3", 49, "data 525"},
		{"another container", "CN=tanaka,CN=Computers,DC=corp,DC=example,DC=com", "Sesame-3", 49, "data 525"},
		{"a wrong password", `CORP\tanaka`, "x", 49, "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v4563"},
		{"a disabled account", `CORP\fujita.kouhei`, "Sesame-2", 49, "data 533"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			c := dial(t, s, directorytest.Corp)
			_, err := c.SimpleBind(&ldap.SimpleBindRequest{Username: r.user, Password: r.password, AllowEmptyPassword: true})
			var e *ldap.Error
			switch {
			case r.code == 0 && err != nil:
				t.Fatalf("want no error, got %v", err)
			case r.code == 0:
			case !errors.As(err, &e) || e.ResultCode != r.code || !strings.Contains(e.Error(), r.text):
				t.Fatalf("want code %d with %q, got %v", r.code, r.text, err)
			}
		})
	}
}

func TestAFailedBindLeavesNobodyBound(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	who := func(want string) {
		t.Helper()
		got, err := c.WhoAmI(nil)
		if err != nil || got.AuthzID != want {
			t.Errorf("want %q, got %+v, %v", want, got, err)
		}
	}
	who("")
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	who(`u:CORP\tanaka`)
	if err := c.Bind(`CORP\tanaka`, "x"); err == nil {
		t.Fatal("want a refusal, got none")
	}
	who("")
}

func TestWhatWouldChangeIsRefused(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	me := "CN=tanaka,CN=Users," + top
	modify := ldap.NewModifyRequest(me, nil)
	modify.Replace("mail", []string{"x"})
	_, compared := c.Compare(me, "cn", "tanaka")
	for name, err := range map[string]error{
		"add": c.Add(ldap.NewAddRequest("CN=new,"+top, nil)), "modify": c.Modify(modify),
		"delete": c.Del(ldap.NewDelRequest(me, nil)), "rename": c.ModifyDN(ldap.NewModifyDNRequest(me, "CN=x", true, "")),
		"compare": compared,
	} {
		if !ldap.IsErrorWithCode(err, 53) {
			t.Errorf("%s: want code 53, got %v", name, err)
		}
	}
	if _, err := c.Extended(&ldap.ExtendedRequest{Name: "1.3.6.1.4.1.1466.20037"}); !ldap.IsErrorWithCode(err, 2) {
		t.Errorf("StartTLS: want protocolError, got %v", err)
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wrap makes a BER element, with a length of three octets.
func wrap(tag byte, content []byte) []byte {
	return append([]byte{tag, 0x82, byte(len(content) >> 8), byte(len(content))}, content...)
}

// nested is a filter of n times "not".
func nested(n int) []byte {
	f := []byte{0x87, 0x02, 'c', 'n'}
	for range n {
		f = wrap(0xa2, f)
	}
	return f
}

// searchFor is a whole search request with a filter.
func searchFor(filter []byte) []byte {
	body := slices.Concat([]byte{4, 0, 10, 1, 0, 10, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0}, filter, []byte{0x30, 0})
	return wrap(0x30, append([]byte{2, 1, 1}, wrap(0x63, body)...))
}

func TestBrokenRulesEndTheConnection(t *testing.T) {
	s := start(t, directorytest.Office(), DefaultLimits())
	rows := []struct {
		name string
		send []byte
		says bool // that it ends for a protocol error
	}{
		{"another protocol", []byte("GET / HTTP/1.1\r\n\r\n"), true},
		{"TLS", unhex(t, "16 0301 00c8 01"), true},
		{"an indefinite length", unhex(t, "30 80 020101 4200 0000"), true},
		{"a length of nine octets", unhex(t, "30 89 000000000000000001"), true},
		{"two gigabytes announced", unhex(t, "30 84 7fffffff 020101"), true},
		{"message number 0", unhex(t, "30 05 020100 4200"), true},
		{"a negative message number", unhex(t, "30 05 0201ff 4200"), true},
		{"an operation that is none", unhex(t, "30 05 020101 5f00"), true},
		{"a reply as a request", unhex(t, "30 0c 020101 6107 0a0100 0400 0400"), true},
		{"an element longer than its message", unhex(t, "30 05 020101 60ff"), true},
		{"an empty bind", unhex(t, "30 05 020101 6000"), true},
		{"a tag of several octets", unhex(t, "30 06 020101 7f810000"), true},
		{"a filter of forty levels", searchFor(nested(40)), true},
		{"a filter of a thousand terms", searchFor(wrap(0xa1, bytes.Repeat(nested(0), 1000))), true},
		{"half a message", unhex(t, "30 05 0201"), false},
		{"good-bye", unhex(t, "30 05 020101 4200"), false},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			c := raw(t, s)
			if _, err := c.Write(r.send); err != nil {
				t.Fatal(err)
			}
			if err := c.(*net.TCPConn).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(c)
			if err != nil && len(got) == 0 && r.says {
				t.Fatal(err)
			}
			if says := bytes.Contains(got, []byte(noticeOfDisconnection)); says != r.says {
				t.Errorf("want notice of disconnection %v, got %q", r.says, got)
			}
		})
	}
}

func TestADeepFilterWithinTheLimitIsAnswered(t *testing.T) {
	c := raw(t, start(t, directorytest.Office(), DefaultLimits()))
	if _, err := c.Write(searchFor(nested(maxFilterDepth))); err != nil {
		t.Fatal(err)
	}
	tag := make([]byte, 1)
	if _, err := io.ReadFull(c, tag); err != nil || tag[0] != tagSequence {
		t.Errorf("want an answer, got % x, %v", tag, err)
	}
}

func TestLDAPVersion2IsRefused(t *testing.T) {
	c := raw(t, start(t, directorytest.Office(), DefaultLimits()))
	if _, err := c.Write(unhex(t, "30 0c 020101 6007 020102 0400 8000")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 10)
	if _, err := io.ReadFull(c, got); err != nil || got[9] != byte(protocolError) {
		t.Errorf("want a bind response with code 2, got % x, %v", got, err)
	}
}

// TestSlowClients runs on the clock of the test, over a pipe.
func TestSlowClients(t *testing.T) {
	limits := DefaultLimits()
	bind := unhex(t, "30 0c 020101 6007 020103 0400 8000")
	rows := []struct {
		name  string
		play  func(net.Conn)
		until time.Duration
	}{
		{"who says nothing", func(net.Conn) {}, limits.Hello},
		{"who stops within a message", func(c net.Conn) { _, _ = c.Write(bind[:5]) }, limits.Message},
		{"who drips a message", func(c net.Conn) {
			for _, b := range bind {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				<-time.After(time.Second)
			}
		}, limits.Message},
		{"who never reads", func(c net.Conn) { _, _ = c.Write(bind) }, limits.Operation + limits.Message},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(directorytest.Office(), nil, limits, slog.New(slog.DiscardHandler))
				here, there := net.Pipe()
				begin := time.Now()
				played := make(chan struct{})
				go func() { defer close(played); r.play(here) }()
				s.serve(t.Context(), guest{door: &door{directoryID: directorytest.Corp.ID}, conn: there})
				if got := time.Since(begin); got != r.until {
					t.Errorf("want the connection closed after %v, got %v", r.until, got)
				}
				here.Close()
				<-played
			})
		})
	}
}

func TestTooManyConnections(t *testing.T) {
	limits := DefaultLimits()
	limits.Connections = 3
	s := start(t, directorytest.Office(), limits)
	kept := make([]*ldap.Conn, 3)
	for i := range kept {
		kept[i] = dial(t, s, directorytest.Corp)
		if err := kept[i].Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
	}
	got, err := io.ReadAll(raw(t, s))
	if err != nil || !bytes.Contains(got, []byte("too many connections")) {
		t.Errorf("the fourth: want to be told, got %q, %v", got, err)
	}
	if _, err := kept[0].WhoAmI(nil); err != nil {
		t.Errorf("the first: want no error, got %v", err)
	}
	kept[0].Close()
	deadline := time.After(5 * time.Second)
	for {
		if err := dial(t, s, directorytest.Corp).Bind(`CORP\tanaka`, "Sesame-3"); err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatal("want a seat after one went, got none in 5 s")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestADirectoryThatIsRemovedClosesItsDoor(t *testing.T) {
	people := directorytest.Office()
	s := start(t, people, DefaultLimits())
	c := dial(t, s, directorytest.Corp)
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	addr, err := s.Endpoint(t.Context(), directorytest.Corp.ID)
	if err != nil {
		t.Fatal(err)
	}
	people.Drop(directorytest.Corp.ID)
	if _, err := c.Search(ask(top, 2, 0, "(objectClass=*)")); err == nil {
		t.Error("search: want an error, got none")
	}
	if _, err := s.Endpoint(t.Context(), directorytest.Corp.ID); !errors.Is(err, directory.ErrNoDirectory) {
		t.Errorf("address: want ErrNoDirectory, got %v", err)
	}
	deadline := time.After(5 * time.Second)
	for {
		probe, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
		if err != nil {
			return
		}
		probe.Close()
		select {
		case <-deadline:
			t.Fatal("want the port closed, got it open after 5 s")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestEndpointAfterTheEnd(t *testing.T) {
	s := New(directorytest.Office(), nil, DefaultLimits(), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Endpoint(t.Context(), directorytest.Corp.ID); !errors.Is(err, directory.ErrUnreachable) {
		t.Errorf("want ErrUnreachable, got %v", err)
	}
}
