package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xtaci/smux"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// guest is a client of one session: the plane and the plugin in one. It loses
// every so many messages, and breaks the channel after so many.
type guest struct {
	t     *testing.T
	able  func(*Options) // gives the node what it can do beside; nil gives nothing
	lose  int            // every how many messages; 0 never
	cut   int            // after how many messages the channel breaks; 0 never
	mu    sync.Mutex
	heard int               // guarded by mu; messages of the node
	next  int64             // guarded by mu; number of the next output
	early map[int64]Message // guarded by mu
	out   []Message         // guarded by mu; sent and not acknowledged
	count int64             // guarded by mu

	output chan Message
	conn   *line // guarded by mu
}

// line is a data channel in memory.
type line struct {
	g    *guest
	down chan Message
	once sync.Once
	gone chan struct{}
}

func newGuest(t *testing.T) *guest {
	return &guest{t: t, early: map[int64]Message{}, output: make(chan Message, 100_000)}
}

func (g *guest) dial(context.Context) (Channel, error) {
	l := &line{g: g, down: make(chan Message, 100_000), gone: make(chan struct{})}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.conn = l
	for _, m := range g.out {
		l.down <- m
	}
	return l, nil
}

func (l *line) Read(ctx context.Context) (Message, error) {
	select { // what came before the break is read, as from a TCP connection
	case m := <-l.down:
		return m, nil
	default:
	}
	select {
	case m := <-l.down:
		return m, nil
	case <-l.gone:
		return Message{}, io.EOF
	case <-ctx.Done():
		return Message{}, ctx.Err()
	}
}

func (l *line) Close() { l.once.Do(func() { close(l.gone) }) }

func (l *line) Write(_ context.Context, m Message) error {
	g := l.g
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-l.gone:
		return io.EOF
	default:
	}
	g.heard++
	if g.cut > 0 && g.heard%g.cut == 0 {
		l.Close()
		return io.EOF
	}
	if g.lose > 0 && g.heard%g.lose == 0 {
		return nil
	}
	switch m.Type {
	case typeAcknowledge:
		var a acknowledgement
		if err := json.Unmarshal(m.Payload, &a); err != nil {
			return err
		}
		g.out = slices.DeleteFunc(g.out, func(m Message) bool { return m.Sequence == a.Sequence })
	case typeOutput:
		m.Payload = bytes.Clone(m.Payload)
		g.take(l, m)
	}
	return nil
}

// take acknowledges an output and passes it on in order, each once.
func (g *guest) take(l *line, m Message) {
	text, err := json.Marshal(acknowledgement{Type: m.Type, ID: m.ID, Sequence: m.Sequence, Sequential: true})
	if err != nil {
		g.t.Error(err)
	}
	l.down <- Message{Type: typeAcknowledge, Payload: text}
	if m.Sequence >= g.next {
		g.early[m.Sequence] = m
	}
	for {
		following, ok := g.early[g.next]
		if !ok {
			return
		}
		delete(g.early, g.next)
		g.next++
		g.output <- following
	}
}

// say sends an input.
func (g *guest) say(kind Kind, payload string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := Message{Type: typeInput, ID: id.Random().UUID(), Sequence: g.count, Kind: kind, Payload: []byte(payload)}
	g.count++
	g.out = append(g.out, m)
	if g.conn != nil {
		g.conn.down <- m
	}
}

// hear returns the next output.
func (g *guest) hear() Message {
	g.t.Helper()
	select {
	case m := <-g.output:
		return m
	case <-time.After(20 * time.Second):
		g.t.Fatal("waited 20 s for output")
		return Message{}
	}
}

// until returns what is said until some text has come.
func (g *guest) until(text string) string {
	g.t.Helper()
	var all strings.Builder
	for !strings.Contains(all.String(), text) {
		all.Write(g.hear().Payload)
	}
	return all.String()
}

func (g *guest) hold(order map[string]any) chan Outcome {
	content, err := json.Marshal(order)
	if err != nil {
		g.t.Fatal(err)
	}
	ended := make(chan Outcome, 1)
	go func() {
		o := Options{
			Session: "alice-1", Node: "mi-1", Region: "eu-west-1", Content: content, Dial: g.dial, Folder: g.t.TempDir(),
			Environment: []string{"PATH=" + os.Getenv("PATH")}, Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.DiscardHandler),
		}
		if g.able != nil {
			g.able(&o)
		}
		ended <- Run(g.t.Context(), o)
	}()
	return ended
}

