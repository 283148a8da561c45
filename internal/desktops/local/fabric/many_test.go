package fabric_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/nftables"
	"github.com/vishvananda/netns"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/fabric"
	"tamachi/internal/netpath"
)

// many is a network of that many seats in a few hundred choices of groups, whose
// rules name one another. The last two are machines that run.
func many(n int, machines ...*machine) desktops.Networks {
	const groups, rules = 40, 20
	network := netpath.Network{
		ID: office, Blocks: []netip.Prefix{prefix("10.2.0.0/16")},
		Subnets: []netpath.Subnet{{ID: "subnet-a", Prefix: prefix("10.2.0.0/17"), Entries: open}},
	}
	for g := range groups {
		group := netpath.Group{ID: fmt.Sprintf("sg-%d", g), Rules: []netpath.Rule{
			{ID: fmt.Sprintf("sgr-%d-out", g), Egress: true, Protocol: netpath.Any, Prefix: prefix("0.0.0.0/0")},
			{ID: fmt.Sprintf("sgr-%d-in", g), Protocol: netpath.TCP, From: 445, To: 445, Group: "sg-0"},
		}}
		for r := range rules {
			group.Rules = append(group.Rules, netpath.Rule{ID: fmt.Sprintf("sgr-%d-%d", g, r), Protocol: netpath.TCP, From: 1000 + r, To: 1000 + r, Prefix: prefix("10.9.0.0/16")})
		}
		network.Groups = append(network.Groups, group)
	}
	out := desktops.Networks{World: netpath.World{Networks: []netpath.Network{network}}}
	addr := netip.MustParseAddr("10.2.16.0")
	for i := range n {
		out.Seats = append(out.Seats, desktops.Seat{
			Desktop: fmt.Sprintf("ws-many%05d", i), Network: office, Subnet: "subnet-a", Addr: addr,
			Groups: []string{fmt.Sprintf("sg-%d", i%groups), fmt.Sprintf("sg-%d", i/groups%7)},
		})
		addr = addr.Next()
	}
	for i, m := range machines {
		out.Seats = append(out.Seats, desktops.Seat{Desktop: m.id, Network: office, Subnet: "subnet-a", Addr: m.addr, Groups: []string{fmt.Sprintf("sg-%d", i)}})
	}
	return out
}

func TestThreeThousandSeatsOfANetwork(t *testing.T) {
	const seats = 3000
	in, out := start(t, 0, "10.2.1.4"), start(t, 1, "10.2.1.5")
	f := fabric.New(mark)
	t.Cleanup(func() {
		if err := f.Lower(); err != nil {
			t.Error(err)
		}
	})
	running := func() map[string]fabric.Machine {
		return map[string]fabric.Machine{in.id: in.Machine, out.id: out.Machine}
	}
	for _, n := range []int{seats - 1, seats} { // one more, as desktops are made
		begun := time.Now()
		if err := f.Arrange(many(n, in, out), running); err != nil {
			t.Fatalf("arrange %d seats: %v", n, err)
		}
		t.Logf("%d seats in %s", n, time.Since(begun))
	}
	// sg-0 is let in at 445 by each group, and nobody else is.
	in.reaches(t, out, 445, true, "among 3,000")
	out.reaches(t, in, 445, false, "among 3,000")

	ns, err := netns.GetFromName(mark + "-" + office)
	if err != nil {
		t.Fatal(err)
	}
	defer ns.Close()
	c, err := nftables.New(nftables.WithNetNSFd(int(ns)))
	if err != nil {
		t.Fatal(err)
	}
	table := &nftables.Table{Family: nftables.TableFamilyIPv4, Name: "tamachi"}
	for _, name := range []string{"groups-in", "groups-out"} {
		set, err := c.GetSetByName(table, name)
		if err != nil {
			t.Fatal(err)
		}
		if all, err := c.GetSetElements(set); err != nil || len(all) != seats+2 {
			t.Errorf("%s: want %d addresses, got %d, %v", name, seats+2, len(all), err)
		}
	}
}
