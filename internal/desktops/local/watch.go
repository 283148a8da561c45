package local

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
)

// Watch tells of displays and desktops that ended unasked, beginning with
// those that already have. It waits for the kernel's word: the end of a
// desktop's first process, or a change in its signals folder.
func (p *Provider) Watch(ctx context.Context, events chan<- desktops.Event) error {
	w, err := p.newWatch()
	if err != nil {
		return fmt.Errorf("watch the desktops: %w", err)
	}
	defer w.close()
	for {
		for _, e := range w.look() {
			select {
			case events <- e:
			case <-ctx.Done():
				return nil
			}
		}
		if err := w.wait(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("watch the desktops: %w", err)
		}
	}
}

// ring wakes the watchers, who look at the desktops anew.
func (p *Provider) ring() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for fd := range p.watchers {
		_, _ = unix.Write(fd, binary.NativeEndian.AppendUint64(nil, 1))
	}
}

// watch is one watcher.
type watch struct {
	provider *Provider
	bell     int // eventfd, rung when desktops come and go
	folders  int // inotify over all signals folders
	waiter   *waiter
	seen     map[*instance]*sight
}

// sight is what a watcher knows of one run of a desktop.
type sight struct {
	process int // our own duplicate of the pidfd; -1 when it was gone before
	folder  int // inotify watch
	told    desktops.State
}

func (p *Provider) newWatch() (*watch, error) {
	w := &watch{provider: p, bell: -1, folders: -1, seen: map[*instance]*sight{}}
	var err error
	if w.bell, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return nil, err
	}
	if w.folders, err = unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK); err != nil {
		w.close()
		return nil, fmt.Errorf("is fs.inotify.max_user_instances too low? %w", err)
	}
	if w.waiter, err = newWaiter(w.bell, w.folders); err != nil {
		w.close()
		return nil, err
	}
	p.mu.Lock()
	p.watchers[w.bell] = struct{}{}
	p.mu.Unlock()
	return w, nil
}

func (w *watch) close() {
	w.provider.mu.Lock()
	delete(w.provider.watchers, w.bell)
	w.provider.mu.Unlock()
	for _, s := range w.seen {
		if s.process >= 0 {
			unix.Close(s.process)
		}
	}
	if w.waiter != nil {
		w.waiter.close()
	}
	for _, fd := range []int{w.bell, w.folders} {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
}

func (w *watch) wait(ctx context.Context) error {
	if err := w.waiter.wait(ctx); err != nil {
		return err
	}
	drain(w.bell)
	drain(w.folders)
	return nil
}

// look compares the desktops with what was told of them.
func (w *watch) look() []desktops.Event {
	current := w.provider.unasked()
	for live, s := range w.seen {
		if current[live] == nil { // first, for the next run of a desktop has the same folder
			w.drop(live, s)
		}
	}
	var out []desktops.Event
	for live, d := range current {
		s := w.seen[live]
		if s == nil {
			s = w.begin(d, live)
		}
		if e := w.compare(d, s); e.State != "" {
			out = append(out, e)
		}
	}
	return out
}

// unasked lists the runs that are up and that nobody is ending.
func (p *Provider) unasked() map[*instance]*desktop {
	p.mu.Lock()
	all := make([]*desktop, 0, len(p.desktops))
	for _, d := range p.desktops {
		all = append(all, d)
	}
	p.mu.Unlock()
	out := map[*instance]*desktop{}
	for _, d := range all {
		d.mu.Lock()
		if d.live != nil && d.live.up && !d.live.asked {
			out[d.live] = d
		}
		d.mu.Unlock()
	}
	return out
}

// begin watches a run before its state is looked at, so that nothing falls
// between the two.
func (w *watch) begin(d *desktop, live *instance) *sight {
	s := &sight{process: -1, folder: -1}
	w.seen[live] = s
	if live.process == nil {
		return s
	}
	complain := func(err error) {
		if err != nil {
			w.provider.options.Logger.Error("desktop not watched", "resource", d.id, "err", err)
		}
	}
	if fd, err := live.process.again(); err != nil {
		complain(err)
	} else {
		s.process = fd
		complain(w.waiter.add(fd))
	}
	folder, err := unix.InotifyAddWatch(w.folders, filepath.Join(d.folder, signalsFolder), watched)
	complain(err)
	s.folder = folder
	return s
}

// compare returns an event if the run is not as asked and that is news.
func (w *watch) compare(d *desktop, s *sight) desktops.Event {
	e := desktops.Event{ID: d.id}
	switch {
	case s.process < 0 || running(s.process) != nil:
		e.State, e.Cause = desktops.Stopped, "the desktop's first process ended"+w.provider.ground.cause(d.id)
	case !there(d.folder):
		e.State, e.Cause = desktops.Sick, "the display server ended"
	}
	if e.State == s.told {
		return desktops.Event{}
	}
	s.told = e.State
	if e.State == desktops.Stopped && s.process >= 0 { // it has no more to say
		_ = w.waiter.remove(s.process)
	}
	return e
}

// drop ends the watch of a run that is over.
func (w *watch) drop(live *instance, s *sight) {
	if s.process >= 0 {
		_ = w.waiter.remove(s.process) // closing a duplicate would leave it there
		unix.Close(s.process)
	}
	if s.folder >= 0 {
		_, _ = unix.InotifyRmWatch(w.folders, uint32(s.folder))
	}
	delete(w.seen, live)
}
