package incus

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"

	"tamachi/internal/clock"
	"tamachi/internal/desktops/local/image"
	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/id"
)

// Options are what a provider needs. Dir, PlanePort, Clock and IDs must be given.
type Options struct {
	Dir string // of this provider's settings, below the data folder
	// Server is unix:PATH or https://HOST:PORT, Keys the folder with client.crt,
	// client.key and server.crt for the latter, Pool the storage pool of the
	// desktops. "" is what the folder had the last time, else DefaultServer and
	// "default".
	Server, Keys, Pool string
	// Plane is where desktops reach the plane; not valid, it is the address of
	// their bridge: right where the server is on this machine.
	Plane     netip.Addr
	PlanePort int
	CacheDir  string   // of images that are made here; "" is image.DefaultDir
	Mirror    string   // Debian mirror for images; "" is Debian's own
	Exe       string   // the static binary whose subcommand desktop-init is inside.Main; "" is this program
	Images    []string // variants that Prepare makes; none means "office"
	Agent     []string // arguments of the agent; nil is inside.AgentCommand, an empty list no agent

	Clock  clock.Clock
	IDs    *id.Source
	Logger *slog.Logger // nil means silence
}

// DefaultServer is where Debian's Incus listens.
const DefaultServer = "unix:/var/lib/incus/unix.socket"

var poolForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_.-]{0,62}$`)

// complete checks the options and fills in the defaults.
func (o Options) complete() (Options, error) {
	if o.Dir == "" || o.Clock == nil || o.IDs == nil {
		return o, errors.New("incus desktops: folder, clock and ids must be given")
	}
	if o.PlanePort < 1 || o.PlanePort > 65535 {
		return o, fmt.Errorf("incus desktops: %d is no port of the plane", o.PlanePort)
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return o, err
	}
	o.Dir = dir
	if o.CacheDir == "" {
		o.CacheDir = image.DefaultDir
	}
	if o.Exe == "" {
		if o.Exe, err = os.Executable(); err != nil {
			return o, err
		}
	}
	if len(o.Images) == 0 {
		o.Images = []string{"office"}
	}
	if o.Agent == nil {
		o.Agent = inside.AgentCommand()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, nil
}
