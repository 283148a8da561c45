package network

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"
)

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("this test makes network interfaces and needs root; run it with sudo")
	}
}

func TestAddressesAndNamesOfLeases(t *testing.T) {
	n, err := New("a1b2c3", netip.MustParsePrefix("10.7.0.0/16"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{n.MAC(n.Plane()).String(): true}
	for _, row := range []struct {
		lease int
		want  string
	}{{0, "10.7.0.2"}, {253, "10.7.0.255"}, {254, "10.7.1.0"}, {59_999, "10.7.234.97"}} {
		got, err := n.Addr(row.lease)
		if err != nil || got.String() != row.want {
			t.Errorf("lease %d: want %s, got %s, %v", row.lease, row.want, got, err)
		}
		mac := n.MAC(got)
		if seen[mac.String()] || mac[0] != 0x02 {
			t.Errorf("lease %d: want a local address of its own, got %s", row.lease, mac)
		}
		seen[mac.String()] = true
		if name := n.outer(row.lease); len(name) > 15 || !strings.HasPrefix(name, "tma1b2c3.") {
			t.Errorf("lease %d: want a name of at most 15 characters, got %s", row.lease, name)
		}
	}
	for _, bad := range []int{-1, hosts} {
		if a, err := n.Addr(bad); err == nil {
			t.Errorf("lease %d: want an error, got %s", bad, a)
		}
	}
	for _, row := range []struct{ id, prefix string }{{"", "10.7.0.0/16"}, {"a1b2c3d", "10.7.0.0/16"}, {"a1b2c3", "10.7.0.0/24"}, {"a1b2c3", "fd00::/16"}} {
		if n, err := New(row.id, netip.MustParsePrefix(row.prefix)); err == nil {
			t.Errorf("folder %q over %s: want an error, got %+v", row.id, row.prefix, n)
		}
	}
}

func TestARangeOfTheHostIsNeverChosen(t *testing.T) {
	needRoot(t)
	first, err := Choose("ffffff")
	if err != nil {
		t.Fatal(err)
	}
	n, err := New("ffffff", first)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Raise(4566); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Lower(); err != nil {
			t.Error(err)
		}
	})
	second, err := Choose("ffffff")
	if err != nil || second.Overlaps(first) {
		t.Errorf("want a range that is not that of a bridge, %s, got %s, %v", first, second, err)
	}
	thief, err := New("fffffe", first)
	if err != nil {
		t.Fatal(err)
	}
	if err := thief.Raise(4566); !errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), n.Name()) {
		t.Errorf("raise over a range in use: want an error that names who uses it, got %v", err)
	}
	if err := thief.Lower(); err != nil {
		t.Error(err)
	}
}

// A newcomer's name server was behind the default route, in a range of which no
// route of the host told: the bridge cut the machine off from all names.
func TestARangeLeavesTheHostItsNameServerAndItsOffice(t *testing.T) {
	all := func(blocks ...string) (out []use) {
		for _, b := range blocks {
			out = append(out, use{netip.MustParsePrefix(b), "eth1"})
		}
		return out
	}
	for _, row := range []struct {
		name   string
		taken  []use
		within string
	}{
		{"nothing", nil, "100.64.0.0/10"},
		{"other planes", []use{{netip.MustParsePrefix("100.70.0.0/16"), "tma1b2c3"}}, "100.64.0.0/10"},
		{"Tailscale", []use{{netip.MustParsePrefix("100.101.102.103/32"), "tailscale0"}}, "10.0.0.0/8"},
		{"all of 10", all("100.64.0.0/10", "10.0.0.0/8"), "172.16.0.0/12"},
	} {
		for id := range 300 {
			got, err := free(row.taken, fmt.Sprintf("%06x", id))
			if err != nil || !netip.MustParsePrefix(row.within).Overlaps(got) || got.Bits() != 16 || touching(row.taken, got) != "" {
				t.Fatalf("%s: want a /16 of %s that nobody has, got %s, %v", row.name, row.within, got, err)
			}
		}
	}
	if got, err := free(all("100.64.0.0/10", "10.0.0.0/8", "172.16.0.0/12"), "ffffff"); !errors.Is(err, ErrNoRange) {
		t.Errorf("want no range, got %s, %v", got, err)
	}

	path := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(path, []byte("# of the office\nsearch example.com\nnameserver 10.255.255.53\n nameserver 100.100.100.100 # second\nnameserver fd00::1\nnameserver\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	was := resolvers
	t.Cleanup(func() { resolvers = was })
	resolvers = []string{path, path + ".missing"}
	taken, err := inUse("")
	if err != nil {
		t.Fatal(err)
	}
	// Not by touching: the machine's own routes, other planes' bridges among
	// them, may lead to the same ranges.
	for _, ip := range []string{"10.255.255.53", "100.100.100.100"} {
		if want := (use{netip.MustParsePrefix(ip + "/32"), "the name server in " + path}); !slices.Contains(taken, want) {
			t.Errorf("want %v among what is in use, got %v", want, taken)
		}
	}
}

func TestRaisingAndLoweringTwiceIsNoError(t *testing.T) {
	needRoot(t)
	prefix, err := Choose("fffffd")
	if err != nil {
		t.Fatal(err)
	}
	n, err := New("fffffd", prefix)
	if err != nil {
		t.Fatal(err)
	}
	for _, port := range []int{4566, 4567} {
		if err := n.Raise(port); err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", net.JoinHostPort(n.Plane().String(), "0"))
	if err != nil {
		t.Errorf("want the plane to listen on the bridge, got %v", err)
	} else {
		l.Close()
	}
	for range 2 {
		if err := n.Lower(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := netlink.LinkByName(n.Name()); err == nil {
		t.Error("want the bridge gone")
	}
	if err := n.Plug(0, os.Getpid()); err == nil {
		t.Error("plug without a bridge: want an error")
	}
}
