package fabric

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"tamachi/internal/netpath"
)

// Uplink is the way out of networks through the host: what their internet and
// NAT gateways stand for.
type Uplink struct {
	// Host is the namespace that leads out; networks are no part of it. Through
	// keeps a handle of its own.
	Host netns.NsHandle
	// Pool is a /16 that is the data folder's own; its last sixteenth is taken.
	Pool netip.Prefix
	// Ranges are what may be reached through the host. The host itself may not.
	Ranges []netip.Prefix
}

// uplink is the name of the port in a network's namespace.
const uplink = "up"

// most is how many networks a pool has room for.
const most = 1024

// hosts is how the other ends are called on the host, without their numbers.
func (f *Fabric) hosts() string { return f.mark + "u" }

// away is the address that the network with that number has on its uplink.
func (u *Uplink) away(number int) netip.Addr {
	b := u.Pool.Masked().Addr().As4()
	binary.BigEndian.PutUint16(b[2:], uint16(0xf000+4*number+2))
	return netip.AddrFrom4(b)
}

// reach is all such addresses.
func (u *Uplink) reach() netip.Prefix { return netip.PrefixFrom(u.away(0), 20).Masked() }

// Through opens the way out; without it routes to internet and NAT gateways lead
// nowhere. It is called before Arrange.
func (f *Fabric) Through(u Uplink) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	own, err := unix.FcntlInt(uintptr(u.Host), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open the way out of networks: %w", err)
	}
	u.Host = netns.NsHandle(own)
	link, err := netlink.NewHandleAt(u.Host, unix.NETLINK_ROUTE)
	if err != nil {
		return errors.Join(fmt.Errorf("open the way out of networks: %w", err), u.Host.Close())
	}
	f.out, f.host = &u, &space{id: "of the host", ns: u.Host, link: link}
	if err := f.shield(); err != nil {
		return fmt.Errorf("open the way out of networks: %w", err)
	}
	err = f.host.inside(func() error { return settle("the host", map[string]string{"ipv4/ip_forward": "1"}) })
	if err != nil {
		return fmt.Errorf("open the way out of networks: %w", err)
	}
	return nil
}

// shield writes what may come to the host from networks: what it passes on to
// the ranges, and the answers.
func (f *Fabric) shield() error {
	c, err := nftables.New(nftables.WithNetNSFd(int(f.out.Host)))
	if err != nil {
		return err
	}
	w := &writer{conn: c, table: &nftables.Table{Family: nftables.TableFamilyIPv4, Name: f.hosts()}}
	c.AddTable(w.table)
	c.DelTable(w.table)
	w.table = c.AddTable(w.table)
	in := w.base("input", nftables.ChainHookInput, nftables.ChainPriorityFilter, nftables.ChainPolicyAccept)
	w.rule(in, from(f.hosts()), verdict(expr.VerdictDrop))
	pass := w.base("forward", nftables.ChainHookForward, nftables.ChainPriorityFilter, nftables.ChainPolicyAccept)
	w.rule(pass, to(f.hosts()), follows(), verdict(expr.VerdictAccept))
	w.rule(pass, to(f.hosts()), verdict(expr.VerdictDrop))
	w.rule(pass, from(f.hosts()), address(destination, f.out.Pool, expr.CmpOpEq), verdict(expr.VerdictDrop))
	for _, r := range f.out.Ranges {
		w.rule(pass, from(f.hosts()), address(destination, r, expr.CmpOpEq), verdict(expr.VerdictAccept))
	}
	w.rule(pass, from(f.hosts()), verdict(expr.VerdictDrop))
	w.rule(w.translation(), address(source, f.out.reach(), expr.CmpOpEq), []expr.Any{&expr.Masq{}})
	return c.Flush()
}

// translation makes a chain that is asked about the first packet of what leaves.
func (w *writer) translation() *nftables.Chain {
	return w.conn.AddChain(&nftables.Chain{
		Name: "translate", Table: w.table, Type: nftables.ChainTypeNAT, Hooknum: nftables.ChainHookPostrouting, Priority: nftables.ChainPriorityNATSource,
	})
}

