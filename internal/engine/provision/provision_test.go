package provision_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/directory"
	"tamachi/internal/store"
)

func TestACreatedDesktopBecomesAvailable(t *testing.T) {
	p := open(t)
	p.run()
	ids := p.create("fujita.kouhei", "nakamura.yuri", "sato.hanako")
	for _, id := range ids {
		w := p.becomes(id, "AVAILABLE")
		if deref(w.IpAddress) == "" || deref(w.ComputerName) == "" {
			t.Errorf("%s has no address or name: %+v", id, w)
		}
		spec, ok := p.world.Spec(id)
		if !ok {
			t.Fatalf("the provider has no desktop %s", id)
		}
		n := spec.Node
		if n.Region != region || n.Domain != "tamachi.internal" || n.Port != 4566 || !strings.HasPrefix(n.ActivationID, "activation-") || n.ActivationCode != "secret" || spec.Owner != owner ||
			!slices.Equal(n.Directory, []string{corp + "." + region + ".tamachi.internal"}) {
			t.Errorf("spec of %s: %+v", id, spec)
		}
	}
	if p.help.joined != 3 || p.help.activations != 3 {
		t.Errorf("%d joins and %d activations for 3 desktops", p.help.joined, p.help.activations)
	}
}

func TestFailuresNameTheirCause(t *testing.T) {
	refusal := directory.Refuse(directory.Disabled)
	tests := []struct {
		name           string
		join, activate error
		create         error
		code           string
		message        []string
	}{
		{"a service account that is disabled", refusal, nil, nil, "DomainJoin.ServiceAccountRefused", []string{"joining directory " + corp + " failed: bind as svc-workspaces refused: ", "disabled"}},
		{"a directory that does not answer", directory.ErrUnreachable, nil, nil, "DomainJoin.DirectoryUnreachable", []string{"joining directory " + corp, "does not answer", "rebuild"}},
		{"another failure to join", errors.New("no credential"), nil, nil, "DomainJoin.Failed", []string{"no credential"}},
		{"no activation", nil, errors.New("denied"), nil, "Activation.Refused", []string{"activation", "denied"}},
		{"a full disk", nil, nil, desktops.ErrNoSpace, "Desktop.NoSpace", []string{"creating the desktop failed", "make room"}},
		{"no image", nil, nil, desktops.ErrNoImage, "Desktop.NoImage", []string{"image"}},
		{"no address", nil, nil, desktops.ErrFull, "Desktop.NoAddress", []string{"terminate"}},
		{"anything else", nil, nil, errors.New("the machine is tired"), "Desktop.Failed", []string{"the machine is tired"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := open(t)
			p.help.answer(tt.join, tt.activate)
			switch {
			case tt.code == "Desktop.Failed": // what may pass is tried again
				p.fail(fake.Create, tt.create)
			case tt.create != nil:
				p.world.Fail(fake.Create, 1, tt.create)
			}
			p.run()
			id := p.create("fujita.kouhei")[0]
			w := p.becomes(id, "ERROR")
			if deref(w.ErrorCode) != tt.code {
				t.Errorf("code %s, want %s", deref(w.ErrorCode), tt.code)
			}
			for _, part := range tt.message {
				if !strings.Contains(deref(w.ErrorMessage), part) || strings.Contains(deref(w.ErrorMessage), "\n") {
					t.Errorf("message %q, want one line with %q", deref(w.ErrorMessage), part)
				}
			}
			if got := p.inspect(id); got != "" {
				t.Errorf("the provider has the desktop (%s)", got)
			}
			if left := p.help.kept(id); len(left) != 0 {
				t.Errorf("the failed desktop has %v, want its unused activation retired", left)
			}
			p.help.answer(nil, nil)
			p.ask("rebuild", id) // the cause is mended
			p.becomes(id, "AVAILABLE")
		})
	}
}

