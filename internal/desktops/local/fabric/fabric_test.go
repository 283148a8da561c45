package fabric_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/fabric"
	"tamachi/internal/netpath"
)

const mark = "tmfffff1"

// machine is a process with a network namespace of its own, as a desktop is.
type machine struct {
	id   string
	addr netip.Addr
	ns   netns.NsHandle
	fabric.Machine
}

// start makes a machine that greets at port 445.
func start(t *testing.T, lease int, addr string) *machine {
	t.Helper()
	cmd := exec.Command("sleep", "600")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET}
	if err := cmd.Start(); err != nil {
		t.Fatalf("this test makes network namespaces and needs root: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	ns, err := netns.GetFromPid(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ns.Close() })
	m := &machine{fmt.Sprintf("ws-%09d", lease), netip.MustParseAddr(addr), ns, fabric.Machine{Lease: lease, PID: cmd.Process.Pid}}
	for _, port := range []string{"445", "139"} {
		var l net.Listener
		m.inside(t, func() (err error) {
			l, err = net.Listen("tcp4", ":"+port)
			return err
		})
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				host, _, _ := net.SplitHostPort(c.RemoteAddr().String())
				_, _ = io.WriteString(c, host)
				c.Close()
			}
		}()
	}
	return m
}

// inside runs fn on a thread in the machine's namespace.
func (m *machine) inside(t *testing.T, fn func() error) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		done <- errors.Join(netns.Set(m.ns), fn())
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// sh runs a script as root of the machine.
func (m *machine) sh(t *testing.T, script string) {
	t.Helper()
	out, err := exec.Command("nsenter", fmt.Sprintf("--net=/proc/%d/ns/net", m.PID), "sh", "-ec", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", script, err, out)
	}
}

// seen is the address that the other one sees of m, "" for one that is not reached.
func (m *machine) seen(t *testing.T, by *machine, port int, patience time.Duration) (who string) {
	t.Helper()
	m.inside(t, func() error {
		c, err := net.DialTimeout("tcp4", netip.AddrPortFrom(by.addr, uint16(port)).String(), patience)
		if err != nil {
			return nil
		}
		defer c.Close()
		text, _ := io.ReadAll(c)
		who = string(text)
		return nil
	})
	return who
}

func (m *machine) reaches(t *testing.T, by *machine, port int, want bool, when string) {
	t.Helper()
	patience := 150 * time.Millisecond
	if want {
		patience = 5 * time.Second // a new interface may lose the first packet
	}
	if who := m.seen(t, by, port, patience); (who == m.addr.String()) != want {
		t.Errorf("%s: %s to %s, port %d: want %t, got %q", when, m.addr, by.addr, port, want, who)
	}
}

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

var open = []netpath.Entry{
	{Number: 100, Protocol: netpath.Any, Allow: true, Prefix: prefix("0.0.0.0/0")},
	{Number: 100, Egress: true, Protocol: netpath.Any, Allow: true, Prefix: prefix("0.0.0.0/0")},
}

const (
	office = "vpc-00000000000000001"
	files  = "vpc-00000000000000002"
	joint  = "pcx-0000000000000000a"
)

// world is the desktops' network with two subnets, joined with the one of the
// file servers, and a third with the same addresses that is joined to nobody.
func world() desktops.Networks {
	everyone := []netpath.Rule{
		{ID: "sgr-1", Egress: true, Protocol: netpath.Any, Prefix: prefix("0.0.0.0/0")},
		{ID: "sgr-2", Protocol: netpath.TCP, From: 445, To: 445, Prefix: prefix("10.0.0.0/8")},
	}
	return desktops.Networks{World: netpath.World{
		Networks: []netpath.Network{
			{
				ID: office, Blocks: []netip.Prefix{prefix("10.2.0.0/16")},
				Subnets: []netpath.Subnet{
					{ID: "subnet-a", Prefix: prefix("10.2.1.0/24"), Entries: open, Routes: []netpath.Route{{Prefix: prefix("10.3.0.0/16"), Target: joint}}},
					{ID: "subnet-b", Prefix: prefix("10.2.2.0/24"), Entries: open},
				},
				Groups: []netpath.Group{{ID: "sg-1", Rules: everyone}},
			},
			{
				ID: files, Blocks: []netip.Prefix{prefix("10.3.0.0/16")},
				Subnets: []netpath.Subnet{{ID: "subnet-f", Prefix: prefix("10.3.0.0/24"), Entries: open, Routes: []netpath.Route{{Prefix: prefix("10.2.0.0/16"), Target: joint}}}},
				Groups:  []netpath.Group{{ID: "sg-2", Rules: everyone}},
			},
			{
				ID: "vpc-00000000000000003", Blocks: []netip.Prefix{prefix("10.2.0.0/16")},
				Subnets: []netpath.Subnet{{ID: "subnet-z", Prefix: prefix("10.2.1.0/24"), Entries: open}},
			},
		},
		Peerings: []netpath.Peering{{ID: joint, A: office, B: files, Active: true}},
	}}
}