// from and to match interfaces whose name begins so.
func from(begin string) []expr.Any { return named(expr.MetaKeyIIFNAME, begin) }
func to(begin string) []expr.Any   { return named(expr.MetaKeyOIFNAME, begin) }

func named(key expr.MetaKey, begin string) []expr.Any {
	return []expr.Any{&expr.Meta{Key: key, Register: 1}, &expr.Cmp{Op: expr.CmpOpEq, Register: 1, Data: []byte(begin)}}
}

// outward tells whether a target is one that leads out.
func outward(target string) bool {
	return strings.HasPrefix(target, "igw-") || strings.HasPrefix(target, "nat-")
}

// leave joins the networks that have a route out with the host, and parts the
// others.
func (f *Fabric) leave(networks []netpath.Network) error {
	wanted := map[string]bool{}
	for _, n := range networks {
		wanted[n.ID] = f.out != nil && slices.ContainsFunc(n.Subnets, func(s netpath.Subnet) bool {
			return slices.ContainsFunc(s.Routes, func(r netpath.Route) bool { return outward(r.Target) && !r.Blackhole })
		})
	}
	var errs []error
	for id, s := range f.spaces {
		if !wanted[id] {
			errs = append(errs, s.remove(uplink))
			continue
		}
		errs = append(errs, f.lift(s))
	}
	return errors.Join(errs...)
}

// lift joins a network with the host. The number of its port there is kept in
// the port's name.
func (f *Fabric) lift(s *space) error {
	links, err := f.host.link.LinkList()
	if err != nil {
		return fmt.Errorf("list the interfaces of the host: %w", err)
	}
	taken := map[int]bool{}
	for _, l := range links {
		number, err := strconv.Atoi(strings.TrimPrefix(l.Attrs().Name, f.hosts()))
		if err != nil || !strings.HasPrefix(l.Attrs().Name, f.hosts()) {
			continue
		}
		if l.Attrs().Alias == s.id {
			if near, err := s.link.LinkByName(uplink); err == nil && near.Attrs().Alias == s.id {
				return nil
			}
		}
		taken[number] = true
	}
	number := 0
	for taken[number] {
		number++
	}
	if number >= most {
		return fmt.Errorf("lead network %s out: %d networks are led out already", s.id, most)
	}
	if err := f.raise(s, number); err != nil {
		return errors.Join(fmt.Errorf("lead network %s out: %w", s.id, err), s.remove(uplink))
	}
	return nil
}

func (f *Fabric) raise(s *space, number int) error {
	if err := s.remove(uplink); err != nil {
		return err
	}
	name, mac := f.hosts()+strconv.Itoa(number), hardware(s.id)
	attrs := netlink.NewLinkAttrs()
	attrs.Name, attrs.HardwareAddr = uplink, mac
	if err := s.link.LinkAdd(&netlink.Veth{LinkAttrs: attrs, PeerName: name, PeerNamespace: netlink.NsFd(f.out.Host), PeerHardwareAddr: mac}); err != nil {
		return err
	}
	addr := f.out.away(number)
	far, err := f.host.link.LinkByName(name)
	if err != nil {
		return err
	}
	if err := f.host.ready(far, addr, mac); err != nil {
		return err
	}
	near, err := s.link.LinkByName(uplink)
	if err != nil {
		return err
	}
	if err := s.link.AddrReplace(near, &netlink.Addr{IPNet: ipNet(netip.PrefixFrom(addr, 32))}); err != nil {
		return err
	}
	if err := s.trust(uplink, s.id); err != nil {
		return err
	}
	return f.host.link.LinkSetAlias(far, s.id)
}

// Shut removes what is left of a way out that an earlier plane opened from the
// present namespace. Its interfaces go with the next Arrange.
func (f *Fabric) Shut() error { return f.cut() }

// cut removes the rules of the way out.
func (f *Fabric) cut(options ...nftables.ConnOption) error {
	c, err := nftables.New(options...)
	if err != nil {
		return fmt.Errorf("close the way out of networks: %w", err)
	}
	table := &nftables.Table{Family: nftables.TableFamilyIPv4, Name: f.hosts()}
	c.AddTable(table)
	c.DelTable(table)
	if err := c.Flush(); err != nil {
		return fmt.Errorf("close the way out of networks: %w", err)
	}
	return nil
}
