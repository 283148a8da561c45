package fabric

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// folder is where namespaces are kept by name, as ip-netns(8) does.
const folder = "/run/netns"

// space is the namespace of a network.
type space struct {
	id   string // vpc-...
	name string // below folder
	ns   netns.NsHandle
	link *netlink.Handle
	// plan is what was last written into the kernel, to leave alone what has
	// not changed; nil before.
	plan *plan
}

// openSpace opens the namespace of a network, or makes it.
func openSpace(mark, id string) (*space, error) {
	name := mark + "-" + id
	ns, err := netns.GetFromName(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = makeSpace(name)
		if err == nil {
			ns, err = netns.GetFromName(name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open the namespace of network %s: %w", id, err)
	}
	s := &space{id: id, name: name, ns: ns}
	if s.link, err = netlink.NewHandleAt(ns, unix.NETLINK_ROUTE); err != nil {
		ns.Close()
		if rest := dropSpace(name); rest != nil { // a file without its namespace, from before the host's restart
			return nil, errors.Join(err, rest)
		}
		return nil, fmt.Errorf("enter the namespace of network %s: %w", id, err)
	}
	return s, nil
}

func (s *space) close() {
	s.link.Close()
	s.ns.Close()
}

// makeSpace makes a namespace in which packets are passed on and nothing else
// is done with them. A new interface takes packets from addresses only that are
// routed to it (rp_filter: strict).
func makeSpace(name string) error {
	return apart(func() error {
		ns, err := netns.NewNamed(name)
		if err != nil {
			return err
		}
		defer ns.Close()
		lo, err := netlink.LinkByName("lo")
		if err == nil {
			err = netlink.LinkSetUp(lo) // without any address there is no table of them, and no gateway is believed
		}
		if err != nil {
			return err
		}
		return settle("a new namespace", map[string]string{
			"ipv4/ip_forward":                    "1",
			"ipv4/conf/all/rp_filter":            "0",
			"ipv4/conf/default/rp_filter":        "1",
			"ipv4/conf/all/send_redirects":       "0",
			"ipv4/conf/default/send_redirects":   "0",
			"ipv4/conf/all/accept_redirects":     "0",
			"ipv4/conf/default/accept_redirects": "0",
			"ipv6/conf/all/disable_ipv6":         "1",
			"ipv6/conf/default/disable_ipv6":     "1",
		})
	})
}

// settle writes settings of the present namespace. Those of IPv6 are not there
// on a kernel without it.
func settle(what string, settings map[string]string) error {
	for key, value := range settings {
		err := os.WriteFile(filepath.Join("/proc/sys/net", key), []byte(value), 0)
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(key, "ipv6/") {
			continue
		}
		if err != nil {
			return fmt.Errorf("set %s of %s: %w", key, what, err)
		}
	}
	return nil
}

// apart runs fn on a thread that is given up afterwards, so that fn may change
// its namespaces.
func apart(fn func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
		done <- fn()
	}()
	return <-done
}

// inside runs fn on a thread within the namespace.
func (s *space) inside(fn func() error) error {
	return apart(func() error {
		if err := netns.Set(s.ns); err != nil {
			return err
		}
		return fn()
	})
}

// spacesOf lists the names of the namespaces with a mark.
func spacesOf(mark string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), mark+"-vpc-") || strings.HasPrefix(e.Name(), mark+"-tgw-") {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// dropSpace gives a namespace up: it ends with the last interface's owner.
func dropSpace(name string) error {
	path := filepath.Join(folder, name)
	if err := unix.Unmount(path, unix.MNT_DETACH); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOENT) {
		return fmt.Errorf("remove namespace %s: %w", name, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove namespace %s: %w", name, err)
	}
	return nil
}
