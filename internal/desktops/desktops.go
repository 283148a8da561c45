// Package desktops is the vocabulary of real desktops: what the plane asks of
// a provider, in plain structs. Providers live below this folder; each passes
// the suite in desktopstest, the fake included.
package desktops

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"
)

// Provider makes and keeps real desktops. Every method may be called again
// after a crash and then finishes what was begun; Destroy of an unknown id is
// no error. Desktops outlive the process that made them: a new Provider over
// the same folder finds them again.
type Provider interface {
	// About says what this provider is and what it cannot do.
	About() About
	// Prepare makes what all desktops need (image, bridge) and reports
	// progress; it returns at once when that is there already.
	Prepare(ctx context.Context, progress func(Progress)) error
	// Create makes the volumes and starts the desktop; it returns when the
	// display answers. Creating an existing desktop starts it. Where the spec
	// names another desktop as the source of the user volume, that one must
	// be stopped or at rest: its volume is copied as it is.
	Create(ctx context.Context, spec Spec) (Desktop, error)
	// Start starts a stopped desktop and returns when the display answers.
	Start(ctx context.Context, id string) (Desktop, error)
	// Stop ends every process of the desktop and keeps its volumes.
	Stop(ctx context.Context, id string) error
	// Rebuild replaces the root volume by a fresh one of the named image ("" is
	// the image it has), keeps the user volume, and starts the desktop. The
	// node identity is kept.
	Rebuild(ctx context.Context, id, image string) (Desktop, error)
	Keeper
	Arranger
	// Destroy ends the desktop and removes all its volumes.
	Destroy(ctx context.Context, id string) error
	// Inspect reports a desktop as it is now; ErrNotFound if there is none.
	Inspect(ctx context.Context, id string) (Desktop, error)
	// List reports all desktops of this provider, running or not.
	List(ctx context.Context) ([]Desktop, error)
	// DialDisplay opens a new RFB stream (RFC 6143) to the desktop.
	DialDisplay(ctx context.Context, id string) (net.Conn, error)
	// Watch sends an event for each change that nobody asked for (a display
	// that died) until ctx ends, and returns nil then. It begins with those
	// that still stand, so that nothing is lost while nobody watches; a
	// watcher may be told the same thing again when it comes back.
	Watch(ctx context.Context, events chan<- Event) error
}

// About describes a provider.
type About struct {
	Name     string // "local", "fake"
	Isolated bool   // own mount, pid, network and user namespaces
	Lacks    []Capability
	NoGPU    string // of one that lacks GPUs: why, in a clause ("this host has none")
	Note     string // what a person must know ("no namespaces here: plain Xvnc as a user")
}

// Spec is all a provider needs to make a desktop.
type Spec struct {
	ID           string // ws-...
	ComputerName string // host name inside
	UserName     string // the person; the login inside is made from it
	Image        string // image variant, "office" or "small", or the id of a captured image
	CPUs         float64
	MemoryMiB    int
	RootGiB      int
	UserGiB      int
	// UserOf is the id of the desktop whose user volume this one begins with,
	// as it is then; "" begins with an empty one.
	UserOf string
	// Addr is the desktop's address in its customer's network; not valid, it
	// has none but the provider's own.
	Addr netip.Addr `json:",omitzero"`
	Node Node
	Tags map[string]string
	// Guise is what policies make of it at first; a Dresser is told of changes.
	Guise Guise `json:",omitzero"`
	// Owner is the data folder on whose behalf the desktop is made; nobody
	// else may destroy it.
	Owner string
}

// Node is what the agent in a desktop needs to register and to find the plane.
type Node struct {
	Region string
	Domain string // service domain: hosts are <service>.<region>.<domain>
	Port   int    // port of the plane on the bridge, TLS only
	CA     []byte // PEM, put into the desktop's trust store
	// Directory are the names by which a desktop finds its directory at the plane;
	// none where somebody else keeps that.
	Directory      []string `json:",omitempty"`
	ActivationID   string   // used once; the identity outlives rebuilds
	ActivationCode string   // secret: never logged
}

// State is what a provider knows of a desktop.
type State string

// The states of a desktop in a provider.
const (
	Running State = "RUNNING" // display answers
	Sick    State = "SICK"    // processes live, but the display does not answer
	Stopped State = "STOPPED"
)

// Desktop is a desktop as it is now.
type Desktop struct {
	ID        string
	Owner     string // Spec.Owner
	State     State
	Addr      netip.Addr // Spec.Addr, or where there is none one of the provider's own
	PID       int        // the desktop's first process in the plane's pid namespace, 0 when stopped
	Cgroup    string     // path in which the desktop's processes are counted, "" when there is none
	StartedAt time.Time
	KeptAt    time.Time // when the copy was made that Restore goes back to; zero if there is none
}

// Event is a change nobody asked for.
type Event struct {
	ID    string
	State State
	Cause string // one clear clause: "the display server ended"
}

// Progress reports a long step to a person.
type Progress struct {
	Step    string
	Percent int // 0 to 100
}

// The errors a provider makes; wrap them with what was attempted.
var (
	ErrNotFound = errors.New("no such desktop")
	ErrNoSpace  = errors.New("no space left for the desktop")
	ErrNoImage  = errors.New("the desktop image is not there")
	ErrFull     = errors.New("no address or id left for another desktop")
	ErrNoSubnet = errors.New("the network that the desktop belongs to is not there any more")
	ErrNotKept  = errors.New("no copy of the desktop's volumes was kept")
	ErrLacking  = errors.New("the provider cannot do that")
	ErrShrink   = errors.New("a volume cannot become smaller")
)
