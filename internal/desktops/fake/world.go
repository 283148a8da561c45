package fake

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"regexp"
	"sync"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// Op names a method of the provider that can be made to fail or to wait.
type Op string

// The methods that take faults.
const (
	Prepare     Op = "Prepare"
	Create      Op = "Create"
	Start       Op = "Start"
	Stop        Op = "Stop"
	Rebuild     Op = "Rebuild"
	Destroy     Op = "Destroy"
	DialDisplay Op = "DialDisplay"
	Keep        Op = "Keep"
	Restore     Op = "Restore"
	Capture     Op = "Capture"
	Discard     Op = "Discard"
	Resize      Op = "Resize"
	Arrange     Op = "Arrange"
	Dress       Op = "Dress"
)

// World is what lies under a provider as the machine lies under a real one:
// it stays when the provider goes. It is safe for concurrent use.
type World struct {
	clock clock.Clock

	mu       sync.Mutex
	desktops map[string]*desktop        // guarded by mu
	images   map[string]image           // guarded by mu; captured ones
	faults   map[Op][]fault             // guarded by mu
	holds    map[Op]chan struct{}       // guarded by mu
	watchers map[chan struct{}]struct{} // guarded by mu; rung when a desktop changed unasked
	made     int                        // guarded by mu; desktops ever made
	started  int                        // guarded by mu; starts ever made
	changes  int                        // guarded by mu; changes that nobody asked for
	prepared bool                       // guarded by mu
	networks desktops.Networks          // guarded by mu; as they were arranged last
}

// desktop is a desktop of the world; all fields are guarded by World.mu.
type desktop struct {
	spec    desktops.Spec
	now     desktops.Desktop
	root    map[string]string
	user    map[string]string
	kept    *volumes
	cause   string // why it changed unasked; "" while it is as asked
	change  int    // number of that change
	streams map[net.Conn]struct{}
	load    float64       // cores that its processes want
	spent   time.Duration // processor time since the start, up to spentAt
	spentAt time.Time
	killed  int64 // processes ended for want of memory since the start
}

// volumes are the files of both volumes at one moment.
type volumes struct{ root, user map[string]string }

// image is a captured root volume.
type image struct {
	root      map[string]string
	discarded bool
}

type fault struct {
	after int // calls that still succeed
	err   error
}

// NewWorld returns an empty world; clk stamps the starts.
func NewWorld(clk clock.Clock) *World {
	return &World{
		clock: clk, desktops: map[string]*desktop{}, images: map[string]image{}, faults: map[Op][]fault{},
		holds: map[Op]chan struct{}{}, watchers: map[chan struct{}]struct{}{},
	}
}

// Load makes the processes of a running desktop want so many cores from now on,
// until it stops. They get no more than its limit.
func (w *World) Load(id string, cores float64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.desktops[id]
	if !ok {
		return fmt.Errorf("load desktop %s: %w", id, desktops.ErrNotFound)
	}
	w.spend(d)
	d.load = cores
	return nil
}

// Exhaust has a program of a running desktop take so many bytes of memory: it is
// ended where the desktop has not as many.
func (w *World) Exhaust(id string, bytes int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.desktops[id]
	if !ok || d.now.State == desktops.Stopped {
		return fmt.Errorf("exhaust desktop %s: it does not run: %w", id, desktops.ErrNotFound)
	}
	if bytes > int64(d.spec.MemoryMiB)<<20 {
		d.killed++
	}
	return nil
}

// Started is when a desktop was started last.
func (w *World) Started(id string) (time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.desktops[id]
	if !ok {
		return time.Time{}, fmt.Errorf("start of desktop %s: %w", id, desktops.ErrNotFound)
	}
	return d.now.StartedAt, nil
}

// spend counts the processor time up to now; mu is held.
func (w *World) spend(d *desktop) {
	now := w.clock.Now()
	if d.now.State != desktops.Stopped {
		d.spent += time.Duration(min(d.load, d.spec.CPUs) * float64(now.Sub(d.spentAt)))
	}
	d.spentAt = now
}

// Fail makes the nth call of op from now on fail with err, once; n is 1 for
// the next call. Later calls succeed again.
func (w *World) Fail(op Op, n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults[op] = append(w.faults[op], fault{after: n - 1, err: err})
}

// Hold makes all calls of op wait until the returned function is called, or
// until their context ends.
func (w *World) Hold(op Op) (release func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	gate := make(chan struct{})
	w.holds[op] = gate
	return sync.OnceFunc(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.holds[op] == gate {
			delete(w.holds, op)
		}
		close(gate)
	})
}

// KillDisplay lets the display of a running desktop die: it becomes SICK.
func (w *World) KillDisplay(id string) error {
	return w.unasked(id, desktops.Sick, "the display server ended")
}

