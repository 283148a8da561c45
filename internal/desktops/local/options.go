package local

import (
	"debug/elf"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"

	"tamachi/internal/clock"
	"tamachi/internal/desktops/local/image"
	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/id"
)

// Options are what a provider needs. Dir, PlanePort, Clock and IDs must be given.
type Options struct {
	Dir       string // of this provider's state, below the data folder
	CacheDir  string // of images, shared by all planes of the machine; "" is image.DefaultDir
	Mirror    string // Debian mirror for images; "" is Debian's own
	Exe       string // the static binary whose subcommand desktop-init is InitMain; "" is this program
	PlanePort int    // where the plane listens on the bridge, see Provider.PlaneAddr
	// Images are the variants that Prepare makes; none means "office".
	Images []string
	// Storage is how the volumes of new desktops are kept: "dir" as folders,
	// without a bound; "files" as file systems in files of their own, which
	// cannot be fuller than they are large; "reflink" as these, on a file system
	// where their copies share blocks; "btrfs" as subvolumes with quotas, which
	// are turned on. "" is btrfs where Dir is on it with quotas on, else files
	// where the machine can.
	Storage string
	// Outbound are the ranges that desktops may reach through the host, by the
	// internet and NAT gateways of their networks; none leads nowhere.
	Outbound []netip.Prefix
	// Agent are the arguments with which Exe is started as the agent of a
	// desktop; nil means "agent --config /var/lib/tamachi-agent/config.json",
	// an empty list means no agent.
	Agent []string

	Clock  clock.Clock
	IDs    *id.Source
	Logger *slog.Logger // nil means silence
}

// InitMain is the hidden subcommand desktop-init of the product's binary; args
// follow its name. It returns the exit code.
func InitMain(args []string) int { return inside.Main(args) }

// ErrNotRoot reports a plane that is not root and so cannot make desktops.
var ErrNotRoot = errors.New("local desktops need root; run the plane as root (sudo)")

// complete checks the options and fills in the defaults.
func (o Options) complete() (Options, error) {
	if os.Geteuid() != 0 {
		return o, ErrNotRoot
	}
	if o.Dir == "" || o.Clock == nil || o.IDs == nil {
		return o, errors.New("local desktops: folder, clock and ids must be given")
	}
	if o.PlanePort < 1 || o.PlanePort > 65535 {
		return o, fmt.Errorf("local desktops: %d is no port of the plane", o.PlanePort)
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
	if !slices.Contains([]string{"", "dir", "files", "reflink", "btrfs"}, o.Storage) {
		return o, fmt.Errorf("local desktops: there is no storage %q; there are dir, files, reflink and btrfs", o.Storage)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o, checkExe(o.Exe)
}

// checkExe wants a binary that runs within any image.
func checkExe(path string) error {
	st, err := os.Stat(path)
	if err != nil {
		return err
	}
	if st.Mode().Perm()&0o005 != 0o005 {
		return fmt.Errorf("%s must be readable and executable by all: it runs in desktops; run: chmod a+rx %s", path, path)
	}
	f, err := elf.Open(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return fmt.Errorf("%s is linked dynamically and would not run in desktops; build it with CGO_ENABLED=0", path)
		}
	}
	return nil
}
