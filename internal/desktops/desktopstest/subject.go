package desktopstest

import (
	"context"
	"testing"
	"time"

	"tamachi/internal/desktops"
)

// Volume names one of the two volumes of a desktop.
type Volume string

// The volumes of a desktop.
const (
	Root Volume = "root" // replaced by a rebuild
	User Volume = "user" // kept by a rebuild
)

// Subject is a provider under test and what the suite needs to get at it from
// behind. Each subtest opens its own over an empty folder.
type Subject struct {
	Provider desktops.Provider
	// Image is the variant of the desktops that the suite makes; "" is "small".
	Image string
	// Reopen gives a new provider over the same folder, as after a crash of
	// the plane: the old one is gone without a word to the desktops.
	Reopen func(t *testing.T) desktops.Provider
	// Reboot takes everything from the machine but its disks, and gives a new
	// provider over the same folder.
	Reboot func(t *testing.T) desktops.Provider
	// KillDisplay ends the display server of a running desktop.
	KillDisplay func(t *testing.T, id string)
	// KillAll ends every process of a running desktop behind the provider's
	// back, as the machine's memory killer might.
	KillAll func(t *testing.T, id string)
	// Write puts a file into a volume of a running desktop.
	Write func(t *testing.T, id string, v Volume, name, content string)
	// Read gets a file out of a volume of a running desktop; ok is false if
	// there is no such file.
	Read func(t *testing.T, id string, v Volume, name string) (content string, ok bool)
	// Reserve takes that many bytes of a volume for a new file, and tells
	// whether they were to be had; nil for a provider without Quotas.
	Reserve func(t *testing.T, id string, v Volume, name string, bytes int64) bool
	// Quotas tells of volumes on Btrfs, whose kernel may give counting up.
	Quotas Quotas
	// Exhaust has a program in the desktop take so many bytes of memory, and
	// waits until it has them or was ended; nil for a provider without Limits.
	Exhaust func(t *testing.T, id string, bytes int64)
	// Reaches tells whether a TCP connection from a running desktop to a port
	// of another is made, at which something listens; nil for a provider
	// without Nets.
	Reaches func(t *testing.T, from, to string, port int) bool
	// Patience is how long a single step may take; 0 is one minute.
	Patience time.Duration
}

// Spec is the spec of a small desktop with the given id, fit for any provider.
func (s Subject) Spec(id string) desktops.Spec {
	image := s.Image
	if image == "" {
		image = "small"
	}
	return desktops.Spec{
		ID: id, ComputerName: "PC-" + id[len(id)-6:], UserName: "fujita.kouhei", Image: image,
		CPUs: 1, MemoryMiB: 512, RootGiB: 10, UserGiB: 10,
		Node: desktops.Node{
			Region: "ap-northeast-1", Domain: "tamachi.internal", Port: 4566,
			ActivationID: "3f1b7d0c-0c1e-4e0e-9a4b-6f6f3c0a1b2c", ActivationCode: "not-a-real-code-0000",
		},
		Tags:  map[string]string{"Office": "sample"},
		Owner: "0123456789abcdef",
	}
}

// context gives a step its time.
func (s Subject) context(t *testing.T) context.Context {
	t.Helper()
	patience := s.Patience
	if patience == 0 {
		patience = time.Minute
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// create makes a desktop, wants it running, and destroys it after the test.
func (s Subject) create(t *testing.T, id string) desktops.Desktop {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Provider.Destroy(ctx, id); err != nil {
			t.Errorf("destroy %s after the test: %v", id, err)
		}
	})
	d, err := s.Provider.Create(s.context(t), s.Spec(id))
	if err != nil {
		t.Fatalf("create %s: %v", id, err)
	}
	if d.ID != id || d.State != desktops.Running {
		t.Fatalf("create %s: want it RUNNING, got %+v", id, d)
	}
	if want := s.Spec(id).Owner; d.Owner != want {
		t.Fatalf("create %s: want owner %q, got %q", id, want, d.Owner)
	}
	return d
}

// want inspects a desktop and compares its state.
func (s Subject) want(t *testing.T, p desktops.Provider, id string, state desktops.State) desktops.Desktop {
	t.Helper()
	d, err := p.Inspect(s.context(t), id)
	if err != nil {
		t.Fatalf("inspect %s: %v", id, err)
	}
	if d.State != state {
		t.Fatalf("inspect %s: want state %s, got %+v", id, state, d)
	}
	if (d.PID == 0) != (state == desktops.Stopped) {
		t.Fatalf("inspect %s: a first process is there exactly while it is not stopped, got %+v", id, d)
	}
	return d
}
