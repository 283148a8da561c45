package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/desktops/local/removal"
)

// patience is how long a display may take to answer: half a minute was seen
// with thirty starts at once on two cores.
const patience = 90 * time.Second

// screen is the size of a new display; a viewer may change it.
const screen = "1280x800"

// launch starts a desktop that does not run and returns when its display
// answers. If it does not come up, nothing of it is left running.
func (p *Provider) launch(ctx context.Context, d *desktop) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := p.bringUp(ctx, d)
	if err == nil {
		p.ring()
		return nil
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	return errors.Join(err, p.stop(after, d))
}

func (p *Provider) bringUp(ctx context.Context, d *desktop) error {
	rec := d.record()
	doors, err := p.ground.limit(rec)
	if err != nil {
		return err
	}
	if err := p.volumes(ctx, d); err != nil {
		return err
	}
	plan, err := p.plan(d, rec, doors)
	if err != nil {
		return err
	}
	if err := p.renewSignals(d); err != nil {
		return err
	}
	way, err := openWay(plan, filepath.Join(d.folder, logFile))
	if err != nil {
		return err
	}
	defer way.close()
	pid, err := way.start(ctx, p.options.Exe, p.ground.step())
	if err != nil {
		return err
	}
	live, err := p.note(d, pid)
	if err != nil {
		return err
	}
	if err := p.ground.connect(d.id, d.lease, pid); err != nil {
		return err
	}
	return p.letGo(ctx, d, way, live)
}

// plan is what the processes on the way in are told.
func (p *Provider) plan(d *desktop, rec record, doors []string) (inside.Plan, error) {
	roots, err := p.ground.roots(rec.Image)
	if err != nil {
		return inside.Plan{}, err
	}
	return inside.Plan{
		ID: d.id, HostName: inside.HostName(rec.Spec), Login: inside.Login(rec.Spec), FirstID: p.ground.owner(d.lease),
		Memory: int64(rec.Spec.MemoryMiB) << 20,
		Folder: d.folder, Images: roots, Form: p.storageOf(rec).Form(), Exe: p.options.Exe, Doors: doors,
		MachineID: rec.MachineID, Hosts: inside.HostLines(rec.Spec.Node, p.PlaneAddr().String()), CA: rec.Spec.Node.CA,
		Screen: screen, Agent: p.options.Agent,
	}, nil
}

// renewSignals gives the desktop a new signals folder: whatever an earlier run
// left in the old one must not keep this one from coming up.
func (p *Provider) renewSignals(d *desktop) error {
	path := filepath.Join(d.folder, signalsFolder)
	if err := removal.Discard(path, p.options.trashFolder()); err != nil {
		return err
	}
	return makeOwned(path, 0o755, p.ground.owner(d.lease))
}

// note writes down the desktop's first process before it goes on.
func (p *Provider) note(d *desktop, pid int) (*instance, error) {
	process, err := hold(pid)
	if err != nil {
		return nil, err
	}
	r, err := describe(pid)
	if err != nil {
		process.close()
		return nil, fmt.Errorf("look at the desktop's first process: %w", err)
	}
	r.StartedAt = p.options.Clock.Now().UTC()
	live := &instance{run: r, process: process}
	d.mu.Lock()
	d.live = live
	d.mu.Unlock()
	return live, save(filepath.Join(d.folder, runFile), r)
}

// letGo lets the desktop go on and waits until its display answers.
func (p *Provider) letGo(ctx context.Context, d *desktop, way *way, live *instance) error {
	signals := filepath.Join(d.folder, signalsFolder)
	events, err := watchFolder(signals)
	if err != nil {
		return err
	}
	defer unix.Close(events)
	if err := way.goOn(ctx); err != nil {
		return err
	}
	ended, err := live.process.again()
	if err != nil {
		return err
	}
	defer unix.Close(ended)
	w, err := newWaiter(events, ended)
	if err != nil {
		return err
	}
	defer w.close()
	for !there(d.folder) {
		if !live.process.alive() {
			return fmt.Errorf("the desktop's first process ended: %s", lastWords(d.folder))
		}
		if err := w.wait(ctx); err != nil {
			return fmt.Errorf("wait until the display answers: %w%s", err, lastWords(d.folder))
		}
		drain(events)
	}
	// On a busy machine one that has just come up may be longer silent than one
	// that stands.
	if err := speaks(ctx, d.folder); err != nil {
		return err
	}
	d.mu.Lock()
	live.up = true
	d.mu.Unlock()
	return nil
}