// TestWhatPassesIsNoError lets each part of the work fail once, as on a machine
// that is too busy just then.
func TestWhatPassesIsNoError(t *testing.T) {
	busy := errors.New("device or resource busy")
	p := open(t)
	p.world.Fail(fake.Create, 1, busy)
	p.run()
	id := p.create("fujita.kouhei")[0]
	if w := p.becomes(id, "AVAILABLE"); w.ErrorCode != nil || w.ErrorMessage != nil {
		t.Errorf("want no error, got %+v", w)
	}
	if left := p.help.kept(id); len(left) != 1 {
		t.Errorf("want one node, got %v", left)
	}
	for _, step := range []struct {
		op         fake.Op
		verb, want string
	}{
		{fake.Stop, "stop", "STOPPED"},
		{fake.Start, "start", "AVAILABLE"},
		{fake.Rebuild, "rebuild", "AVAILABLE"},
		{fake.Destroy, "terminate", ""},
	} {
		p.world.Fail(step.op, 1, busy)
		p.ask(step.verb, id)
		p.becomes(id, step.want)
	}
}

// TestUserWhoLeft asks for a desktop whose user leaves before it is made.
func TestUserWhoLeft(t *testing.T) {
	p := open(t)
	id, who := p.create("fujita.kouhei")[0], "fujita.kouhei"
	p.left.Store(&who)
	p.run()
	w := p.becomes(id, "ERROR")
	if deref(w.ErrorCode) != "ResourceNotFound.User" || !strings.Contains(deref(w.ErrorMessage), "the specified user fujita.kouhei could not be found in the directory "+corp) {
		t.Errorf("got %s: %s, want the user who left", deref(w.ErrorCode), deref(w.ErrorMessage))
	}
	if got := p.inspect(id); got != "" {
		t.Errorf("the provider has the desktop (%s)", got)
	}
	p.left.Store(nil)
	p.ask("rebuild", id) // back again
	p.becomes(id, "AVAILABLE")
}

func TestTheLifeOfADesktop(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	for _, err := range []error{p.world.WriteRoot(id, "mark", "root"), p.world.WriteUser(id, "mark", "user")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	p.ask("stop", id)
	p.becomes(id, "STOPPED")
	if got := p.inspect(id); got != desktops.Stopped {
		t.Errorf("a stopped desktop is %s", got)
	}
	p.ask("start", id)
	p.becomes(id, "AVAILABLE")
	p.ask("reboot", id)
	p.becomes(id, "AVAILABLE")
	p.ask("rebuild", id)
	p.becomes(id, "AVAILABLE")
	if _, there := p.world.ReadRoot(id, "mark"); there {
		t.Error("a rebuild kept the root volume")
	}
	if content, _ := p.world.ReadUser(id, "mark"); content != "user" {
		t.Error("a rebuild lost the user volume")
	}
	if p.help.activations != 1 {
		t.Errorf("%d activations, want one: the node identity is kept", p.help.activations)
	}
	if left := p.help.kept(id); len(left) != 1 {
		t.Errorf("after the rebuild the desktop has %v, want its node kept", left)
	}
	p.ask("terminate", id)
	p.becomes(id, "")
	if left := p.help.kept(id); len(left) != 0 {
		t.Errorf("the terminated desktop has %v, want its node retired", left)
	}
	if got := p.inspect(id); got != "" {
		t.Errorf("a terminated desktop is %s", got)
	}
}

func TestASickDesktopHealsByReboot(t *testing.T) {
	for name, kill := range map[string]func(*fake.World, string) error{"its display died": (*fake.World).KillDisplay, "it died": (*fake.World).KillAll} {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			p.run()
			id := p.create("fujita.kouhei")[0]
			p.becomes(id, "AVAILABLE")
			if err := kill(p.world, id); err != nil {
				t.Fatal(err)
			}
			w := p.becomes(id, "UNHEALTHY")
			if !strings.Contains(deref(w.ErrorMessage), "ended; reboot") {
				t.Errorf("message %q, want the cause and the remedy", deref(w.ErrorMessage))
			}
			p.ask("reboot", id)
			if w := p.becomes(id, "AVAILABLE"); w.ErrorMessage != nil {
				t.Errorf("the message stays: %q", deref(w.ErrorMessage))
			}
			if got := p.inspect(id); got != desktops.Running {
				t.Errorf("after the reboot it is %s", got)
			}
		})
	}
}

