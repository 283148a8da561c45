package local

import (
	"context"
	"net/netip"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/fabric"
)

// ground is what desktops stand on: namespaces, or nothing but users. All that
// is the same for both (folders, records, finding a process again, the display,
// watching) is the provider's.
type ground interface {
	about() desktops.About
	// plane is where desktops reach the plane; invalid if there is no such place.
	plane() netip.Addr
	// addr is the address of a desktop.
	addr(lease int) netip.Addr
	// owner is the id that owns the folders of a desktop.
	owner(lease int) int
	// prepare makes what all desktops need.
	prepare(ctx context.Context, progress func(desktops.Progress)) error
	// image makes the image of a variant, if it must, and returns its name.
	image(ctx context.Context, variant string) (string, error)
	// roots are the folders that lie over one another in the image of that
	// name, the upmost first.
	roots(image string) ([]string, error)
	// step is the step of desktop-init that begins a desktop.
	step() string
	// limit makes what the desktop's processes are counted in and returns the
	// files by which they join it.
	limit(rec record) (doors []string, err error)
	// connect gives the desktop with that first process its network.
	connect(id string, lease, pid int) error
	// arrange makes the customer's networks; running tells of the desktops.
	arrange(n desktops.Networks, running func() map[string]fabric.Machine) error
	// clear ends what is left of a desktop's processes and takes away what was
	// made for them.
	clear(ctx context.Context, id string, lease int) error
	// freeze lets nothing in a running desktop move until thaw is called.
	freeze(ctx context.Context, id string) (thaw func() error, err error)
	// thaw undoes a freeze of an earlier provider.
	thaw(id string) error
	// count fills in what a running desktop's processes use.
	count(id string, u *desktops.Usage) error
	// strays ends what runs without being a desktop that should run.
	strays(ctx context.Context, leases map[string]int, runs func(id string) bool) error
	// group is the path in which a desktop's processes are counted.
	group(id string) string
	// cause says more about the end of a desktop, or nothing.
	cause(id string) string
	// close lets go of what lives on.
	close()
	// lower removes all that was made for the folder on the host.
	lower() error
}
