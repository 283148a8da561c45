// Package network connects the desktops of one data folder with the plane: a
// bridge of our own, a pair of virtual interfaces a desktop, and a table of
// nftables that lets a desktop reach the plane's port on the bridge and
// nothing else, neither of the host nor beyond it, nor another desktop.
//
// All names begin with "tm" and the id of the data folder, so that several
// planes live side by side and each removes only what is its own.
package network

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// Network is the bridge of one data folder.
type Network struct {
	name   string
	prefix netip.Prefix
}

// hosts is the number of desktops that fit: the bridge has the first address.
const hosts = 1<<16 - 3

// ErrNoRange reports a host all of whose candidate ranges are in use.
var ErrNoRange = errors.New("no free range of addresses for the bridge")

// ErrTaken reports a bridge whose range something else on the host has by now.
var ErrTaken = errors.New("its range is in use")

// New names the network of the data folder with that id (six hexadecimal
// digits) over a range that Choose gave.
func New(folderID string, prefix netip.Prefix) (*Network, error) {
	if len(folderID) != 6 || !prefix.Addr().Is4() || prefix.Bits() != 16 {
		return nil, fmt.Errorf("network of folder %q over %s: want six digits and an IPv4 /16", folderID, prefix)
	}
	return &Network{name: "tm" + folderID, prefix: prefix.Masked()}, nil
}

// Name is the name of the bridge and of the nftables table.
func (n *Network) Name() string { return n.name }

// Plane is the bridge's own address: where the plane listens for desktops.
func (n *Network) Plane() netip.Addr { return n.prefix.Addr().Next() }

// Prefix is the range of the bridge.
func (n *Network) Prefix() netip.Prefix { return n.prefix }

// Addr is the stable address of the desktop with that lease.
func (n *Network) Addr(lease int) (netip.Addr, error) {
	if lease < 0 || lease >= hosts {
		return netip.Addr{}, fmt.Errorf("lease %d is outside the range %s", lease, n.prefix)
	}
	b := n.prefix.Addr().As4()
	b[2], b[3] = byte((lease+2)>>8), byte(lease+2)
	return netip.AddrFrom4(b), nil
}

// MAC is the stable hardware address of the desktop with that address: locally
// administered, and different between data folders.
func (n *Network) MAC(addr netip.Addr) net.HardwareAddr {
	sum := sha256.Sum256([]byte(n.name))
	b := addr.As4()
	return net.HardwareAddr{0x02, sum[0], sum[1], sum[2], b[2], b[3]}
}

// outer is the name of a desktop's interface on the host.
func (n *Network) outer(lease int) string { return n.name + "." + strconv.Itoa(lease) }

// blocks are where a range is looked for, the best first. What an office reaches
// by its default route is in no route of this host, and a bridge over it would
// cut the host off from it: so first the space that is for carriers' networks
// (RFC 6598), in which no office has hosts. A host that has some of it for another
// purpose (Tailscale) may drop whatever else comes from there.
var blocks = []struct {
	prefix netip.Prefix
	whole  bool // any other use of it rules out all of it
}{
	{netip.MustParsePrefix("100.64.0.0/10"), true},
	{netip.MustParsePrefix("10.0.0.0/8"), false},
	{netip.MustParsePrefix("172.16.0.0/12"), false},
}

// Choose finds a /16 that no route, address or name server of this host touches.
// Candidates are taken in an order that the folder's id decides, so that two
// planes rarely want the same one.
func Choose(folderID string) (netip.Prefix, error) {
	taken, err := inUse("")
	if err != nil {
		return netip.Prefix{}, err
	}
	return free(taken, folderID)
}

func free(taken []use, folderID string) (netip.Prefix, error) {
	others := slices.DeleteFunc(slices.Clone(taken), func(u use) bool { return bridgeName.MatchString(u.by) })
	start := int(sha256.Sum256([]byte(folderID))[0])
	for _, block := range blocks {
		if block.whole && touching(others, block.prefix) != "" {
			continue
		}
		first, count := block.prefix.Addr().As4(), 1<<(16-block.prefix.Bits())
		for i := range count {
			p := netip.PrefixFrom(netip.AddrFrom4([4]byte{first[0], first[1] + byte((start+i)%count), 0, 0}), 16)
			if touching(taken, p) == "" {
				return p, nil
			}
		}
	}
	return netip.Prefix{}, fmt.Errorf("%w: the host has routes into all of 100.64.0.0/10, 10.0.0.0/8 and 172.16.0.0/12; remove one", ErrNoRange)
}

// bridgeName matches the bridges of planes on this host.
var bridgeName = regexp.MustCompile(`^tm[0-9a-f]{6}$`)

// use is a range that something on the host has.
type use struct {
	prefix netip.Prefix
	by     string
}

func touching(taken []use, p netip.Prefix) string {
	for _, u := range taken {
		if u.prefix.Overlaps(p) {
			return u.prefix.String() + " of " + u.by
		}
	}
	return ""
}