// scene is a fabric with a desktop in each subnet.
type scene struct {
	*fabric.Fabric
	t                     *testing.T
	a, a2, b, file, other *machine
	n                     desktops.Networks
}

func set(t *testing.T) *scene {
	s := &scene{fabric.New(mark), t, start(t, 0, "10.2.1.4"), start(t, 1, "10.2.1.5"), start(t, 2, "10.2.2.4"), start(t, 3, "10.3.0.10"), start(t, 4, "10.2.1.4"), world()}
	s.n.Seats = []desktops.Seat{
		{Desktop: s.a.id, Network: office, Subnet: "subnet-a", Addr: s.a.addr, Groups: []string{"sg-1"}},
		{Desktop: s.a2.id, Network: office, Subnet: "subnet-a", Addr: s.a2.addr, Groups: []string{"sg-1"}},
		{Desktop: s.b.id, Network: office, Subnet: "subnet-b", Addr: s.b.addr, Groups: []string{"sg-1"}},
		{Desktop: s.file.id, Network: files, Subnet: "subnet-f", Addr: s.file.addr, Groups: []string{"sg-2"}},
		{Desktop: s.other.id, Network: "vpc-00000000000000003", Subnet: "subnet-z", Addr: s.other.addr},
	}
	t.Cleanup(func() {
		if err := s.Lower(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir("/run/netns"); strings.Contains(fmt.Sprint(left), mark) {
			t.Errorf("want no namespace left, got %v", left)
		}
	})
	s.arrange()
	return s
}

func (s *scene) arrange() {
	s.t.Helper()
	var n desktops.Networks // a fresh one each time, as the engine gives
	text, err := json.Marshal(s.n)
	if err == nil {
		err = json.Unmarshal(text, &n)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	err = s.Arrange(n, func() map[string]fabric.Machine {
		out := map[string]fabric.Machine{}
		for _, m := range []*machine{s.a, s.a2, s.b, s.file, s.other} {
			out[m.id] = m.Machine
		}
		return out
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestRulesOfNetworksDecideWhatPasses(t *testing.T) {
	s := set(t)
	office := &s.n.World.Networks[0]
	s.a.reaches(t, s.a2, 445, true, "in one subnet")
	s.a.reaches(t, s.b, 445, true, "in another subnet of the network")
	s.a.reaches(t, s.file, 445, true, "over the peering connection")
	s.a.reaches(t, s.file, 139, false, "a port that no group permits")
	s.b.reaches(t, s.file, 445, false, "from a subnet without the route")
	s.a.reaches(t, s.other, 445, false, "a network with the same addresses")

	for _, row := range []struct {
		name   string
		change func()
		file   bool
		near   bool
	}{
		{"the route is deleted", func() { office.Subnets[0].Routes = nil }, false, true},
		{"the route is back", func() {
			office.Subnets[0].Routes = []netpath.Route{{Prefix: prefix("10.3.0.0/16"), Target: joint}}
		}, true, true},
		{"the route is a black hole", func() { office.Subnets[0].Routes[0].Blackhole = true }, false, true},
		{"a narrower route leads nowhere", func() {
			office.Subnets[0].Routes = []netpath.Route{{Prefix: prefix("10.3.0.0/16"), Target: joint}, {Prefix: prefix("10.3.0.0/24"), Target: "pcx-9", Blackhole: true}}
		}, false, true},
		{"a narrower route leads to a VPN, which has no tunnel", func() {
			office.Subnets[0].Routes[1] = netpath.Route{Prefix: prefix("10.3.0.0/24"), Target: "vgw-1"}
		}, false, true},
		{"the connection ends", func() {
			office.Subnets[0].Routes = office.Subnets[0].Routes[:1]
			s.n.World.Peerings[0].Active = false
		}, false, true},
		{"the connection is there again", func() { s.n.World.Peerings[0].Active = true }, true, true},
		{"the way back is missing", func() { s.n.World.Networks[1].Subnets[0].Routes = nil }, false, true},
		{"the way back is there", func() {
			s.n.World.Networks[1].Subnets[0].Routes = []netpath.Route{{Prefix: prefix("10.2.0.0/16"), Target: joint}}
		}, true, true},
		{"nothing may go out", func() { office.Groups[0].Rules = office.Groups[0].Rules[1:] }, false, false},
		{"to one's own group only", func() {
			office.Groups[0].Rules = []netpath.Rule{
				{ID: "sgr-3", Egress: true, Protocol: netpath.Any, Group: "sg-1"}, {ID: "sgr-4", Protocol: netpath.TCP, From: 1, To: 1000, Group: "sg-1"},
			}
		}, false, true},
		{"a list denies the answers", func() {
			office.Groups[0].Rules = world().World.Networks[0].Groups[0].Rules
			office.Subnets[0].Entries = []netpath.Entry{open[1], {Number: 10, Protocol: netpath.TCP, From: 445, To: 445, Allow: true, Prefix: prefix("0.0.0.0/0")}}
		}, false, true},
		{"a list allows the answers", func() {
			office.Subnets[0].Entries = append(office.Subnets[0].Entries, netpath.Entry{Number: 20, Protocol: netpath.TCP, From: 1024, To: 65535, Allow: true, Prefix: prefix("10.3.0.0/16")})
		}, true, true},
	} {
		row.change()
		s.arrange()
		s.a.reaches(t, s.file, 445, row.file, row.name)
		s.a.reaches(t, s.a2, 445, row.near, row.name)
		s.agrees(row.name)
	}
}

// agrees wants netpath to say what is.
func (s *scene) agrees(when string) {
	s.t.Helper()
	w := s.n.World
	w.Networks = w.Networks[:2] // the third has the addresses of the first
	path := netpath.Find(&w, netpath.Packet{
		From: netpath.End{Address: s.a.addr, Groups: []string{"sg-1"}}, To: netpath.End{Address: s.file.addr, Groups: []string{"sg-2"}}, Protocol: netpath.TCP, Port: 445,
	})
	_, broken := path.Broken()
	s.a.reaches(s.t, s.file, 445, !broken, when+", as netpath has it")
}

// A transit gateway passes on by the table of the attachment that a packet comes
// from.
func TestTransitGatewaysPassOn(t *testing.T) {
	s := set(t)
	const hub, first, second = "tgw-00000000000000001", "tgw-attach-0000000000000001a", "tgw-attach-0000000000000002b"
	s.n.World.Peerings = nil
	for i := range 2 {
		s.n.World.Networks[i].Subnets[0].Routes[0].Target = hub
	}
	s.n.World.Transits = []netpath.Transit{{
		ID: hub, Attachments: []netpath.Attachment{{ID: first, Network: office, Table: "tgw-rtb-1"}, {ID: second, Network: files, Table: "tgw-rtb-2"}},
		Tables: []netpath.TransitTable{
			{ID: "tgw-rtb-1", Routes: []netpath.Route{{Prefix: prefix("10.3.0.0/16"), Target: second}}},
			{ID: "tgw-rtb-2", Routes: []netpath.Route{{Prefix: prefix("10.2.0.0/16"), Target: first}}},
		},
	}}
	hubs := &s.n.World.Transits[0]
	for _, row := range []struct {
		name   string
		change func()
		want   bool
	}{
		{"two tables", func() {}, true},
		{"the table has no route", func() { hubs.Tables[0].Routes = nil }, false},
		{"the route is back", func() { hubs.Tables[0].Routes = []netpath.Route{{Prefix: prefix("10.3.0.0/16"), Target: second}} }, true},
		{"a black hole", func() { hubs.Tables[1].Routes[0].Blackhole = true }, false},
		{"no black hole any more", func() { hubs.Tables[1].Routes[0].Blackhole = false }, true},
		{"an attachment without a table", func() { hubs.Attachments[1].Table = "" }, false},
	} {
		row.change()
		s.arrange()
		s.a.reaches(t, s.file, 445, row.want, row.name)
		s.agrees(row.name)
	}
	s.b.reaches(t, s.file, 445, false, "from a subnet without the route")
}

// A network with a route to a gateway is led out through the host, to the ranges
// that the operator gave and to nothing of the host itself.
func TestGatewaysLeadOutThroughTheHost(t *testing.T) {
	s := set(t)
	office := &s.n.World.Networks[0]
	office.Groups[0].Rules = append(office.Groups[0].Rules, netpath.Rule{ID: "sgr-9", Protocol: netpath.Any, Prefix: prefix("0.0.0.0/0")})
	office.Subnets[0].Routes = append(office.Subnets[0].Routes, netpath.Route{Prefix: prefix("0.0.0.0/0"), Target: "nat-1"})
	s.arrange()
	host, world, secret := start(t, 7, "198.51.100.1"), start(t, 8, "198.51.100.2"), start(t, 9, "203.0.113.2")
	host.wire(t, world, "w0", "198.51.100.1/24", "198.51.100.2/24")
	host.wire(t, secret, "w1", "203.0.113.1/24", "203.0.113.2/24")
	if who := s.a.seen(t, world, 445, 150*time.Millisecond); who != "" {
		t.Errorf("without a way out: want the world out of reach, was seen as %s", who)
	}
	if err := s.Through(fabric.Uplink{Host: host.ns, Pool: prefix("198.19.0.0/16"), Ranges: []netip.Prefix{prefix("198.51.100.0/24")}}); err != nil {
		t.Fatal(err)
	}
	s.arrange()
	if who := s.a.seen(t, world, 445, 5*time.Second); who != "198.51.100.1" {
		t.Errorf("want the world to see the host's address, got %q", who)
	}
	host.addr = netip.MustParseAddr("198.51.100.1")
	for what, there := range map[string]*machine{"the host": host, "a range that was not given": secret} {
		if who := s.a.seen(t, there, 445, 150*time.Millisecond); who != "" {
			t.Errorf("%s: want it out of reach, was seen as %s", what, who)
		}
	}
	if who := s.b.seen(t, world, 445, 150*time.Millisecond); who != "" {
		t.Errorf("a subnet without the route: want the world out of reach, was seen as %s", who)
	}
	office.Subnets[0].Routes = office.Subnets[0].Routes[:1]
	s.arrange()
	if who := s.a.seen(t, world, 445, 150*time.Millisecond); who != "" {
		t.Errorf("the route is deleted: want the world out of reach, was seen as %s", who)
	}
	s.a.reaches(t, s.file, 445, true, "what has a route still")
}

// wire joins two machines by a cable.
func (m *machine) wire(t *testing.T, other *machine, name, near, far string) {
	t.Helper()
	m.sh(t, fmt.Sprintf(`ip link add %[1]s type veth peer name eth0 netns %[2]d; ip address add %[3]s dev %[1]s; ip link set %[1]s up`, name, other.PID, near))
	other.sh(t, "ip address add "+far+" dev eth0; ip link set eth0 up")
}

func TestADesktopCannotSpeakForAnother(t *testing.T) {
	s := set(t)
	for name, script := range map[string]string{
		"the address of its neighbour":      "ip address add 10.2.1.5/32 dev lo; ip route replace 10.3.0.0/16 via 10.2.1.1 dev eth1 src 10.2.1.5",
		"the address of another subnet":     "ip address add 10.2.2.9/32 dev lo; ip route replace 10.3.0.0/16 via 10.2.1.1 dev eth1 src 10.2.2.9",
		"an address from beyond":            "ip address add 10.3.0.77/32 dev lo; ip route replace 10.3.0.0/16 via 10.2.1.1 dev eth1 src 10.3.0.77",
		"an address that nobody has":        "ip address add 192.0.2.1/32 dev lo; ip route replace 10.3.0.0/16 via 10.2.1.1 dev eth1 src 192.0.2.1",
		"the router's own":                  "ip address add 10.2.1.1/32 dev lo; ip route replace 10.3.0.0/16 dev eth1 src 10.2.1.1",
		"the router behind the next router": "ip address add 169.254.0.1/32 dev lo; ip route replace 10.3.0.0/16 via 10.2.1.1 dev eth1 src 169.254.0.1",
	} {
		s.a.sh(t, script)
		if who := s.a.seen(t, s.file, 445, 150*time.Millisecond); who != "" {
			t.Errorf("%s: want no answer, was seen as %s", name, who)
		}
	}
	s.a.sh(t, "ip route del 10.3.0.0/16")
	s.a.reaches(t, s.file, 445, true, "with its own address again")
	// It claims its neighbour's hardware address, and asks and tells by ARP.
	s.a.sh(t, "mac=$(nsenter --net=/proc/"+fmt.Sprint(s.a2.PID)+"/ns/net cat /sys/class/net/eth1/address 2>/dev/null || true); ip link set eth1 down; ip link set eth1 address 06:00:00:00:00:01; ip link set eth1 up")
	s.b.reaches(t, s.a2, 445, true, "a neighbour of the one that changed its hardware address")
}

func TestNetworksOutliveThePlaneAndGoWithTheirDescription(t *testing.T) {
	s := set(t)
	s.Close()
	s.a.reaches(t, s.file, 445, true, "without the plane")
	s.Fabric = fabric.New(mark)
	s.n.World.Networks[0].Subnets[0].Routes = nil
	s.arrange()
	s.a.reaches(t, s.file, 445, false, "the route was deleted while the plane was away")
	s.a.reaches(t, s.a2, 445, true, "what was not deleted")
	s.n.Seats = s.n.Seats[1:]
	s.arrange()
	s.a2.reaches(t, s.a, 445, false, "a desktop that lost its seat")
	s.n.World.Networks, s.n.World.Peerings = s.n.World.Networks[:1], nil
	s.arrange()
	left, err := os.ReadDir("/run/netns")
	if err != nil || strings.Count(fmt.Sprint(left), mark) != 1 {
		t.Errorf("want one namespace of ours, got %v, %v", left, err)
	}
	s.a2.reaches(t, s.b, 445, true, "what is left")
}