func TestFailedMovesCanBeAskedAgain(t *testing.T) {
	broken := errors.New("the machine is tired")
	tests := []struct {
		verb string
		op   fake.Op
		want string
	}{
		{"stop", fake.Stop, "UNHEALTHY"},
		{"reboot", fake.Stop, "UNHEALTHY"},
		{"reboot", fake.Start, "UNHEALTHY"},
		{"rebuild", fake.Rebuild, "ERROR"},
		{"terminate", fake.Destroy, "ERROR"},
	}
	for _, tt := range tests {
		t.Run(tt.verb+" with a failing "+string(tt.op), func(t *testing.T) {
			p := open(t)
			p.run()
			id := p.create("fujita.kouhei")[0]
			p.becomes(id, "AVAILABLE")
			p.fail(tt.op, broken)
			p.ask(tt.verb, id)
			if w := p.becomes(id, tt.want); !strings.Contains(deref(w.ErrorMessage), broken.Error()) {
				t.Errorf("message %q, want the cause", deref(w.ErrorMessage))
			}
			p.ask("terminate", id)
			p.becomes(id, "")
		})
	}
}

func TestWorkBrokenOffGoesOnAtTheNextStart(t *testing.T) {
	p := open(t)
	release := p.world.Hold(fake.Create)
	p.run()
	ids := p.create("fujita.kouhei", "nakamura.yuri", "sato.hanako")
	waitFor(t, "two joins", func() bool { p.help.mu.Lock(); defer p.help.mu.Unlock(); return p.help.activations == 2 })
	p.stop()
	for _, id := range ids {
		if w := p.look(id); w.State != "PENDING" {
			t.Errorf("after the stop %s is %s, want PENDING", id, w.State)
		}
	}
	release()
	p.run()
	for _, id := range ids {
		p.becomes(id, "AVAILABLE")
		if left := p.help.kept(id); len(left) != 1 {
			t.Errorf("%s has %v, want what was broken off retired", id, left)
		}
	}
}