// inUse lists the ranges of all routes and addresses, default routes and those
// of the named interface excepted, and the name servers, which a default route
// may lead to.
func inUse(except string) ([]use, error) {
	links, err := steady(netlink.LinkList)
	if err != nil {
		return nil, fmt.Errorf("list interfaces: %w", err)
	}
	names := map[int]string{}
	for _, l := range links {
		names[l.Attrs().Index] = l.Attrs().Name
	}
	var out []use
	add := func(n *net.IPNet, by string) {
		if n == nil || by == except {
			return
		}
		ip, ok := netip.AddrFromSlice(n.IP)
		ones, _ := n.Mask.Size()
		if ok && ones > 0 {
			out = append(out, use{netip.PrefixFrom(ip.Unmap(), ones).Masked(), by})
		}
	}
	routes, err := steady(func() ([]netlink.Route, error) {
		return netlink.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{Table: unix.RT_TABLE_UNSPEC}, netlink.RT_FILTER_TABLE)
	})
	if err != nil {
		return nil, fmt.Errorf("list routes: %w", err)
	}
	for _, r := range routes {
		add(r.Dst, names[r.LinkIndex])
	}
	addrs, err := steady(func() ([]netlink.Addr, error) { return netlink.AddrList(nil, netlink.FAMILY_V4) })
	if err != nil {
		return nil, fmt.Errorf("list addresses: %w", err)
	}
	for _, a := range addrs {
		add(a.IPNet, names[a.LinkIndex])
	}
	for _, path := range resolvers {
		servers, err := nameServers(path)
		if err != nil {
			return nil, err
		}
		for _, s := range servers {
			out = append(out, use{netip.PrefixFrom(s, s.BitLen()), "the name server in " + path})
		}
	}
	return out, nil
}

// resolvers name the name servers of a host: what its programs ask, and whom
// systemd-resolved asks for them.
var resolvers = []string{"/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"}

// nameServers reads the IPv4 name servers of a file in the form of resolv.conf(5);
// a file that is not there names none.
func nameServers(path string) ([]netip.Addr, error) {
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []netip.Addr
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		if len(f) < 2 || f[0] != "nameserver" {
			continue
		}
		if addr, err := netip.ParseAddr(f[1]); err == nil && addr.Unmap().Is4() {
			out = append(out, addr.Unmap())
		}
	}
	return out, nil
}

// steady lists again when something changed while the kernel listed.
func steady[T any](list func() ([]T, error)) (all []T, err error) {
	for range 100 {
		if all, err = list(); !errors.Is(err, netlink.ErrDumpInterrupted) {
			break
		}
	}
	return all, err
}

// Raise makes the bridge and its table, or puts right what is there, so that
// desktops reach the plane at Plane() and planePort and nothing else. Its error is
// ErrTaken where the range belongs to something else by now.
func (n *Network) Raise(planePort int) error {
	taken, err := inUse(n.name)
	if err != nil {
		return err
	}
	if by := touching(taken, n.prefix); by != "" {
		return fmt.Errorf("raise bridge %s: %w: %s overlaps %s", n.name, ErrTaken, n.prefix, by)
	}
	if err := n.guard(planePort); err != nil { // before the bridge: never open for a moment
		return err
	}
	attrs := netlink.NewLinkAttrs()
	attrs.Name = n.name
	attrs.HardwareAddr = n.MAC(n.Plane())
	bridge := &netlink.Bridge{LinkAttrs: attrs}
	if err := netlink.LinkAdd(bridge); err != nil && !errors.Is(err, unix.EEXIST) {
		return fmt.Errorf("add bridge %s: %w", n.name, err)
	}
	addr := &netlink.Addr{IPNet: &net.IPNet{IP: n.Plane().AsSlice(), Mask: net.CIDRMask(16, 32)}}
	if err := netlink.AddrReplace(bridge, addr); err != nil {
		return fmt.Errorf("give bridge %s its address: %w", n.name, err)
	}
	// Root of a desktop can send what it likes. Nothing is learnt from it: who
	// has which address is written down when a desktop is plugged in, or one
	// could take another's place and fill the host's tables.
	if err := netlink.LinkSetARPOff(bridge); err != nil {
		return fmt.Errorf("switch ARP of bridge %s off: %w", n.name, err)
	}
	if err := netlink.LinkSetUp(bridge); err != nil {
		return fmt.Errorf("set bridge %s up: %w", n.name, err)
	}
	return nil
}

// Idle reports whether no desktop is plugged in.
func (n *Network) Idle() (bool, error) {
	links, err := steady(netlink.LinkList)
	if err != nil {
		return false, fmt.Errorf("list interfaces: %w", err)
	}
	return !slices.ContainsFunc(links, func(l netlink.Link) bool { return strings.HasPrefix(l.Attrs().Name, n.name+".") }), nil
}

// Lower removes the bridge and its table.
func (n *Network) Lower() error {
	err := remove(n.name)
	return errors.Join(err, n.unguard())
}

// remove removes an interface; none of that name is no error.
func remove(name string) error {
	link, err := netlink.LinkByName(name)
	var missing netlink.LinkNotFoundError
	if errors.As(err, &missing) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for interface %s: %w", name, err)
	}
	if err := netlink.LinkDel(link); err != nil && !errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("remove interface %s: %w", name, err)
	}
	return nil
}

