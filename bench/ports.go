package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// kiloSessions is how many plugins send at once: one of them sends 1,024 bytes
// and then sleeps for a millisecond.
const kiloSessions = 8

// What one connection from client to node carries, in bytes.
const (
	handful = 2_000_000
	plenty  = 40_000_000
)

var opened = regexp.MustCompile(`Port (\d+) opened[^\n]*\n+Waiting for connections`)

// serve answers each connection to a port of this machine by do.
func serve(ctx context.Context, do func(net.Conn)) (port string, stop func(), err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	go func() { // ends by stop
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				do(c)
			}()
		}
	}()
	_, port, err = net.SplitHostPort(l.Addr().String())
	return port, func() { l.Close() }, err
}

// forward holds a session that forwards a port of the host, and says at which
// of this machine.
func (s *sitting) forward(ctx context.Context, port string) (*client, string, error) {
	c, err := s.hold(ctx, "AWS-StartPortForwardingSession", map[string][]string{"portNumber": {port}})
	if err != nil {
		return nil, "", err
	}
	shown, err := c.until(ctx, opened)
	if err != nil {
		return nil, "", err
	}
	return c, "127.0.0.1:" + string(opened.FindSubmatch(shown)[1]), nil
}

// spent is the processor time of plane, agent and plugins so far.
func (s *sitting) spent(clients ...*client) (all [3]time.Duration, err error) {
	one := func(at, pid int) {
		d, failed := cpu(pid)
		all[at] += d
		err = errors.Join(err, failed)
	}
	one(0, s.p.serve.Process.Pid)
	one(1, s.h.cmd.Process.Pid)
	for _, c := range clients {
		one(2, c.cmd.Process.Pid)
	}
	return all, err
}

// costs says what a gigabyte costs.
func costs(before, after [3]time.Duration, bytes float64) string {
	gigabyte := func(i int) float64 { return (after[i] - before[i]).Seconds() / bytes * 1e9 }
	return fmt.Sprintf("CPU s/GB: plane %.1f, agent %.1f, plugin %.1f", gigabyte(0), gigabyte(1), gigabyte(2))
}

// fromNode measures a forwarded port that gives.
func (s *sitting) fromNode(ctx context.Context) ([]figure, error) {
	total := s.p.settings.megabytes * 1_000_000
	port, stop, err := serve(ctx, func(c net.Conn) { _, _ = io.CopyN(c, zeros{}, int64(total)) })
	if err != nil {
		return nil, err
	}
	defer stop()
	c, at, err := s.forward(ctx, port)
	if err != nil {
		return nil, err
	}
	defer c.end()
	f := figure{name: "forwarded port, node to client", must: "100 MB/s", unit: "MB/s"}
	before, err := s.spent(c)
	if err != nil {
		return nil, err
	}
	for range 3 {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at)
		if err != nil {
			return nil, err
		}
		start := time.Now()
		n, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{conn}, make([]byte, 256<<10))
		conn.Close()
		if err != nil || n != int64(total) {
			return nil, fmt.Errorf("%d of %d bytes came: %w", n, total, err)
		}
		f.values = append(f.values, float64(n)/1e6/time.Since(start).Seconds())
	}
	after, err := s.spent(c)
	f.note = fmt.Sprintf("%d MB in one connection; %s", s.p.settings.megabytes, costs(before, after, float64(3*total)))
	return []figure{f}, err
}

// toNode measures a forwarded port that takes: one session, one session with
// several connections, several sessions.
func (s *sitting) toNode(ctx context.Context) ([]figure, error) {
	return s.take(ctx, kiloSessions, handful, "forwarded port, client to node")
}

// toNodeWithoutPause measures the same with a plugin whose millisecond after
// each kilobyte is taken out: what plane and agent carry is then seen.
func (s *sitting) toNodeWithoutPause(ctx context.Context) ([]figure, error) {
	restless := *s
	restless.plugin = filepath.Join(s.p.dir, "restless-plugin")
	uses, err := withoutPause(ctx, s.p.dir)
	if err != nil {
		return nil, err
	}
	if err := buildPlugin(ctx, restless.plugin, "-modfile", uses); err != nil {
		return nil, err
	}
	return restless.take(ctx, 2, plenty, "client to node, a plugin that does not sleep")
}

