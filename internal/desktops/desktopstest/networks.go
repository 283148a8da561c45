package desktopstest

import (
	"errors"
	"net/netip"
	"testing"

	"tamachi/internal/desktops"
	"tamachi/internal/netpath"
)

// networks seats two desktops in two subnets, whose rules change.
func networks(t *testing.T, s Subject) {
	if !s.Provider.About().Can(desktops.Nets) {
		if err := s.Provider.Arrange(s.context(t), pairOfSubnets(445)); !errors.Is(err, desktops.ErrLacking) {
			t.Errorf("arrange: want ErrLacking of a provider that lacks it, got %v", err)
		}
		return
	}
	first := s.createAt(t, one, "10.2.1.4")
	s.arrange(t, s.Provider, 445)
	if first.Addr.String() != "10.2.1.4" {
		t.Errorf("want the address of the spec, got %s", first.Addr)
	}
	s.createAt(t, two, "10.2.2.4") // after its place was made
	s.reaches(t, 445, true, "a port that the group permits")
	s.reaches(t, 139, false, "a port that it does not")
	s.arrange(t, s.Provider, 139)
	s.reaches(t, 445, false, "a port that it permits no more")
	s.reaches(t, 139, true, "a port that it permits now")
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatal(err)
	}
	if d, err := s.Provider.Start(s.context(t), one); err != nil || d.Addr != first.Addr {
		t.Fatalf("start: want it at %s, got %+v, %v", first.Addr, d, err)
	}
	s.reaches(t, 139, true, "after a stop and a start")
	p := s.Reopen(t)
	s.reaches(t, 139, true, "while the plane was away")
	if d, err := p.Inspect(s.context(t), one); err != nil || d.Addr != first.Addr {
		t.Errorf("found again: want it at %s, got %+v, %v", first.Addr, d, err)
	}
	s.arrange(t, p, 445)
	s.reaches(t, 139, false, "a rule that changed after a new provider came")
	s.reaches(t, 445, true, "a rule that came after a new provider came")
	if err := p.Arrange(s.context(t), desktops.Networks{}); err != nil {
		t.Fatal(err)
	}
	s.reaches(t, 445, false, "without any network")
}

func (s Subject) createAt(t *testing.T, id, addr string) desktops.Desktop {
	t.Helper()
	spec := s.Spec(id)
	spec.Addr = netip.MustParseAddr(addr)
	d, err := s.Provider.Create(s.context(t), spec)
	if err != nil {
		t.Fatalf("create %s: %v", id, err)
	}
	return d
}

func (s Subject) arrange(t *testing.T, p desktops.Provider, port int) {
	t.Helper()
	if err := p.Arrange(s.context(t), pairOfSubnets(port)); err != nil {
		t.Fatalf("arrange: %v", err)
	}
}

func (s Subject) reaches(t *testing.T, port int, want bool, when string) {
	t.Helper()
	if got := s.Reaches(t, one, two, port); got != want {
		t.Errorf("%s, %d: want it reached: %t, got %t", when, port, want, got)
	}
}

// pairOfSubnets is a network with a desktop in each of its two subnets, whose
// group permits one port.
func pairOfSubnets(port int) desktops.Networks {
	everywhere := netip.MustParsePrefix("0.0.0.0/0")
	open := []netpath.Entry{
		{Number: 100, Protocol: netpath.Any, Allow: true, Prefix: everywhere}, {Number: 100, Egress: true, Protocol: netpath.Any, Allow: true, Prefix: everywhere},
	}
	const network = "vpc-0123456789abcdef0"
	groups := []string{"sg-1"}
	return desktops.Networks{
		World: netpath.World{Networks: []netpath.Network{{
			ID: network, Blocks: []netip.Prefix{netip.MustParsePrefix("10.2.0.0/16")},
			Subnets: []netpath.Subnet{
				{ID: "subnet-1", Prefix: netip.MustParsePrefix("10.2.1.0/24"), Entries: open}, {ID: "subnet-2", Prefix: netip.MustParsePrefix("10.2.2.0/24"), Entries: open},
			},
			Groups: []netpath.Group{{ID: "sg-1", Rules: []netpath.Rule{
				{ID: "sgr-1", Egress: true, Protocol: netpath.Any, Prefix: everywhere}, {ID: "sgr-2", Protocol: netpath.TCP, From: port, To: port, Group: "sg-1"},
			}}},
		}}},
		Seats: []desktops.Seat{
			{Desktop: one, Network: network, Subnet: "subnet-1", Addr: netip.MustParseAddr("10.2.1.4"), Groups: groups},
			{Desktop: two, Network: network, Subnet: "subnet-2", Addr: netip.MustParseAddr("10.2.2.4"), Groups: groups},
		},
	}
}