func TestALostDesktopComesBackWithOneNode(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	if err := p.ports.Provider.Destroy(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	p.ask("rebuild", id)
	p.becomes(id, "AVAILABLE")
	if left := p.help.kept(id); len(left) != 1 || left[0] != "activation-2" {
		t.Errorf("the desktop has %v, want its new node only", left)
	}
}

func TestANodeThatCannotBeRetiredKeepsItsDesktop(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	p.help.mu.Lock()
	p.help.retire = errors.New("denied")
	p.help.mu.Unlock()
	p.ask("terminate", id)
	w := p.becomes(id, "ERROR")
	if deref(w.ErrorCode) != "Node.NotRetired" || !strings.Contains(deref(w.ErrorMessage), "denied; terminate the desktop again") {
		t.Errorf("got %s: %s, want the cause and the remedy", deref(w.ErrorCode), deref(w.ErrorMessage))
	}
	p.help.mu.Lock()
	p.help.retire = nil
	p.help.mu.Unlock()
	p.ask("terminate", id)
	p.becomes(id, "")
	if left := p.help.kept(id); len(left) != 0 {
		t.Errorf("the terminated desktop has %v", left)
	}
}

// TestDesktopsAreMatchedAtStart changes the provider's side while no engine
// runs.
func TestDesktopsAreMatchedAtStart(t *testing.T) {
	p := open(t)
	p.run()
	ids := p.create("a.running", "b.sick", "c.lost", "d.stopped", "e.rebooting")
	for _, id := range ids {
		p.becomes(id, "AVAILABLE")
	}
	p.ask("stop", ids[3])
	p.becomes(ids[3], "STOPPED")
	p.stop()
	ctx := t.Context()
	for _, err := range []error{p.world.KillDisplay(ids[1]), p.ports.Provider.Destroy(ctx, ids[2]), p.ports.Provider.Destroy(ctx, ids[4])} {
		if err != nil {
			t.Fatal(err)
		}
	}
	p.ask("reboot", ids[4])
	for id, by := range map[string]string{"ws-ownleftover": owner, "ws-otherfolder": "folder-two", "ws-nobodysown": ""} {
		if _, err := p.ports.Provider.Create(ctx, desktops.Spec{ID: id, Owner: by}); err != nil {
			t.Fatal(err)
		}
	}
	p.run()
	p.becomes(ids[0], "AVAILABLE")
	p.becomes(ids[1], "UNHEALTHY")
	if w := p.becomes(ids[2], "UNHEALTHY"); !strings.Contains(deref(w.ErrorMessage), "rebuild") {
		t.Errorf("message of the lost one: %q, want the remedy", deref(w.ErrorMessage))
	}
	p.becomes(ids[3], "STOPPED")
	p.becomes(ids[4], "AVAILABLE")
	waitFor(t, "the own leftover to go", func() bool { return p.inspect("ws-ownleftover") == "" })
	for _, id := range []string{"ws-otherfolder", "ws-nobodysown"} {
		if got := p.inspect(id); got != desktops.Running {
			t.Errorf("%s of another owner is %q, want it left alone", id, got)
		}
	}
}

// forgetful is a room whose first Settle fails, as on a full disk.
type forgetful struct {
	roomPort
	once sync.Once
}

func (f *forgetful) Settle(ctx context.Context, job desktops.Job, o desktops.Outcome) (err error) {
	f.once.Do(func() { err = store.ErrNoSpace })
	if err != nil {
		return err
	}
	return f.roomPort.Settle(ctx, job, o)
}

func TestAnOutcomeThatCouldNotBeStoredIsToldAgain(t *testing.T) {
	p := open(t)
	p.ports.Room = &forgetful{roomPort: p.room}
	p.run()
	id := p.create("fujita.kouhei")[0]
	waitFor(t, "the desktop in the provider", func() bool { return p.inspect(id) == desktops.Running })
	p.becomes(p.create("nakamura.yuri")[0], "AVAILABLE") // any commit rings
	p.becomes(id, "AVAILABLE")
	if n := p.help.activations; n != 2 {
		t.Errorf("%d activations for two desktops, want 2", n)
	}
}

// watchful counts how many calls are inside the provider at once.
type watchful struct {
	desktops.Provider
	mu    sync.Mutex
	now   map[string]int // guarded by mu
	total int            // guarded by mu
	most  int            // guarded by mu
	twice bool           // guarded by mu: two calls for one desktop at once
}

func (w *watchful) Create(ctx context.Context, s desktops.Spec) (desktops.Desktop, error) {
	defer w.enter(s.ID)()
	return w.Provider.Create(ctx, s)
}

func (w *watchful) Destroy(ctx context.Context, id string) error {
	defer w.enter(id)()
	return w.Provider.Destroy(ctx, id)
}

func (w *watchful) enter(id string) (leave func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now[id]++
	w.total++
	w.twice = w.twice || w.now[id] > 1
	w.most = max(w.most, w.total)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.now[id]--
		w.total--
	}
}

func TestOneDesktopIsNeverWorkedOnTwiceAtATime(t *testing.T) {
	p := open(t)
	w := &watchful{Provider: p.ports.Provider, now: map[string]int{}}
	p.ports.Provider = w
	release := p.world.Hold(fake.Create)
	p.run()
	ids := p.create("a", "b", "c", "d", "e", "f")
	for _, id := range ids[:3] {
		p.ask("terminate", id) // while its create is held, or waits
	}
	release()
	for _, id := range ids[:3] {
		p.becomes(id, "")
		if got := p.inspect(id); got != "" {
			t.Errorf("%s was terminated while it was created and is %s", id, got)
		}
	}
	for _, id := range ids[3:] {
		p.becomes(id, "AVAILABLE")
	}
	if w.twice || w.most > 2 {
		t.Errorf("one desktop twice at a time: %v; at most %d at a time, want 2", w.twice, w.most)
	}
}

func TestTheCursorMovesOnAndTheFeedCanBeTrimmed(t *testing.T) {
	p := open(t)
	p.run()
	id := p.create("fujita.kouhei")[0]
	p.becomes(id, "AVAILABLE")
	p.copied(id)
	p.clock.Advance(2 * time.Hour)
	waitFor(t, "the feed to be trimmed", func() bool {
		if _, err := p.store.Trim(t.Context()); err != nil {
			t.Fatal(err)
		}
		left, err := p.store.Changes(t.Context(), "", 0)
		return err == nil && len(left) == 0
	})
}
