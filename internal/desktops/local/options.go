package local

import (
	"debug/elf"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"

	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/desktops/local/setup"
)

// Options are what a provider needs; for Base.PlanePort see Provider.PlaneAddr.
type Options struct {
	setup.Base
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
	var err error
	if o.Base, err = o.Base.Complete("local desktops"); err != nil {
		return o, err
	}
	if !slices.Contains([]string{"", "dir", "files", "reflink", "btrfs"}, o.Storage) {
		return o, fmt.Errorf("local desktops: there is no storage %q; there are dir, files, reflink and btrfs", o.Storage)
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
