package provision

import (
	"context"
	"net/netip"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// Room is the room of the desktops.
type Room interface {
	// Table is the table whose changes the feed tells.
	Table() string
	// All returns every desktop, in all accounts and Regions.
	All(ctx context.Context) ([]desktops.Job, error)
	// Job returns one desktop as it is now; found is false if it is gone.
	Job(ctx context.Context, account, region, id string) (job desktops.Job, found bool, err error)
	// Held tells whether the user of a desktop is still in its directory.
	Held(ctx context.Context, job desktops.Job) (bool, error)
	// Settle tells how the work of a job ended.
	Settle(ctx context.Context, job desktops.Job, o desktops.Outcome) error
	// Observe tells how a desktop is found that nobody works on; cause says
	// in one clause why it does not run.
	Observe(ctx context.Context, job desktops.Job, found desktops.Desktop, cause string) error
	// Kept tells when the copy was made that a job asked for; zero is that it
	// could not be.
	Kept(ctx context.Context, job desktops.Job, at time.Time) error
	Images
}

// Images are the room's images of desktops.
type Images interface {
	// Images is the table whose changes the feed tells.
	Images() string
	// GivenUp returns the images that were deleted, with whose they are.
	GivenUp(ctx context.Context) ([]store.Scope, []string, error)
	// Capture is what the provider is to discard for a deleted image; "" is
	// nothing.
	Capture(ctx context.Context, account, region, id string) (string, error)
	// Forget tells that a deleted image is discarded.
	Forget(ctx context.Context, account, region, id string) error
}

// Directories join desktops to their directory.
type Directories interface {
	// Join proves the directory's service account by a bind over the network.
	// A *directory.Refusal and directory.ErrUnreachable are told apart.
	Join(ctx context.Context, account, region, directoryID string) error
	// Names are those by which desktops find a directory at the plane; none
	// where somebody else keeps it.
	Names(ctx context.Context, account, region, directoryID string) ([]string, error)
}

// Activations make the one-time code with which a desktop's agent registers,
// and end what came of it. Both call the API through the gate as
// workspaces.amazonaws.com.
type Activations interface {
	// Activate calls CreateActivation for the desktop with the given id.
	Activate(ctx context.Context, account, region, desktopID string) (activationID, code string, err error)
	// Retire calls DeleteActivation for each activation of the desktop, used
	// or not, and DeregisterManagedInstance for each node. It may be repeated.
	Retire(ctx context.Context, account, region, desktopID string) error
}

// Networks give desktops their places in the customer's networks.
type Networks interface {
	// Seat gives the desktop an address in its subnet, each time the same; not
	// valid for a subnet that is only a name. desktops.ErrNoSubnet says that the
	// subnet was deleted, desktops.ErrFull that no address is free.
	Seat(ctx context.Context, job desktops.Job) (netip.Addr, error)
	// Vacate gives the address back; it may be repeated.
	Vacate(ctx context.Context, job desktops.Job) error
}

// Ports are what the engine asks of the house.
type Ports struct {
	Room        Room
	Directories Directories
	Activations Activations
	Networks    Networks // nil gives no places
	Guises      Guises   // nil knows of no groups and policies
	Provider    desktops.Provider
}
