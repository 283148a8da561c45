package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// A small client of CloudWatch Logs, with the credentials of the node's role.
// Limits: CloudWatch Logs API Reference, PutLogEvents.
const (
	mostEvents     = 10_000
	mostEventBytes = 1 << 20
	eventOverhead  = 26
	mostLine       = 200 << 10
	// logEvery is how often lines are sent while a command runs.
	logEvery = time.Second
)

// logEvent is one event of a log stream.
type logEvent struct {
	Timestamp int64  `json:"timestamp"`
	Message   string `json:"message"`
}

func (a *agent) logs(ctx context.Context, operation string, in any) error {
	creds, err := a.purse.get(ctx)
	if err != nil {
		return err
	}
	return a.plane.callAt(ctx, "logs", "Logs_20140328."+operation, in, &struct{}{}, a.withRole(creds, "logs"))
}

// makeLogStream makes a stream, and its group when there is none.
func (a *agent) makeLogStream(ctx context.Context, group, stream string) error {
	in := map[string]string{"logGroupName": group, "logStreamName": stream}
	err := a.logs(ctx, "CreateLogStream", in)
	if refusedWith(err, "ResourceNotFoundException") {
		if err := a.logs(ctx, "CreateLogGroup", map[string]string{"logGroupName": group}); err != nil && !refusedWith(err, "ResourceAlreadyExistsException") {
			return err
		}
		err = a.logs(ctx, "CreateLogStream", in)
	}
	if refusedWith(err, "ResourceAlreadyExistsException") {
		return nil
	}
	return err
}

func refusedWith(err error, code string) bool {
	no := (*refusal)(nil)
	return errors.As(err, &no) && no.Code == code
}

// putLogEvents writes events in their order, in as many calls as they need.
func (a *agent) putLogEvents(ctx context.Context, group, stream string, events []logEvent) error {
	for len(events) > 0 {
		n, size := 0, 0
		for n < len(events) && n < mostEvents && size+len(events[n].Message)+eventOverhead <= mostEventBytes {
			size += len(events[n].Message) + eventOverhead
			n++
		}
		in := map[string]any{"logGroupName": group, "logStreamName": stream, "logEvents": events[:n]}
		if err := a.logs(ctx, "PutLogEvents", in); err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}

// logStream takes what a step writes, line by line, and sends it every second.
// A stream without a line is not made.
type logStream struct {
	a             *agent
	group, stream string

	mu    sync.Mutex
	part  []byte     // guarded by mu; a line that has not ended
	lines []logEvent // guarded by mu; to be sent
	made  bool       // belongs to the one that sends
	err   error      // likewise; the first that happened: nothing is sent after it
}

// Write takes output; it never fails and never waits for the plane.
func (l *logStream) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		line, rest, ended := bytes.Cut(p, []byte("\n"))
		room := mostLine - len(l.part)
		if len(line) > room {
			line, rest, ended = p[:room], p[room:], true
		}
		l.part = append(l.part, line...)
		if ended {
			l.take()
		}
		p = rest
	}
	return n, nil
}

// take makes an event of the line at hand; it needs mu. A message must not be
// empty.
func (l *logStream) take() {
	text := strings.ToValidUTF8(strings.TrimSuffix(string(l.part), "\r"), string(utf8.RuneError))
	l.part = l.part[:0]
	if text == "" {
		text = " "
	}
	if len(l.lines) < 10*mostEvents { // a plane that takes nothing does not fill the memory
		l.lines = append(l.lines, logEvent{l.a.cfg.Clock.Now().UnixMilli(), text})
	}
}

// run sends until stop is closed, and then the rest.
func (l *logStream) run(ctx context.Context, stop <-chan struct{}) error {
	every := time.NewTicker(logEvery)
	defer every.Stop()
	for {
		select {
		case <-every.C:
			l.flush(ctx, false)
		case <-stop:
			l.flush(ctx, true)
			return l.err
		}
	}
}

func (l *logStream) flush(ctx context.Context, last bool) {
	l.mu.Lock()
	if last && len(l.part) > 0 {
		l.take()
	}
	lines := l.lines
	l.lines = nil
	l.mu.Unlock()
	if len(lines) == 0 || l.err != nil {
		return
	}
	if !l.made {
		if err := l.a.makeLogStream(ctx, l.group, l.stream); err != nil {
			l.err = fmt.Errorf("log stream %s in %s: %w", l.stream, l.group, err)
			return
		}
		l.made = true
	}
	if err := l.a.putLogEvents(ctx, l.group, l.stream, lines); err != nil {
		l.err = fmt.Errorf("log stream %s in %s: %w", l.stream, l.group, err)
	}
}
