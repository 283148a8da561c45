package vpc

import (
	"errors"
	"net/netip"

	"tamachi/internal/store"
)

// Settled notes that an account has what AWS gives it in a Region: a default
// VPC, which it may delete afterwards.
type Settled struct {
	ID   string // always the same
	DHCP string // the DHCP options that new networks have
	// Options says that these are a record, which they were not at first.
	Options bool `json:",omitempty"`
}

const settledKey = "settled"

var settled = store.Table[Settled]{Name: "ec2.settled", Reach: store.Regional, Key: func(s *Settled) string { return s.ID }}

func isSettled(tx *store.Tx, sc store.Scope) (bool, error) {
	set, err := settled.Get(tx, sc, settledKey)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && set.Options, err
}

func isSettledAs(l look) (*Settled, error) { return settled.Get(l.tx, l.sc, settledKey) }

// settle makes the default VPC of an account in a Region, once.
func (s *Service) settle(l look) error {
	done, err := isSettled(l.tx, l.sc)
	if err != nil || done {
		return err
	}
	set, err := isSettledAs(l)
	first := errors.Is(err, store.ErrNotFound)
	if first {
		set, err = &Settled{ID: settledKey, DHCP: dhcpNoun.newID(s)}, nil
	}
	if err != nil {
		return err
	}
	set.Options = true
	if err := settled.Put(l.tx, l.sc, set); err != nil {
		return err
	}
	if err := putDefaultOptions(l, set.DHCP); err != nil || !first {
		return err
	}
	_, err = s.foundDefault(l)
	return err
}

// foundDefault makes a default VPC: 172.31.0.0/16, a subnet of 4,096 addresses
// in each zone, and a way to the internet (VPC User Guide, "Default VPCs").
func (s *Service) foundDefault(l look) (*VPC, error) {
	v := &VPC{Default: true, Tenancy: "default", DNSSupport: true, DNSHostnames: true}
	if err := s.found(l, v, netip.MustParsePrefix("172.31.0.0/16")); err != nil {
		return nil, err
	}
	for i, z := range zonesOf(l.sc.Region) {
		if err := s.addSubnet(l, newDefaultSubnet(v, z, i)); err != nil {
			return nil, err
		}
	}
	gateway := &InternetGateway{Head: Head{ID: internetGatewayNoun.newID(s)}, VPC: v.ID}
	if err := internetGatewayNoun.put(l, gateway); err != nil {
		return nil, err
	}
	tables, err := routeTableNoun.in(l, v.ID)
	if err != nil || len(tables) != 1 {
		return nil, err
	}
	tables[0].Routes = []Route{{CIDR: everywhere, Target: gateway.ID}}
	return v, routeTableNoun.put(l, tables[0])
}

// newDefaultSubnet is the place-th subnet of a default VPC.
func newDefaultSubnet(v *VPC, z zone, place int) *Subnet {
	base := prefixOf(v.Blocks[0].CIDR).Addr().As4()
	base[2] = byte(place << 4)
	return &Subnet{
		VPC: v.ID, CIDR: netip.PrefixFrom(netip.AddrFrom4(base), 20).String(), Zone: z.name, ZoneID: z.id, Default: true, MapPublic: true,
	}
}

// addSubnet stores a new subnet.
func (s *Service) addSubnet(l look, n *Subnet) error {
	n.ID = subnetNoun.newID(s)
	if err := subnetNoun.put(l, n); err != nil {
		return err
	}
	return s.guard(l, n)
}

// defaultVPC finds the default VPC; nil if there is none.
func defaultVPC(l look) (*VPC, error) {
	all, err := vpcNoun.all(l)
	for _, v := range all {
		if v.Default {
			return v, nil
		}
	}
	return nil, err
}