// Plug connects the network namespace of process pid with the bridge: inside,
// eth0 with the address of the lease and the way to the plane, which goes before
// any route to a wider range, and nowhere else.
func (n *Network) Plug(lease, pid int) error {
	addr, err := n.Addr(lease)
	if err != nil {
		return err
	}
	if err := n.Unplug(lease); err != nil { // of an earlier run
		return err
	}
	bridge, err := netlink.LinkByName(n.name)
	if err != nil {
		return fmt.Errorf("look for bridge %s: %w", n.name, err)
	}
	attrs := netlink.NewLinkAttrs()
	attrs.Name, attrs.MasterIndex = n.outer(lease), bridge.Attrs().Index
	pair := &netlink.Veth{
		LinkAttrs: attrs, PeerName: "eth0", PeerNamespace: netlink.NsPid(pid), PeerHardwareAddr: n.MAC(addr),
	}
	if err := netlink.LinkAdd(pair); err != nil {
		return fmt.Errorf("add interface %s: %w", attrs.Name, err)
	}
	if err := netlink.LinkSetIsolated(pair, true); err != nil { // from the bridge's other ports
		return fmt.Errorf("isolate interface %s: %w", attrs.Name, err)
	}
	if err := netlink.LinkSetLearning(pair, false); err != nil {
		return fmt.Errorf("keep bridge %s from learning: %w", n.name, err)
	}
	if err := netlink.LinkSetUp(pair); err != nil {
		return fmt.Errorf("set interface %s up: %w", attrs.Name, err)
	}
	if err := n.enter(addr, pair, bridge); err != nil {
		return err
	}
	return n.address(addr, pid)
}

// enter writes down where a desktop's addresses are: its hardware address at
// its port of the bridge, its address at that hardware address. The first goes
// with the port; the second is replaced by the next desktop of the lease.
func (n *Network) enter(addr netip.Addr, port, bridge netlink.Link) error {
	at := netlink.Neigh{
		LinkIndex: port.Attrs().Index, Family: unix.AF_BRIDGE, Flags: netlink.NTF_MASTER,
		State: netlink.NUD_NOARP, HardwareAddr: n.MAC(addr),
	}
	if err := netlink.NeighSet(&at); err != nil {
		return fmt.Errorf("enter %s in the table of bridge %s: %w", at.HardwareAddr, n.name, err)
	}
	return n.acquaint(netlink.NeighSet, bridge, addr)
}

// acquaint enters the hardware address of addr for good, instead of asking the
// network for it.
func (n *Network) acquaint(set func(*netlink.Neigh) error, link netlink.Link, addr netip.Addr) error {
	err := set(&netlink.Neigh{
		LinkIndex: link.Attrs().Index, Family: unix.AF_INET, State: netlink.NUD_PERMANENT,
		IP: addr.AsSlice(), HardwareAddr: n.MAC(addr),
	})
	if err != nil {
		return fmt.Errorf("enter the hardware address of %s at %s: %w", addr, link.Attrs().Name, err)
	}
	return nil
}

// address sets up the interfaces inside.
func (n *Network) address(addr netip.Addr, pid int) error {
	ns, err := netns.GetFromPid(pid)
	if err != nil {
		return fmt.Errorf("open the network namespace of process %d: %w", pid, err)
	}
	defer ns.Close()
	inside, err := netlink.NewHandleAt(ns, unix.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("enter the network namespace of process %d: %w", pid, err)
	}
	defer inside.Close()
	eth0, err := inside.LinkByName("eth0")
	if err != nil {
		return fmt.Errorf("look for eth0 inside: %w", err)
	}
	own := &netlink.Addr{IPNet: &net.IPNet{IP: addr.AsSlice(), Mask: net.CIDRMask(16, 32)}, Flags: unix.IFA_F_NOPREFIXROUTE}
	if err := inside.AddrReplace(eth0, own); err != nil {
		return fmt.Errorf("give eth0 inside its address: %w", err)
	}
	for _, name := range []string{"lo", "eth0"} {
		link, err := inside.LinkByName(name)
		if err != nil {
			return fmt.Errorf("look for %s inside: %w", name, err)
		}
		if err := inside.LinkSetUp(link); err != nil {
			return fmt.Errorf("set %s inside up: %w", name, err)
		}
	}
	if err := n.acquaint(inside.NeighSet, eth0, n.Plane()); err != nil {
		return err
	}
	plane := &net.IPNet{IP: n.Plane().AsSlice(), Mask: net.CIDRMask(32, 32)}
	if err := inside.RouteReplace(&netlink.Route{LinkIndex: eth0.Attrs().Index, Dst: plane, Scope: netlink.SCOPE_LINK, Src: addr.AsSlice()}); err != nil {
		return fmt.Errorf("add the route to the plane inside: %w", err)
	}
	return nil
}

// Unplug removes a desktop's interface, if it is still there: it goes by
// itself some time after the last process of the desktop.
func (n *Network) Unplug(lease int) error { return remove(n.outer(lease)) }
