package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// Options are what a session needs.
type Options struct {
	Session string
	Node    string
	Region  string
	Content []byte // of the interactive_shell message
	// Dial opens a data channel. ErrRefused ends the session; any other error
	// is tried again.
	Dial func(ctx context.Context) (Channel, error)
	// Connect opens a TCP connection to a port that is forwarded; nil means the
	// ordinary dialer.
	Connect func(ctx context.Context, address string) (net.Conn, error)
	// Decrypt asks KMS for the plaintext of a data key.
	Decrypt func(ctx context.Context, key string, blob []byte, context map[string]string) ([]byte, error)
	// Store keeps a transcript in S3, Logs in CloudWatch Logs; nil where the
	// agent cannot.
	Store func(ctx context.Context, bucket, key string, body io.ReadSeeker) error
	Logs  func(ctx context.Context, group, stream string, streaming bool) (io.WriteCloser, error)

	// BucketSealed and GroupSealed tell whether a bucket, or a log group, is
	// encrypted. They are given where Store and Logs are.
	BucketSealed func(ctx context.Context, bucket string) (bool, error)
	GroupSealed  func(ctx context.Context, group string) (bool, error)

	Environment []string // what programs see, as "KEY=value"
	Folder      string   // where a transcript is gathered
	Clock       clock.Clock
	IDs         *id.Source
	Log         *slog.Logger
}

// Outcome is how a session ended.
type Outcome struct {
	Status string // Success or Failed
	Output string // for the client to read; why, when it failed
	// Where the transcript is.
	Bucket, Key, LogGroup, LogStream string
}

// errClient says that the client asked for the end.
var errClient = errors.New("the client ended the session")

// talk is a session under way.
type talk struct {
	*stream
	order *order
	seal  *seal // nil without encryption
	tape  *tape // nil without a transcript
	// clientVersion is known after a handshake.
	clientVersion string
}

// Run holds a session until it ends by itself, by its client, by the plane, or
// with ctx. All that it started has ended when it returns.
func Run(ctx context.Context, o Options) Outcome {
	if o.Connect == nil {
		o.Connect = func(ctx context.Context, address string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		}
	}
	asked, err := readOrder(o.Content)
	if err != nil {
		return Outcome{Status: "Failed", Output: err.Error()}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	t := &talk{stream: newStream(&o, cancel), order: asked}
	var helpers sync.WaitGroup
	helpers.Go(func() { t.run(ctx) })
	helpers.Go(func() { t.resend(ctx) })
	output, err := t.hold(ctx)
	if err == nil || context.Cause(ctx) == nil {
		t.drain()
	}
	cause := context.Cause(ctx)
	cancel(nil)
	helpers.Wait()
	out := Outcome{Status: "Success", Output: output}
	if err != nil && cause == nil && !errors.Is(err, errClient) {
		out.Status, out.Output = "Failed", err.Error()
	}
	t.tape.finish(context.WithoutCancel(ctx), &out)
	return out
}

// hold does what the order asks for.
func (t *talk) hold(ctx context.Context) (output string, err error) {
	if t.order.Type != typeShell || t.order.Inputs.Key != "" {
		if err := t.handshake(ctx); err != nil {
			return "", fmt.Errorf("the handshake with the client did not succeed: %w", err)
		}
	}
	if t.order.Type == typePort {
		return "", t.forward(ctx)
	}
	if err := t.record(ctx); err != nil {
		return "", err
	}
	if t.order.Type == typeNonInteractive {
		return t.runCommand(ctx)
	}
	return "", t.runTerminal(ctx)
}

// say sends a payload, sealed if the session is.
func (t *talk) say(ctx context.Context, kind Kind, payload []byte) error {
	if t.seal != nil && (kind == kindOutput || kind == kindStderr || kind == kindExitCode) {
		payload = t.seal.close(payload)
	}
	return t.send(ctx, kind, payload)
}

// hear returns the client's next payload, opened if it was sealed.
func (t *talk) hear(ctx context.Context) (Kind, []byte, error) {
	m, err := t.next(ctx)
	if err != nil {
		return 0, nil, err
	}
	if t.seal != nil && m.Kind == kindOutput {
		plain, err := t.seal.open(m.Payload)
		return m.Kind, plain, err
	}
	return m.Kind, m.Payload, nil
}
