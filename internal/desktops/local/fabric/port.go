package fabric

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"tamachi/internal/netpath"
)

// The kinds of our interfaces in a namespace, by their names. Others are not
// ours.
var (
	desktopPort = regexp.MustCompile(`^d[0-9]+$`)
	peeringPort = regexp.MustCompile(`^p[0-9a-f]{1,13}$`)
)

// portOf is the name of a desktop's interface in the namespace of its network.
func portOf(lease int) string { return "d" + strconv.Itoa(lease) }

// inner is the name of that interface in the desktop: eth0 leads to the plane,
// as of a WorkSpace (WorkSpaces Administration Guide, "Network interfaces").
const inner = "eth1"

// router is the hardware address of the router, at every port.
var router = net.HardwareAddr{0x06, 0, 0, 0, 0, 1}

// hardware is a stable hardware address, of its own in a data folder.
func hardware(parts ...string) net.HardwareAddr {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p + "\x00"))
	}
	return append(net.HardwareAddr{0x06}, h.Sum(nil)[:5]...)
}

// plug joins a desktop. One that is joined already stays as it is.
func (s *space) plug(c chair, m Machine, mark string) error {
	name, alias := portOf(m.Lease), fmt.Sprintf("%s %s %d", c.Desktop, c.Addr, m.PID)
	if link, err := s.link.LinkByName(name); err == nil && link.Attrs().Alias == alias {
		return nil
	}
	if err := s.remove(name); err != nil {
		return err
	}
	attrs := netlink.NewLinkAttrs()
	attrs.Name, attrs.HardwareAddr = name, router
	mac := hardware(mark, c.Desktop)
	pair := &netlink.Veth{LinkAttrs: attrs, PeerName: inner, PeerNamespace: netlink.NsPid(m.PID), PeerHardwareAddr: mac}
	if err := s.link.LinkAdd(pair); err != nil {
		return fmt.Errorf("add interface %s of desktop %s: %w", name, c.Desktop, err)
	}
	err := errors.Join(s.ready(pair, c.Addr, mac), c.furnish(m.PID))
	if err == nil {
		err = s.link.LinkSetAlias(pair, alias) // last: what lacks it is made anew
	}
	if err != nil {
		return errors.Join(fmt.Errorf("join desktop %s to network %s: %w", c.Desktop, s.id, err), s.remove(name))
	}
	return nil
}

// ours marks routes as ours (rtnetlink(7), rtm_protocol: above RTPROT_STATIC is
// free).
const ours = 177

// ready sets up the router's side of a port: who is there is written down, and
// nobody is asked. What comes from another address than this is dropped, see
// makeSpace.
func (s *space) ready(port netlink.Link, addr netip.Addr, mac net.HardwareAddr) error {
	if err := s.link.LinkSetARPOff(port); err != nil {
		return err
	}
	if err := s.link.LinkSetUp(port); err != nil {
		return err
	}
	at := port.Attrs().Index
	if err := s.link.NeighSet(&netlink.Neigh{LinkIndex: at, Family: unix.AF_INET, State: netlink.NUD_PERMANENT, IP: addr.AsSlice(), HardwareAddr: mac}); err != nil {
		return err
	}
	return s.link.RouteReplace(&netlink.Route{LinkIndex: at, Dst: ipNet(netip.PrefixFrom(addr, 32)), Scope: netlink.SCOPE_LINK, Protocol: ours})
}

// furnish sets up the interface in the desktop: its address, and the router as
// the way to everywhere else. Even its own subnet lies behind the router.
func (c chair) furnish(pid int) error {
	ns, err := netns.GetFromPid(pid)
	if err != nil {
		return fmt.Errorf("open the network namespace of process %d: %w", pid, err)
	}
	defer ns.Close()
	h, err := netlink.NewHandleAt(ns, unix.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("enter the network namespace of process %d: %w", pid, err)
	}
	defer h.Close()
	link, err := h.LinkByName(inner)
	if err != nil {
		return err
	}
	own := &netlink.Addr{IPNet: &net.IPNet{IP: c.Addr.AsSlice(), Mask: net.CIDRMask(c.subnet.Prefix.Bits(), 32)}, Flags: unix.IFA_F_NOPREFIXROUTE}
	if err := h.AddrReplace(link, own); err != nil {
		return err
	}
	if err := h.LinkSetUp(link); err != nil {
		return err
	}
	gateway, at := gatewayOf(c.subnet), link.Attrs().Index
	if err := h.NeighSet(&netlink.Neigh{LinkIndex: at, Family: unix.AF_INET, State: netlink.NUD_PERMANENT, IP: gateway.AsSlice(), HardwareAddr: router}); err != nil {
		return err
	}
	if err := h.RouteReplace(&netlink.Route{LinkIndex: at, Dst: ipNet(netip.PrefixFrom(gateway, 32)), Scope: netlink.SCOPE_LINK}); err != nil {
		return err
	}
	return h.RouteReplace(&netlink.Route{LinkIndex: at, Gw: gateway.AsSlice(), Src: c.Addr.AsSlice()})
}

// gatewayOf is the address of the router in a subnet: the second (VPC User
// Guide, "Subnet CIDR blocks").
func gatewayOf(n netpath.Subnet) netip.Addr { return n.Prefix.Masked().Addr().Next() }

func ipNet(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), 32)}
}

// remove removes an interface; none of that name is no error.
func (s *space) remove(name string) error {
	link, err := s.link.LinkByName(name)
	if _, missing := errors.AsType[netlink.LinkNotFoundError](err); missing {
		return nil
	}
	if err == nil {
		err = s.link.LinkDel(link)
	}
	if err != nil && !errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("remove interface %s of network %s: %w", name, s.id, err)
	}
	return nil
}

// sweep removes the interfaces of a kind that are not wanted.
func (s *space) sweep(kind *regexp.Regexp, wanted map[string]bool) error {
	links, err := s.link.LinkList()
	if err != nil {
		return fmt.Errorf("list interfaces of network %s: %w", s.id, err)
	}
	var errs []error
	for _, l := range links {
		if name := l.Attrs().Name; kind.MatchString(name) && !wanted[name] {
			errs = append(errs, s.remove(name))
		}
	}
	return errors.Join(errs...)
}

// empty removes the interfaces of a namespace that is given up: those who held
// the other ends may still hold the namespace.
func empty(name string) error {
	ns, err := netns.GetFromName(name)
	if err != nil {
		return nil // dropSpace removes what is left of it
	}
	defer ns.Close()
	h, err := netlink.NewHandleAt(ns, unix.NETLINK_ROUTE)
	if err != nil {
		return nil
	}
	defer h.Close()
	s := &space{id: name, link: h}
	return errors.Join(s.sweep(desktopPort, nil), s.sweep(peeringPort, nil), s.remove(uplink))
}
