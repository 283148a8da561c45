package desktops

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Keeper is the part of a provider that looks after volumes, images and limits
// of desktops that are there. What a provider lacks it says in About, and
// answers ErrLacking.
type Keeper interface {
	// Keep copies both volumes as they are at one moment; the copy takes the
	// place of the one that was kept before. The desktop may run.
	Keep(ctx context.Context, id string) (Desktop, error)
	// Restore puts both volumes back to the kept copy and starts the desktop;
	// ErrNotKept if there is none.
	Restore(ctx context.Context, id string) (Desktop, error)
	// Capture makes an image of the root volume, without the person's account
	// and the desktop's identity; the desktop goes on as it was. image is the
	// id (wsi-...) by which specs name it from then on. An image that is there
	// is left as it is.
	Capture(ctx context.Context, id, image string) error
	// Discard gives an image up: no new desktop can be made of it, and it is
	// removed when the last desktop made of it is. An unknown one is no error.
	Discard(ctx context.Context, image string) error
	// Resize gives a desktop new limits, at once where it runs. Zeroes leave
	// what is there. ErrShrink if a volume would become smaller.
	Resize(ctx context.Context, id string, size Size) (Desktop, error)
	// Usage tells what a desktop uses now; volumes without a size are measured
	// at most every few minutes.
	Usage(ctx context.Context, id string) (Usage, error)
}

// Size are the limits of a desktop.
type Size struct {
	CPUs      float64
	MemoryMiB int
	RootGiB   int
	UserGiB   int
}

// Resized is the spec with new limits: what a provider's Resize keeps.
func (s Spec) Resized(size Size) (Spec, error) {
	if size.RootGiB != 0 && size.RootGiB < s.RootGiB || size.UserGiB != 0 && size.UserGiB < s.UserGiB {
		return s, fmt.Errorf("from %d and %d GiB to %d and %d: %w", s.RootGiB, s.UserGiB, size.RootGiB, size.UserGiB, ErrShrink)
	}
	s.CPUs, s.MemoryMiB = cmp.Or(size.CPUs, s.CPUs), cmp.Or(size.MemoryMiB, s.MemoryMiB)
	s.RootGiB, s.UserGiB = cmp.Or(size.RootGiB, s.RootGiB), cmp.Or(size.UserGiB, s.UserGiB)
	return s, nil
}

// Usage is what a desktop uses.
type Usage struct {
	At          time.Time
	CPU         time.Duration // processor time since its start
	CPUs        float64       // its limit, in cores
	MemoryBytes int64         // of its processes, without the page cache
	MemoryLimit int64
	OutOfMemory int64 // processes ended for want of memory since its start
	Root, User  Volume
	StartedAt   time.Time // zero while it is stopped
}

// Volume is how full a volume is, in bytes.
type Volume struct{ Used, Size int64 }

// Capability is something that a provider may lack.
type Capability string

// The capabilities that a provider may lack.
const (
	Copies Capability = "copies"              // Keep and Restore
	Images Capability = "images"              // Capture and Discard
	Limits Capability = "limits"              // CPUs and memory of Resize, CPU and memory of Usage
	Quotas Capability = "quotas"              // a volume holds no more than its size
	Guises Capability = "groups and policies" // Dresser
	Sounds Capability = "sound"               // the doors Speaker and Microphone
	Prints Capability = "printing"            // the door Printer
	GPUs   Capability = "graphics"            // a GPU of the host in a desktop; About.NoGPU says why not
)

// Can tells whether the provider has a capability.
func (a About) Can(c Capability) bool { return !slices.Contains(a.Lacks, c) }