func document(kind string, inputs, properties map[string]any) map[string]any {
	return map[string]any{"DocumentContent": map[string]any{"sessionType": kind, "inputs": inputs, "properties": properties}}
}

// agree answers a handshake as the plugin does.
func (g *guest) agree(version string) {
	g.t.Helper()
	if m := g.hear(); m.Kind != kindHandshakeRequest || !strings.Contains(string(m.Payload), `"AgentVersion":"3.`) {
		g.t.Fatalf("got %d %s, want a handshake", m.Kind, m.Payload)
	}
	g.say(kindHandshakeResponse, `{"ClientVersion":"`+version+`","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1}]}`)
	if m := g.hear(); m.Kind != kindHandshakeComplete {
		g.t.Fatalf("got %d %s, want the handshake's end", m.Kind, m.Payload)
	}
}

func TestShellOnATerminal(t *testing.T) {
	for _, row := range []struct {
		name      string
		lose, cut int
	}{
		{"a good line", 0, 0},
		{"a line that loses every seventh message", 7, 0},
		{"a channel that breaks again and again", 0, 9},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := newGuest(t)
			g.lose, g.cut = row.lose, row.cut
			ended := g.hold(document(typeShell, map[string]any{"shellProfile": map[string]string{"linux": "MARK=profile"}}, nil))
			g.say(kindSize, `{"cols":91,"rows":17}`)
			g.say(kindOutput, "echo $MARK-$((6*7)); stty size\r")
			said := g.until("17 91")
			if !strings.Contains(said, "profile-42") {
				t.Errorf("got %q", said)
			}
			g.say(kindOutput, "i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; exit\r")
			if said := g.until("line 299"); strings.Count(said, "line 1") < 100 {
				t.Errorf("lines are missing: %q", said)
			}
			if out := <-ended; out.Status != "Success" || out.Output != "" {
				t.Errorf("got %+v", out)
			}
		})
	}
}

func TestSessionsThatFail(t *testing.T) {
	for name, row := range map[string]struct {
		order map[string]any
		want  string
	}{
		"a user who does not exist": {document(typeShell, map[string]any{"runAsEnabled": true, "runAsDefaultUser": "nobody-here"}, nil), "failed to start pty since RunAs user nobody-here does not exist"},
		"no user":                   {document(typeShell, map[string]any{"runAsEnabled": true}, nil), "please set the RunAs default user"},
		"an unknown type":           {document("Telnet", nil, nil), "Telnet"},
		"a parameter that is a list": {map[string]any{
			"Parameters":      map[string]any{"portNumber": []string{"80"}},
			"DocumentContent": map[string]any{"sessionType": typePort, "properties": map[string]any{"portNumber": "{{ portNumber }}"}},
		}, "portNumber"},
		"a log group without a client for it": {document(typeShell, map[string]any{"cloudWatchLogGroupName": "g"}, nil), "CloudWatch Logs"},
	} {
		t.Run(name, func(t *testing.T) {
			out := <-newGuest(t).hold(row.order)
			if out.Status != "Failed" || !strings.Contains(out.Output, row.want) {
				t.Errorf("got %+v, want a failure about %s", out, row.want)
			}
		})
	}
}

// A transcript that is to be encrypted begins only where it will be.
func TestTranscriptThatIsToBeEncrypted(t *testing.T) {
	sealed := func(_ context.Context, name string) (bool, error) {
		if name == "away" {
			return false, errors.New("it is away")
		}
		return name == "sealed", nil
	}
	for name, row := range map[string]struct {
		inputs map[string]any
		want   string // of its failure
	}{
		"an open bucket":      {map[string]any{"s3BucketName": "open", "s3EncryptionEnabled": true}, "encryption is not set up on the selected Amazon S3 bucket"},
		"a bucket not found":  {map[string]any{"s3BucketName": "away", "s3EncryptionEnabled": true}, "unable to validate encryption on Amazon S3 bucket. Error: it is away"},
		"an open log group":   {map[string]any{"cloudWatchLogGroupName": "open", "cloudWatchEncryptionEnabled": true}, "encryption is not set up on the selected CloudWatch Logs log group"},
		"it need not be":      {map[string]any{"s3BucketName": "open", "s3EncryptionEnabled": false}, ""},
		"a bucket that seals": {map[string]any{"s3BucketName": "sealed", "s3EncryptionEnabled": true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGuest(t)
			var kept atomic.Bool
			g.able = func(o *Options) {
				o.BucketSealed, o.GroupSealed = sealed, sealed
				o.Store = func(context.Context, string, string, io.ReadSeeker) error { kept.Store(true); return nil }
				o.Logs = func(context.Context, string, string, bool) (io.WriteCloser, error) {
					return nil, errors.New("it was begun")
				}
			}
			ended := g.hold(document(typeNonInteractive, row.inputs, map[string]any{"linux": map[string]any{"commands": "echo said"}}))
			g.agree("1.2.600.0")
			out := <-ended
			if failed := out.Status == "Failed"; failed != (row.want != "") || !strings.Contains(out.Output, row.want) || kept.Load() == failed {
				t.Errorf("got %+v, kept %v; want a failure about %q", out, kept.Load(), row.want)
			}
		})
	}
}

