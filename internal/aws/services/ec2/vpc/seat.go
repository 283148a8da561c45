package vpc

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// The methods of this file are moves that only services make: WorkSpaces gives
// its desktops interfaces in the customer's subnets.

// Seat gives a desktop an address in a subnet, the one that it has already if it
// does; not valid for a subnet that is only a name. desktops.ErrFull says that no
// address is free, desktops.ErrNoSubnet that the subnet was deleted: it was there
// when the desktop's directory was registered, which gave it security groups.
func (s *Service) Seat(ctx context.Context, sc store.Scope, subnet, desktop string, groups []string) (netip.Addr, error) {
	id := interfaceNoun.newID(s)
	var addr netip.Addr
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		l := look{tx, sc, s.clock.Now()}
		addr = netip.Addr{}
		have, err := interfaces.By(tx, sc, "desktop", desktop, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(have) > 0 {
			addr = have[0].addr()
			return nil
		}
		n, err := subnetNoun.get(l, subnet)
		if err = unlessModelled(err); n == nil && err == nil && len(groups) > 0 {
			err = fmt.Errorf("subnet %s: %w", subnet, desktops.ErrNoSubnet)
		}
		if n == nil || err != nil {
			return err
		}
		i := &Interface{Head: Head{ID: id}, VPC: n.VPC, Subnet: n.ID, Zone: n.Zone, Groups: groups, Desktop: desktop, CreatedAt: l.now}
		i.Address, err = n.takes(l, "")
		if errors.Is(err, errNoAddress) {
			return fmt.Errorf("no address of subnet %s (%s) is free: %w", n.ID, n.CIDR, desktops.ErrFull)
		}
		if err != nil {
			return err
		}
		addr = i.addr()
		return interfaceNoun.put(l, i)
	})
	return addr, err
}

// Vacate takes the interface of a desktop away; none is no error.
func (s *Service) Vacate(ctx context.Context, sc store.Scope, desktop string) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		have, err := interfaces.By(tx, sc, "desktop", desktop, store.Page{})
		for _, i := range have {
			if err == nil {
				err = i.leave(look{tx, sc, s.clock.Now()})
			}
		}
		return err
	})
}

// leave takes an interface away and gives its address back.
func (i *Interface) leave(l look) error {
	if err := interfaces.Delete(l.tx, l.sc, i.ID); err != nil {
		return err
	}
	n, err := subnetNoun.get(l, i.Subnet)
	if err != nil {
		return unlessModelled(err)
	}
	return n.gives(l, i.Address)
}

// Enroll finds the security group of the desktops of a directory, or makes it,
// in the network of its subnets (WorkSpaces Administration Guide, "Security
// groups": directoryId_workspacesMembers). "" is for subnets that are not there.
func (s *Service) Enroll(tx *store.Tx, sc store.Scope, directory string, subnets []string) (group string, err error) {
	l := look{tx, sc, s.clock.Now()}
	for _, id := range subnets {
		n, err := subnetNoun.get(l, id)
		if err := unlessModelled(err); err != nil {
			return "", err
		}
		if n == nil {
			continue
		}
		name := directory + "_workspacesMembers"
		there, err := groupNoun.in(l, n.VPC)
		if err != nil {
			return "", err
		}
		if i := slices.IndexFunc(there, func(g *SecurityGroup) bool { return g.Name == name }); i >= 0 {
			return there[i].ID, nil
		}
		g := s.newGroup(name, "Amazon WorkSpaces Security Group", n.VPC)
		return g.ID, groupNoun.put(l, g)
	}
	return "", nil
}

// Disband deletes the group that Enroll made, so that its network can go when the
// desktops' directory has gone. One that is needed still, or is gone, is left.
func (s *Service) Disband(tx *store.Tx, sc store.Scope, group string) error {
	l := look{tx, sc, s.clock.Now()}
	g, err := groupNoun.get(l, group)
	if err != nil {
		return unlessModelled(err)
	}
	needed, err := g.needed(l)
	if needed || err != nil {
		return err
	}
	return groupNoun.remove(l, g)
}

// GroupIn tells whether a security group is in the network of the subnets.
func (s *Service) GroupIn(tx *store.Tx, sc store.Scope, group string, subnets []string) (bool, error) {
	l := look{tx, sc, s.clock.Now()}
	g, err := groupNoun.get(l, group)
	if err != nil {
		return false, unlessModelled(err)
	}
	for _, id := range subnets {
		n, err := subnetNoun.get(l, id)
		if err := unlessModelled(err); err != nil {
			return false, err
		}
		if n != nil && n.VPC == g.VPC {
			return true, nil
		}
	}
	return false, nil
}

// Ranges are the ranges of the networks of a scope.
func (s *Service) Ranges(tx *store.Tx, sc store.Scope) (out []netip.Prefix, err error) {
	all, err := vpcNoun.all(look{tx, sc, s.clock.Now()})
	for _, v := range all {
		for _, b := range v.Blocks {
			p, err := netip.ParsePrefix(b.CIDR)
			if err != nil {
				return nil, fmt.Errorf("range of %s: %w", v.ID, err)
			}
			out = append(out, p)
		}
	}
	return out, err
}

// Site tells in which network and Availability Zone a subnet is; both are empty
// for one that is not there.
func (s *Service) Site(tx *store.Tx, sc store.Scope, subnet string) (network, zone string, err error) {
	n, err := subnetNoun.get(look{tx, sc, s.clock.Now()}, subnet)
	if n == nil || err != nil {
		return "", "", unlessModelled(err)
	}
	return n.VPC, n.Zone, nil
}

// Range is the range of a subnet; not valid for one that is not there.
func (s *Service) Range(tx *store.Tx, sc store.Scope, subnet string) (netip.Prefix, error) {
	n, err := subnetNoun.get(look{tx, sc, s.clock.Now()}, subnet)
	if n == nil || err != nil {
		return netip.Prefix{}, unlessModelled(err)
	}
	return netip.ParsePrefix(n.CIDR)
}
