package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/desk/account"
)

// sitting is what sessions are measured with: the stock plugin, our own agent and the plane, each a
// process of its own, TLS between all of them.
type sitting struct {
	p      *plane
	h      *host
	plugin string // its file
}

// client is a plugin that holds a session.
type client struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	began time.Time

	mu    sync.Mutex
	shown []byte        // guarded by mu; not asked for yet
	more  chan struct{} // holds one when shown grew
}

// sessions measures what a person at a shell waits for, and forwarded ports.
func sessions(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	if err := p.overTLS(); err != nil {
		return nil, err
	}
	one := &sitting{p: p, plugin: filepath.Join(p.dir, "session-manager-plugin")}
	if err := buildPlugin(ctx, one.plugin); err != nil {
		return nil, err
	}
	if one.h, err = p.startHost(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, one.h.stop()) }()
	return inTurn(ctx, one.shells, one.fromNode, one.toNode, one.toNodeWithoutPause)
}

// buildPlugin builds the stock plugin, from its own source but for the flags.
func buildPlugin(ctx context.Context, to string, flags ...string) error {
	args := append([]string{"build", "-C", "tools/smplugin", "-o", to}, flags...)
	build := exec.CommandContext(ctx, "go", append(args, "github.com/aws/session-manager-plugin/src/sessionmanagerplugin-main")...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the plugin: %w\n%s", err, out)
	}
	return nil
}

// overTLS makes the SDK's clients, and so the plugins, call by TLS.
func (p *plane) overTLS() error {
	ca, err := os.ReadFile(p.ca())
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		return errors.New("the plane's certificate authority cannot be read")
	}
	trust := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	})
	p.config.BaseEndpoint, p.config.HTTPClient = aws.String("https://"+p.listen), account.Steady(trust)
	p.ssm = ssm.NewFromConfig(p.config)
	return nil
}

func (p *plane) ca() string { return filepath.Join(p.data(), "ca", "ca.crt") }

// hold starts a session and its plugin, as the AWS CLI does after its call.
func (s *sitting) hold(ctx context.Context, document string, parameters map[string][]string) (*client, error) {
	in := &ssm.StartSessionInput{Target: &s.h.node, Parameters: parameters}
	if document != "" {
		in.DocumentName = &document
	}
	c := &client{began: time.Now(), more: make(chan struct{}, 1)}
	out, err := s.p.ssm.StartSession(ctx, in)
	if err != nil {
		return nil, err
	}
	answer, err := json.Marshal(map[string]*string{"SessionId": out.SessionId, "TokenValue": out.TokenValue, "StreamUrl": out.StreamUrl})
	if err != nil {
		return nil, err
	}
	asked, err := json.Marshal(map[string]any{"Target": s.h.node})
	if err != nil {
		return nil, err
	}
	c.cmd = exec.CommandContext(ctx, s.plugin, "AWS_SSM_START_SESSION_RESPONSE", s.p.config.Region, "StartSession", "", string(asked), *s.p.config.BaseEndpoint)
	c.cmd.Env = append(append(os.Environ(), s.p.env...), "AWS_SSM_START_SESSION_RESPONSE="+string(answer), "SSL_CERT_FILE="+s.p.ca(), "TMPDIR="+s.p.dir, "AWS_EC2_METADATA_DISABLED=true")
	c.cmd.Stdout = c
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	return c, c.cmd.Start()
}

// Write takes what the plugin shows.
func (c *client) Write(p []byte) (int, error) {
	c.mu.Lock()
	c.shown = append(c.shown, p...)
	c.mu.Unlock()
	select {
	case c.more <- struct{}{}:
	default:
	}
	return len(p), nil
}

// until waits for a pattern in what is shown, and returns what it found.
func (c *client) until(ctx context.Context, pattern *regexp.Regexp) ([]byte, error) {
	late := time.NewTimer(30 * time.Second)
	defer late.Stop()
	for {
		c.mu.Lock()
		at := pattern.FindIndex(c.shown)
		if at != nil {
			found := bytes.Clone(c.shown[at[0]:at[1]])
			c.shown = c.shown[at[1]:]
			c.mu.Unlock()
			return found, nil
		}
		shown := string(c.shown)
		c.mu.Unlock()
		select {
		case <-c.more:
		case <-late.C:
			return nil, fmt.Errorf("the plugin does not show %s, but %q", pattern, shown)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// end lets the plugin say goodbye to its session.
func (c *client) end() {
	_ = c.cmd.Process.Signal(os.Interrupt) // a shell's plugin passes it on
	time.AfterFunc(2*time.Second, func() { _ = c.cmd.Process.Kill() })
	_ = c.cmd.Wait() // how a plugin exits says nothing
}

// shells measures how long a prompt takes, and a key's echo.
func (s *sitting) shells(ctx context.Context) ([]figure, error) {
	prompt := regexp.MustCompile(`[#$] $`)
	var first, echoes []time.Duration
	for range 10 {
		c, err := s.hold(ctx, "", nil)
		if err != nil {
			return nil, err
		}
		if _, err := c.until(ctx, prompt); err != nil {
			return nil, err
		}
		first = append(first, time.Since(c.began))
		for _, key := range "abcdefghijklmnopqrst" {
			start := time.Now()
			if _, err := io.WriteString(c.in, string(key)); err != nil {
				return nil, err
			}
			if _, err := c.until(ctx, regexp.MustCompile(string(key))); err != nil {
				return nil, err
			}
			echoes = append(echoes, time.Since(start))
		}
		if _, err := io.WriteString(c.in, "\x15exit\r"); err != nil {
			return nil, err
		}
		_ = c.cmd.Wait() // as in end
	}
	return []figure{
		millis("StartSession to the shell's first prompt", "", first, "SDK, then the stock plugin as a process; TLS"),
		millis("a key typed in a shell to its echo", "", echoes, "plugin's input to plugin's output; 20 keys in each of 10 shells"),
	}, nil
}