func TestCommandWithoutATerminal(t *testing.T) {
	g := newGuest(t)
	ended := g.hold(document(typeNonInteractive, nil, map[string]any{
		"linux": map[string]any{"commands": `sh -c "echo out; echo err >&2; exit 5"`, "separateOutputStream": "x"},
	}))
	g.agree("1.2.700.0")
	if out := <-ended; out.Status != "Failed" { // the properties cannot be read
		t.Errorf("got %+v", out)
	}
	g = newGuest(t)
	ended = g.hold(document(typeNonInteractive, nil, map[string]any{
		"linux": map[string]any{"commands": `sh -c "echo out; echo err >&2; exit 5"`, "separateOutputStream": true},
	}))
	g.agree("1.2.700.0")
	said := map[Kind]string{}
	for range 3 {
		m := g.hear()
		said[m.Kind] += string(m.Payload)
	}
	if said[kindOutput] != "out\n" || said[kindStderr] != "err\n" || said[kindExitCode] != "5" {
		t.Errorf("got %v", said)
	}
	if out := <-ended; out.Output != "The command exited with status 5." {
		t.Errorf("got %+v", out)
	}
}

func TestInteractiveCommandIsSplitAndNotGivenToAShell(t *testing.T) {
	g := newGuest(t)
	ended := g.hold(map[string]any{
		"Parameters": map[string]any{"command": `echo "one  two"; $HOME`},
		"DocumentContent": map[string]any{
			"sessionType": typeInteractive, "properties": map[string]any{"linux": map[string]any{"commands": "{{ command }}"}},
		},
	})
	g.agree("1.2.700.0")
	if said := g.until("\n"); said != "one  two; $HOME\r\n" {
		t.Errorf("got %q", said)
	}
	<-ended
}

func TestTerminateFlagEndsAll(t *testing.T) {
	g := newGuest(t)
	ended := g.hold(document(typeShell, nil, nil))
	g.say(kindOutput, "sleep 1000\r")
	g.until("sleep 1000")
	g.say(kindFlag, string(binary.BigEndian.AppendUint32(nil, flagTerminate)))
	select {
	case out := <-ended:
		if out.Status != "Success" {
			t.Errorf("got %+v", out)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the session goes on")
	}
}

// door is a port that says everything twice.
func door(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				b := make([]byte, 1000)
				for {
					n, err := c.Read(b)
					if err != nil {
						return
					}
					if _, err := c.Write(slices.Concat(b[:n], b[:n])); err != nil {
						return
					}
				}
			}()
		}
	}()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// plug lets a multiplexer speak over a guest.
type plug struct {
	g    *guest
	rest []byte
}

