package local_test

import (
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desktops/desktopstest"
)

// thief takes the address $1 and the hardware address $2 of another desktop
// and says so to everybody, again and again, as well as that hosts which do not
// exist are there. What comes to it is greeted.
const thief = `
ip address add $1/16 dev eth0
cat > /tmp/thief.py <<'END'
import os, socket, struct, sys
own = bytes.fromhex(open('/sys/class/net/eth0/address').read().strip().replace(':', ''))
victim, mac = socket.inet_aton(sys.argv[1]), bytes.fromhex(sys.argv[2].replace(':', ''))
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(('eth0', 0))
def say(source, ip):
    wire.send(b'\xff' * 6 + source + b'\x08\x06' + struct.pack('!HHBBH', 1, 0x800, 6, 4, 1)
        + source + ip + b'\0' * 6 + socket.inet_aton(sys.argv[3]))
for i in range(200):
    say(own, victim)
    say(mac, victim)
    say(b'\x02' + os.urandom(5), victim[:2] + bytes([200, i]))
END
cat > /tmp/greet.py <<'END'
import socket
l = socket.create_server(('0.0.0.0', 5999))
while True:
    c = l.accept()[0]
    c.sendall(b'thief\n')
    c.close()
END
setsid python3 /tmp/greet.py > /tmp/greet.log 2>&1 &
sleep 0.3
python3 /tmp/thief.py $1 $2 $3
`

func TestADesktopCannotTakeAnothersPlace(t *testing.T) {
	h := open(t)
	h.create(t, one)
	victim := h.create(t, two).Addr.String()
	h.must(t, two, "Xvnc :9 -rfbport 5999 -SecurityTypes None -nolisten tcp -displayfd 1 2>/dev/null | head -1 & sleep 0.1")
	desktopstest.WaitFor(t, "the victim's display", func() bool { return greeting(victim) != "" })
	mac := strings.TrimSpace(h.must(t, two, "cat /sys/class/net/eth0/address"))

	h.must(t, one, "set -- "+victim+" "+mac+" "+h.PlaneAddr().String()+"\n"+thief)
	for range 3 { // the host forgets and asks anew, if it does
		if got := greeting(victim); !strings.HasPrefix(got, "RFB ") {
			t.Errorf("the victim's address after another desktop claimed it: want its own display, got %q", got)
		}
	}
	known, err := exec.Command("ip", "-4", "neigh", "show").CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	net16 := strings.Join(strings.Split(victim, ".")[:2], ".") + ".200."
	if n := strings.Count(string(known), net16); n != 0 {
		t.Errorf("want the host to learn of no neighbour from a desktop, it learnt of %d", n)
	}
}

// greeting is what answers first at a desktop's port 5999, "" for nobody.
func greeting(host string) string {
	c, err := net.DialTimeout("tcp", net.JoinHostPort(host, "5999"), time.Second)
	if err != nil {
		return ""
	}
	defer c.Close()
	if c.SetReadDeadline(time.Now().Add(2*time.Second)) != nil {
		return ""
	}
	b := make([]byte, 6)
	n, _ := io.ReadFull(c, b) // what came is what counts
	return string(b[:n])
}
