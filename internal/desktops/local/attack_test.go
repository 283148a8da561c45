package local_test

import (
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tamachi/internal/desktops"
	"tamachi/internal/netpath"
)

// closed is a network in which nobody may come to anybody.
func closed(seats ...desktops.Seat) desktops.Networks {
	everywhere := netip.MustParsePrefix("0.0.0.0/0")
	open := []netpath.Entry{
		{Number: 100, Protocol: netpath.Any, Allow: true, Prefix: everywhere}, {Number: 100, Egress: true, Protocol: netpath.Any, Allow: true, Prefix: everywhere},
	}
	return desktops.Networks{Seats: seats, World: netpath.World{Networks: []netpath.Network{{
		ID: "vpc-0123456789abcdef0", Blocks: []netip.Prefix{netip.MustParsePrefix("10.2.0.0/16")},
		Subnets: []netpath.Subnet{{ID: "subnet-1", Prefix: netip.MustParsePrefix("10.2.1.0/24"), Entries: open, Routes: []netpath.Route{{Prefix: everywhere, Target: "igw-1"}}}},
		Groups:  []netpath.Group{{ID: "sg-1", Rules: []netpath.Rule{{ID: "sgr-1", Egress: true, Protocol: netpath.Any, Prefix: everywhere}}}},
	}}}}
}

func seat(id, addr string) desktops.Seat {
	return desktops.Seat{Desktop: id, Network: "vpc-0123456789abcdef0", Subnet: "subnet-1", Addr: netip.MustParseAddr(addr), Groups: []string{"sg-1"}}
}

// flood sends frames from made-up hardware addresses: questions and answers of
// ARP, and packets from made-up addresses to $1 and to everywhere.
const flood = `
cat > /tmp/flood.py <<'END'
import os, socket, struct, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(('eth1', 0))
router = bytes.fromhex('060000000001')
victim = socket.inet_aton(sys.argv[1])
def sum16(b):
    s = sum(struct.unpack('!10H', b))
    while s >> 16: s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff
for i in range(3000):
    mac, a = b'\x02' + os.urandom(5), os.urandom(4)
    wire.send(b'\xff' * 6 + mac + b'\x08\x06' + struct.pack('!HHBBH', 1, 0x800, 6, 4, 1 + i % 2) + mac + victim + b'\0' * 6 + a)
    for source, target in ((a, victim), (victim, a), (socket.inet_aton('10.2.1.4'), a)):
        head = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 28, i & 0xffff, 0, 64, 17, 0, source, target)
        head = head[:10] + struct.pack('!H', sum16(head)) + head[12:]
        wire.send(router + mac + b'\x08\x00' + head + struct.pack('!HHHH', 9, 9, 8, 0))
END
python3 /tmp/flood.py $1
`

func TestADesktopThatAttacksItsNetworkHarmsNobody(t *testing.T) {
	h := open(t)
	for id, addr := range map[string]string{one: "10.2.1.4", two: "10.2.1.5"} {
		s := spec(id)
		s.Addr = netip.MustParseAddr(addr)
		if _, err := h.Create(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Arrange(t.Context(), closed(seat(one, "10.2.1.4"), seat(two, "10.2.1.5"))); err != nil {
		t.Fatal(err)
	}
	if h.reaches(t, one, two, 445) {
		t.Error("a neighbour whose group permits nobody: want it out of reach")
	}
	// Past the router: as a neighbour on the wire, and over the way to the plane.
	h.must(t, one, "ip route add 10.2.1.5/32 dev eth1; ip neigh add 10.2.1.5 lladdr ff:ff:ff:ff:ff:ff dev eth1")
	if h.reaches(t, one, two, 445) {
		t.Error("a neighbour asked past the router: want it out of reach")
	}
	h.must(t, one, "ip route replace 10.2.1.5/32 via "+h.PlaneAddr().String()+" dev eth0")
	if h.reaches(t, one, two, 445) {
		t.Error("a neighbour by the way to the plane: want it out of reach")
	}
	_, port := greeter(t, "0.0.0.0:0")
	for _, way := range []string{"via 10.2.1.1 dev eth1", "via " + h.PlaneAddr().String() + " dev eth0"} {
		h.must(t, one, "ip route replace "+hostAddr(t)+"/32 "+way)
		if out, err := h.knock(t, one, hostAddr(t), port); err == nil {
			t.Errorf("a service of the host, %s: want it out of reach, got %q", way, out)
		}
	}
	h.must(t, one, "set -- 10.2.1.5\n"+flood)
	space := filepath.Base(strings.TrimSuffix(h.space(t), "\n"))
	known, err := exec.Command("ip", "-n", space, "neigh", "show").CombinedOutput()
	if err != nil || strings.Count(string(known), "\n") != 2 {
		t.Errorf("want the router to know its two desktops and nobody else, got %v\n%.300s", err, known)
	}
	greeter(t, net.JoinHostPort(h.PlaneAddr().String(), strconv.Itoa(h.options.PlanePort)))
	if out, err := h.knock(t, two, h.PlaneAddr().String(), strconv.Itoa(h.options.PlanePort)); err != nil || out != "hello" {
		t.Errorf("the plane, for the neighbour of a desktop that floods: got %q, %v", out, err)
	}
	h.crowd(t)
}

// space is the path of the one namespace of the folder.
func (h *house) space(t *testing.T) string {
	t.Helper()
	d, err := h.Inspect(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	mark, _, _ := strings.Cut(strings.TrimPrefix(d.Cgroup, "/"), "/")
	all, err := filepath.Glob("/run/netns/" + mark + "-*")
	if err != nil || len(all) != 1 {
		t.Fatalf("want one namespace of %s, got %v, %v", mark, all, err)
	}
	return all[0]
}

// crowd wants the connections of one desktop to the plane bounded, and those of
// another left alone.
func (h *house) crowd(t *testing.T) {
	t.Helper()
	out := h.must(t, one, fmt.Sprintf(`cat > /tmp/crowd.py <<'END'
import socket, select
held, waiting = [], select.poll()
for i in range(320):
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex(('%s', %d))
    held.append(s)
    waiting.register(s, select.POLLOUT)
made = set()
while True:
    some = [fd for fd, what in waiting.poll(400) if what == select.POLLOUT]
    if not some: break
    for fd in some: waiting.unregister(fd)
    made |= set(some)
print(len(made))
import sys
sys.stdout.flush()
END
python3 /tmp/crowd.py`, h.PlaneAddr(), h.options.PlanePort))
	if n, err := strconv.Atoi(strings.TrimSpace(out)); err != nil || n < 200 || n > 256 {
		t.Errorf("320 connections to the plane at a time: want at most 256 made, got %q", out)
	}
}