func (p *plug) Read(b []byte) (int, error) {
	for len(p.rest) == 0 {
		m, ok := <-p.g.output
		if !ok {
			return 0, io.EOF
		}
		if m.Kind == kindOutput {
			p.rest = m.Payload
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *plug) Write(b []byte) (int, error) {
	for at := 0; at < len(b); at += 1024 {
		p.g.say(kindOutput, string(b[at:min(at+1024, len(b))]))
	}
	return len(b), nil
}

func (p *plug) Close() error { return nil }

func TestPortWithAMultiplexer(t *testing.T) {
	for _, lose := range []int{0, 11} {
		g := newGuest(t)
		g.lose = lose
		ended := g.hold(document(typePort, nil, map[string]any{"portNumber": door(t), "type": "LocalPortForwarding"}))
		g.agree("1.2.700.0")
		settings := smux.DefaultConfig()
		settings.KeepAliveDisabled = true
		mux, err := smux.Client(&plug{g: g}, settings)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			stream, err := mux.OpenStream()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := stream.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			b := make([]byte, 10)
			if _, err := io.ReadFull(stream, b); err != nil || string(b) != "hellohello" {
				t.Errorf("got %q, %v", b, err)
			}
			stream.Close()
		}
		g.say(kindFlag, string(binary.BigEndian.AppendUint32(nil, flagTerminate)))
		if out := <-ended; out.Status != "Success" {
			t.Errorf("got %+v", out)
		}
		close(g.output)
		mux.Close()
	}
}

func TestPortOfAnOldPlugin(t *testing.T) {
	g := newGuest(t)
	ended := g.hold(document(typePort, nil, map[string]any{"portNumber": door(t), "type": "LocalPortForwarding"}))
	g.agree("1.1.50.0")
	for range 2 {
		g.say(kindOutput, "abc")
		if said := g.until("abcabc"); said != "abcabc" {
			t.Errorf("got %q", said)
		}
		g.say(kindFlag, string(binary.BigEndian.AppendUint32(nil, flagDisconnect)))
	}
	g.say(kindFlag, string(binary.BigEndian.AppendUint32(nil, flagTerminate)))
	if out := <-ended; out.Status != "Success" {
		t.Errorf("got %+v", out)
	}
}

func TestPortThatNobodyServes(t *testing.T) {
	g := newGuest(t)
	ended := g.hold(document(typePort, nil, map[string]any{"portNumber": "1"}))
	g.agree("1.2.700.0")
	if out := <-ended; out.Status != "Failed" || !strings.Contains(out.Output, "port 1") {
		t.Errorf("got %+v", out)
	}
}

func TestSealOpensWhatTheOtherClosed(t *testing.T) {
	key := id.Random().Bytes(64)
	node, err := newSeal(key, id.Random())
	if err != nil {
		t.Fatal(err)
	}
	client, err := newSeal(slices.Concat(key[32:], key[:32]), id.Random())
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := client.open(node.close([]byte("secret"))); err != nil || string(plain) != "secret" {
		t.Errorf("got %q, %v", plain, err)
	}
	if _, err := node.open(node.close([]byte("secret"))); err == nil {
		t.Error("a node opened its own words: both directions have one key")
	}
	if _, err := node.open([]byte("short")); err == nil {
		t.Error("a short payload was opened")
	}
	if _, err := newSeal(key[:32], id.Random()); err == nil {
		t.Error("half a key was taken")
	}
}

func TestRefusedChannelEndsTheSession(t *testing.T) {
	out := Run(t.Context(), Options{
		Session: "alice-1", Content: []byte(`{"DocumentContent":{"sessionType":"Standard_Stream"}}`), Folder: t.TempDir(),
		Dial:  func(context.Context) (Channel, error) { return nil, errors.Join(ErrRefused, errors.New("403")) },
		Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.DiscardHandler),
	})
	if out.Status != "Success" {
		t.Errorf("got %+v", out)
	}
}

func FuzzReadOrder(f *testing.F) {
	f.Add([]byte(`{"SessionId":"a","Parameters":{"portNumber":"80"},"DocumentContent":{"sessionType":"Port","properties":{"portNumber":"{{ portNumber }}"}}}`))
	f.Add([]byte(`{"DocumentContent":{"sessionType":"InteractiveCommands","properties":{"linux":{"commands":"echo 'x y'"}}}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		o, err := readOrder(content)
		if err != nil {
			return
		}
		if c, err := o.command(); err == nil {
			if words, err := split(c.Text); err == nil && len(words) == 0 {
				t.Error("a command of no words")
			}
		}
	})
}

func FuzzHandshakeResponse(f *testing.F) {
	f.Add([]byte(`{"ClientVersion":"1.2.3","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1}]}`))
	f.Fuzz(func(_ *testing.T, text []byte) {
		var r handshakeResponse
		if json.Unmarshal(text, &r) == nil {
			_, _ = r.result(actionSession)
			_ = atLeast(r.ClientVersion, muxedSince)
		}
	})
}

func TestVersionsAreCompared(t *testing.T) {
	for _, row := range []struct {
		version string
		want    bool
	}{{"1.1.70.0", true}, {"1.2.0.0", true}, {"1.1.69.9", false}, {"1.1", false}, {"", false}, {"x.y", false}, {"2.0.0.0", true}} {
		if got := atLeast(row.version, muxedSince); got != row.want {
			t.Errorf("%q: got %v, want %v", row.version, got, row.want)
		}
	}
}