// take measures one session, one with four connections, and several; each
// connection carries so many bytes.
func (s *sitting) take(ctx context.Context, sessions int, each int64, name string) ([]figure, error) {
	port, stop, err := serve(ctx, func(c net.Conn) {
		if _, err := io.CopyN(io.Discard, c, each); err == nil {
			_, _ = c.Write([]byte{1}) // it has it
		}
	})
	if err != nil {
		return nil, err
	}
	defer stop()
	var clients []*client
	var doors []string
	for range sessions {
		c, at, err := s.forward(ctx, port)
		if err != nil {
			return nil, err
		}
		defer c.end()
		clients, doors = append(clients, c), append(doors, at)
	}
	var figures []figure
	for _, row := range []struct {
		name  string
		doors []string
	}{
		{name, doors[:1]},
		{"the same, 4 connections of one session together", []string{doors[0], doors[0], doors[0], doors[0]}},
		{fmt.Sprintf("the same, %d sessions together", sessions), doors},
	} {
		before, err := s.spent(clients...)
		if err != nil {
			return figures, err
		}
		took, err := pourAll(ctx, row.doors, each)
		if err != nil {
			return figures, err
		}
		after, err := s.spent(clients...)
		if err != nil {
			return figures, err
		}
		sent := float64(len(row.doors)) * float64(each)
		figures = append(figures, figure{name: row.name, must: "15 MB/s", unit: "MB/s", values: []float64{sent / 1e6 / took.Seconds()}, note: costs(before, after, sent)})
	}
	return figures, nil
}

// pause is what the stock plugin does after each kilobyte of a forwarded port.
var pause = []byte("time.Sleep(time.Millisecond)")

// withoutPause copies the plugin's source, takes its pause out, and returns a
// go.mod that uses the copy.
func withoutPause(ctx context.Context, dir string) (string, error) {
	const module = "github.com/aws/session-manager-plugin"
	where, err := exec.CommandContext(ctx, "go", "list", "-C", "tools/smplugin", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("find the plugin's source: %w", err)
	}
	copied := filepath.Join(dir, "plugin")
	if err := os.CopyFS(copied, os.DirFS(strings.TrimSpace(string(where)))); err != nil {
		return "", err
	}
	forwarding := filepath.Join(copied, "src/sessionmanagerplugin/session/portsession/muxportforwarding.go")
	text, err := os.ReadFile(forwarding)
	if err != nil {
		return "", err
	}
	if n := bytes.Count(text, pause); n != 1 {
		return "", fmt.Errorf("the plugin sleeps in %d places, not in one", n)
	}
	if err := os.Remove(forwarding); err != nil { // the copy may be read-only
		return "", err
	}
	mod, err := os.ReadFile("tools/smplugin/go.mod")
	if err != nil {
		return "", err
	}
	sums, err := os.ReadFile("tools/smplugin/go.sum")
	if err != nil {
		return "", err
	}
	uses := filepath.Join(dir, "plugin.mod")
	return uses, errors.Join(
		os.WriteFile(filepath.Join(copied, "go.mod"), []byte("module "+module+"\n"), 0o600), // it comes without
		os.WriteFile(forwarding, bytes.Replace(text, pause, []byte("_ = time.Millisecond"), 1), 0o600),
		os.WriteFile(uses, fmt.Appendf(mod, "\nreplace %s => %s\n", module, copied), 0o600),
		os.WriteFile(filepath.Join(dir, "plugin.sum"), sums, 0o600))
}

// pourAll sends through several doors at once.
func pourAll(ctx context.Context, doors []string, each int64) (time.Duration, error) {
	g, ctx := errgroup.WithContext(ctx)
	start := time.Now()
	for _, at := range doors {
		g.Go(func() error {
			conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at)
			if err != nil {
				return err
			}
			defer conn.Close()
			if _, err := io.CopyN(conn, zeros{}, each); err != nil {
				return err
			}
			_, err = io.ReadFull(conn, make([]byte, 1))
			return err
		})
	}
	err := g.Wait()
	return time.Since(start), err
}

// zeros has no end.
type zeros struct{}

// Read leaves b as it is.
func (zeros) Read(b []byte) (int, error) { return len(b), nil }
