package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
)

// plane is a `tamachi serve` of our own over a new data folder.
type plane struct {
	settings settings
	dir      string
	listen   string
	serve    *exec.Cmd
	env      []string // what `tamachi env` exports
	config   aws.Config
	ws       *workspaces.Client
	ssm      *ssm.Client
}

// startOffice starts a plane and lets it make the sample office.
func startOffice(ctx context.Context, s settings) (*plane, error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(os.Stderr, "make the sample office")
	if _, _, err := p.tamachi(ctx, "office", "up"); err != nil {
		return nil, errors.Join(err, p.destroy())
	}
	if err := p.settle(ctx); err != nil {
		return nil, errors.Join(err, p.destroy())
	}
	return p, nil
}

// settle waits until no desktop of the office is on its way: AVAILABLE, or in
// ERROR for the morning to find. The first one of a machine waits for its image.
func (p *plane) settle(ctx context.Context) error {
	return within(ctx, 20*time.Minute, 100*time.Millisecond, func() (bool, error) {
		out, err := p.ws.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{})
		if err != nil {
			return false, err
		}
		for _, w := range out.Workspaces {
			if w.State != types.WorkspaceStateAvailable && w.State != types.WorkspaceStateError {
				return false, nil
			}
		}
		return true, nil
	})
}

// startPlane starts a plane at a port that it has again after it was killed.
func startPlane(ctx context.Context, s settings) (*plane, error) {
	dir, err := os.MkdirTemp("", "tamachi-bench-")
	if err != nil {
		return nil, err
	}
	p := &plane{settings: s, dir: dir}
	if p.listen, err = freePort(ctx); err != nil {
		return nil, err
	}
	return p, p.start(ctx)
}

// start starts the plane over its folder and returns when a client can call it.
func (p *plane) start(ctx context.Context) error {
	if err := p.launch(ctx); err != nil {
		return err
	}
	return p.connect(ctx)
}

// launch starts the plane over its folder and returns when it is ready.
func (p *plane) launch(ctx context.Context) error {
	log, err := os.Create(p.log())
	if err != nil {
		return err
	}
	defer log.Close()
	p.serve = exec.CommandContext(ctx, p.settings.binary, "serve", "--data", p.data(), "--listen", p.listen, "--image", p.settings.image)
	p.serve.Stderr = log
	p.serve.Cancel = func() error { return p.serve.Process.Signal(syscall.SIGTERM) }
	out, err := p.serve.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.serve.Start(); err != nil {
		return err
	}
	if err := ready(out); err != nil {
		b, _ := os.ReadFile(p.log())
		return errors.Join(fmt.Errorf("%w: %s", err, bytes.TrimSpace(b)), p.serve.Wait())
	}
	return nil
}

func (p *plane) log() string { return filepath.Join(p.dir, "serve.log") }

// durability is what the plane said of its store when it started: SQLite's
// journal_mode and synchronous, read back from the connection that writes.
func (p *plane) durability() string {
	b, err := os.ReadFile(p.log())
	if err != nil {
		return "durability unknown"
	}
	_, rest, found := strings.Cut(string(b), `resource="journal_mode=`)
	settings, _, closed := strings.Cut(rest, `"`)
	if !found || !closed {
		return "durability unknown"
	}
	return "journal_mode=" + settings
}

func (p *plane) data() string { return filepath.Join(p.dir, "data") }

func ready(out io.Reader) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "ready ") {
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the plane
			return nil
		}
	}
	return errors.New("the plane ended before it was ready")
}

// connect takes over what `tamachi env` prints.
func (p *plane) connect(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, p.settings.binary, "env", "--data", p.data()).Output()
	if err != nil {
		return fmt.Errorf("tamachi env: %w", err)
	}
	value := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if kv, ok := strings.CutPrefix(strings.TrimSpace(line), "export "); ok {
			k, v, _ := strings.Cut(kv, "=")
			value[k] = strings.Trim(v, "'")
			p.env = append(p.env, k+"="+value[k])
		}
	}
	p.config = aws.Config{
		Region: value["AWS_REGION"], BaseEndpoint: aws.String(value["AWS_ENDPOINT_URL"]), RetryMaxAttempts: 1,
		HTTPClient:  account.Steady(awshttp.NewBuildableClient()),
		Credentials: credentials.NewStaticCredentialsProvider(value["AWS_ACCESS_KEY_ID"], value["AWS_SECRET_ACCESS_KEY"], ""),
	}
	p.ws, p.ssm = workspaces.NewFromConfig(p.config), ssm.NewFromConfig(p.config)
	return nil
}

// tamachi runs a command of the plane's user and says how long it took. Exit
// code 1 (found something) is no error when something was printed.
func (p *plane) tamachi(ctx context.Context, args ...string) (string, time.Duration, error) {
	return tamachi(ctx, p.settings.binary, append(p.env, "TAMACHI_DATA="+p.data()), args...)
}

func tamachi(ctx context.Context, binary string, env []string, args ...string) (string, time.Duration, error) {
	c := exec.CommandContext(ctx, binary, args...)
	c.Env = append(os.Environ(), env...)
	var out, notes bytes.Buffer
	c.Stdout, c.Stderr = &out, &notes
	start := time.Now()
	err := c.Run()
	took := time.Since(start)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 1 && args[0] == "morning" && out.Len() > 0 {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("tamachi %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(notes.Bytes()))
	}
	return out.String(), took, err
}

// destroy stops the plane and removes its desktops, then its folder. The
// folder stays when the desktops could not be removed.
func (p *plane) destroy() error {
	_ = p.serve.Process.Signal(syscall.SIGTERM)
	stopped := p.serve.Wait()
	_, _, err := tamachi(context.Background(), p.settings.binary, nil, "destroy", "--data", p.data(), "--yes")
	if err != nil {
		return errors.Join(stopped, fmt.Errorf("%w (left: %s)", err, p.dir))
	}
	return errors.Join(stopped, os.RemoveAll(p.dir))
}

// until looks again and again until done is true, three minutes at most.
func until(ctx context.Context, every time.Duration, done func() (bool, error)) error {
	return within(ctx, 3*time.Minute, every, done)
}

func within(ctx context.Context, long, every time.Duration, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("gave up waiting: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