// KillAll ends a running desktop as the machine's memory killer might.
func (w *World) KillAll(id string) error {
	return w.unasked(id, desktops.Stopped, "the desktop's first process ended")
}

func (w *World) unasked(id string, state desktops.State, cause string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.desktops[id]
	if !ok || d.now.State == desktops.Stopped {
		return fmt.Errorf("kill in %s: it does not run: %w", id, desktops.ErrNotFound)
	}
	w.halt(d)
	w.changes++
	d.now.State, d.cause, d.change = state, cause, w.changes
	if state == desktops.Stopped {
		d.now.PID = 0
	}
	for bell := range w.watchers {
		select {
		case bell <- struct{}{}:
		default:
		}
	}
	return nil
}

// WriteRoot puts a file into the root volume of a desktop.
func (w *World) WriteRoot(id, name, content string) error {
	return w.write(id, name, content, func(d *desktop) map[string]string { return d.root })
}

// WriteUser puts a file into the user volume of a desktop.
func (w *World) WriteUser(id, name, content string) error {
	return w.write(id, name, content, func(d *desktop) map[string]string { return d.user })
}

func (w *World) write(id, name, content string, volume func(*desktop) map[string]string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, ok := w.desktops[id]
	if !ok {
		return fmt.Errorf("write %s in %s: %w", name, id, desktops.ErrNotFound)
	}
	volume(d)[name] = content
	return nil
}

// ReadRoot gets a file of the root volume; ok is false if there is none.
func (w *World) ReadRoot(id, name string) (content string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if d, found := w.desktops[id]; found {
		content, ok = d.root[name]
	}
	return content, ok
}

// ReadUser gets a file of the user volume; ok is false if there is none.
func (w *World) ReadUser(id, name string) (content string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if d, found := w.desktops[id]; found {
		content, ok = d.user[name]
	}
	return content, ok
}

// Spec returns the spec with which a desktop was made, for tests that ask what
// the plane handed over.
func (w *World) Spec(id string) (spec desktops.Spec, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if d, found := w.desktops[id]; found {
		spec, ok = d.spec, true
	}
	return spec, ok
}

// Reset destroys all desktops and forgets all faults and holds.
func (w *World) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.desktops {
		w.halt(d)
	}
	for _, gate := range w.holds {
		close(gate)
	}
	w.desktops, w.faults, w.holds = map[string]*desktop{}, map[Op][]fault{}, map[Op]chan struct{}{}
	w.images = map[string]image{}
	w.made, w.started, w.prepared = 0, 0, false
}

// halt closes the display streams; mu is held.
func (w *World) halt(d *desktop) {
	for c := range d.streams {
		c.Close()
	}
	clear(d.streams)
}

// start makes the desktop run; mu is held.
func (w *World) start(d *desktop) {
	w.halt(d)
	w.started++
	d.now.State, d.now.PID, d.now.StartedAt, d.cause = desktops.Running, 1000+w.started, w.clock.Now(), ""
	d.load, d.spent, d.spentAt, d.killed = 0, 0, w.clock.Now(), 0
}

// stop ends the desktop as asked; mu is held.
func (w *World) stop(d *desktop) {
	w.halt(d)
	d.now.State, d.now.PID, d.cause = desktops.Stopped, 0, ""
}

// make adds a desktop that does not run yet; mu is held.
func (w *World) make(spec desktops.Spec) (*desktop, error) {
	if !form.MatchString(spec.ID) {
		return nil, fmt.Errorf("create desktop: %q is no id of a desktop", spec.ID)
	}
	if w.made >= 1<<16-2 {
		return nil, fmt.Errorf("create desktop %s: %w", spec.ID, desktops.ErrFull)
	}
	root, err := w.rootOf(spec.Image)
	if err != nil {
		return nil, fmt.Errorf("create desktop %s: %w", spec.ID, err)
	}
	user := map[string]string{}
	if spec.UserOf != "" {
		from, ok := w.desktops[spec.UserOf]
		if !ok {
			return nil, fmt.Errorf("create desktop %s: copy the user volume of %s: %w", spec.ID, spec.UserOf, desktops.ErrNotFound)
		}
		user = maps.Clone(from.user)
	}
	w.made++
	addr := spec.Addr
	if !addr.IsValid() {
		addr = netip.AddrFrom4([4]byte{10, 99, byte(w.made >> 8), byte(w.made)})
	}
	d := &desktop{
		spec: spec, root: root, user: user, streams: map[net.Conn]struct{}{},
		now: desktops.Desktop{ID: spec.ID, Owner: spec.Owner, State: desktops.Stopped, Addr: addr},
	}
	w.desktops[spec.ID] = d
	return d, nil
}

// form is the form of a desktop's id (AWS, WorkSpaces API: WorkspaceId).
var form = regexp.MustCompile(`^ws-[0-9a-z]{8,63}$`)