// there tells whether the desktop says that its display answers.
func there(folder string) bool {
	_, err := os.Lstat(filepath.Join(folder, signalsFolder, inside.Ready))
	return err == nil
}

// lastWords is the last line of the desktop's log, for an error's text.
func lastWords(folder string) string {
	text, err := os.ReadFile(filepath.Join(folder, logFile))
	if err != nil || len(text) == 0 {
		return ""
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return strings.ToValidUTF8(string(lines[len(lines)-1]), "?")
}

// way is the way into a desktop: the pipes between us and its processes.
type way struct {
	plan, words   *os.File
	reports, tell *os.File
	wait, goes    *os.File
	lines         *json.Decoder
}

func openWay(plan inside.Plan, logPath string) (*way, error) {
	w := &way{}
	text, err := json.Marshal(plan)
	if err != nil {
		return nil, err
	}
	fd, err := unix.MemfdCreate("plan", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	w.plan = os.NewFile(uintptr(fd), "plan")
	if _, err := w.plan.Write(text); err != nil {
		w.close()
		return nil, err
	}
	if w.words, err = os.OpenFile(logPath, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
		w.close()
		return nil, err
	}
	if w.reports, w.tell, err = os.Pipe(); err != nil {
		w.close()
		return nil, err
	}
	if w.wait, w.goes, err = os.Pipe(); err != nil {
		w.close()
		return nil, err
	}
	w.lines = json.NewDecoder(io.LimitReader(w.reports, 64<<10))
	return w, nil
}

// close closes all that is still open; a desktop that waits gives up then.
func (w *way) close() {
	for _, f := range []*os.File{w.plan, w.words, w.reports, w.tell, w.wait, w.goes} {
		if f != nil {
			f.Close()
		}
	}
}

// start runs the first step and returns the desktop's first process.
func (w *way) start(ctx context.Context, exe, step string) (int, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer null.Close()
	stage, err := os.StartProcess(exe, []string{"tamachi", "desktop-init", step}, &os.ProcAttr{
		Dir: "/", Env: []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"},
		Files: []*os.File{null, w.words, w.words, w.plan, w.tell, w.wait},
		Sys:   &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWNS, Setsid: true},
	})
	if err != nil {
		return 0, fmt.Errorf("start the way in: %w", err)
	}
	w.tell.Close() // so that the reports end with the processes that make them
	w.wait.Close()
	stop := context.AfterFunc(ctx, func() {
		_ = stage.Kill()
		_ = w.reports.SetReadDeadline(time.Unix(1, 0))
	})
	defer stop()
	report, err := w.read()
	if _, failed := stage.Wait(); failed != nil {
		return 0, failed
	}
	if err == nil && report.PID == 0 {
		err = errors.New("the way in ended without a word")
	}
	return report.PID, errors.Join(ctx.Err(), err)
}

// read reads one report; its own error is returned as one.
func (w *way) read() (inside.Report, error) {
	var r inside.Report
	if err := w.lines.Decode(&r); err != nil {
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		return r, err
	}
	if r.Error != "" {
		return r, errors.New(r.Error)
	}
	return r, nil
}

// goOn tells the desktop that its network is there, and waits until it has
// become its own first process or says why not.
func (w *way) goOn(ctx context.Context) error {
	if _, err := w.goes.Write([]byte{1}); err != nil {
		return fmt.Errorf("let the desktop go on: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = w.reports.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	_, err := w.read()
	return errors.Join(ctx.Err(), err)
}
