package agent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	// probationTime is how long a new version may take to come online.
	probationTime = 2 * time.Minute
	// mostStarts is how often it may be started until then.
	mostStarts = 3
)

// probation lasts from the start of a new version until it is online. The old
// program stays beside it so long.
type probation struct {
	From, To string
	Starts   int

	passed chan struct{} // closed when it is online
	failed chan struct{} // closed when the old program is in its place again

	mu              sync.Mutex
	channel, report bool // guarded by mu; what it takes to be online
}

func (a *agent) probationFile() string   { return filepath.Join(a.cfg.Folder, "update.json") }
func (a *agent) previousProgram() string { return a.cfg.Program + ".previous" }

// beginProbation notes what takes this program's place. The old one is kept
// before it is replaced.
func (a *agent) beginProbation(version string) error {
	if err := os.Remove(a.previousProgram()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Link(a.cfg.Program, a.previousProgram()); err != nil {
		return err
	}
	return writeFile(a.probationFile(), &probation{From: a.cfg.Version, To: version})
}

// takeProbation finds out whether this program was just put in its place. One
// that was started too often without coming online makes room for the old one.
func (a *agent) takeProbation() error {
	p := &probation{}
	err := readFile(a.probationFile(), p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || p.To != a.cfg.Version {
		a.endProbation() // the old one runs again, or another
		return nil       //nolint:nilerr // a spoiled note keeps no agent from its work
	}
	p.passed, p.failed = make(chan struct{}), make(chan struct{})
	if p.Starts++; p.Starts > mostStarts {
		return a.fallBack(p)
	}
	a.probation = p
	return writeFile(a.probationFile(), p)
}

func (a *agent) endProbation() {
	_ = os.Remove(a.probationFile()) // one that stays is of another version, and ends with its start
	if a.cfg.Program != "" {
		_ = os.Remove(a.previousProgram()) // a later update replaces it
	}
}

// fallBack puts the old program in its place again and asks for its start.
func (a *agent) fallBack(p *probation) error {
	if err := os.Rename(a.previousProgram(), a.cfg.Program); err != nil {
		return fmt.Errorf("go back to version %s of the agent: %w", p.From, err)
	}
	close(p.failed)
	a.log.Error("the new version did not come online; the old one is started again", slog.String("node", a.id.Node), slog.String("resource", p.To))
	return errors.Join(ErrRestart, syncFolder(filepath.Dir(a.cfg.Program)))
}

// keepProbation waits until a new version is online, and goes back to the old
// one when that does not happen.
func (a *agent) keepProbation(ctx context.Context) error {
	if a.probation == nil {
		<-ctx.Done()
		return ctx.Err()
	}
	limit := time.NewTimer(probationTime)
	defer limit.Stop()
	select {
	case <-a.probation.passed:
		a.endProbation()
		<-ctx.Done()
	case <-limit.C:
		return a.fallBack(a.probation)
	case <-ctx.Done():
	}
	return ctx.Err()
}

// arrived notes one of the two things that make a node online.
func (p *probation) arrived(channel, report bool) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.channel && p.report
	p.channel, p.report = p.channel || channel, p.report || report
	if !was && p.channel && p.report {
		close(p.passed)
	}
}

// updated is the end of an update: the new version waits until it is online.
func (a *agent) updated(ctx context.Context) outcome {
	if p := a.probation; p != nil {
		select {
		case <-p.passed:
			return succeeded("tamachi-agent was updated from %s to %s and is up to date\n", p.From, p.To)
		case <-ctx.Done():
		}
		select {
		case <-p.failed:
			return failedWith("tamachi-agent %s did not come online within %s; it was rolled back to %s", p.To, probationTime, p.From)
		default:
			return interrupted(context.Cause(ctx))
		}
	}
	return succeeded("tamachi-agent %s is up to date\n", a.cfg.Version)
}

// Try finds out whether this program can be the agent of the node whose
// identity is in the folder: it gets credentials, opens a control channel and
// reports. The agent that runs loses its own channel for a moment.
func Try(ctx context.Context, cfg Config) (version string, err error) {
	a, err := open(cfg)
	if err != nil {
		return "", err
	}
	defer a.plane.close()
	if a.id.Node == "" {
		return "", errors.New("the node is not registered")
	}
	creds, _, err := a.requestTokenWith(ctx, a.id.Key)
	if err != nil && a.id.NextKey != nil {
		creds, _, err = a.requestTokenWith(ctx, a.id.NextKey)
	}
	if err != nil {
		return "", err
	}
	a.purse.put(creds)
	conn, err := a.openChannel(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.CloseNow() }() // it was only tried: the plane's farewell is not waited for
	return a.cfg.Version, a.inform(ctx)
}
