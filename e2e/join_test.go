package e2e

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

// joinWords are about hosts that join the plane. A host is this machine's files
// in namespaces of its own (mounts, network, processes, name), where all that is
// written lies in memory, with a cable to the plane's side:
//
//	host NAME             make one: NAME becomes a program that runs its arguments there,
//	                      $PLANE the address by which it reaches the plane
//	host NAME FILE...     the same, with these files of the transcript in the place of its own:
//	                      FILE is copied to /FILE, etc/motd for example; amazon-ssm-agent
//	                      is the double of that name
//	cable NAME out|in     pull its cable, put it back
//	untouched NAME        want each of its files as it was when it was made
//	authority NAME        put the fingerprint of the plane's CA into $NAME
var joinWords = map[string]word{
	"host":      wordHost,
	"cable":     wordCable,
	"untouched": wordUntouched,
	"authority": wordAuthority,
}

// hostsKey is where a transcript keeps its hosts.
const hostsKey = "hosts"

// boot makes this process, the first of its namespaces, a host: its folder and
// its name are given. It trusts one authority, and does nothing else that this
// machine does when authorities change. It ends with its stdin.
const boot = `set -e
mount --make-rprivate /
mount -t tmpfs none "$1"
for d in etc usr var root home opt; do
	mkdir "$1/$d" "$1/$d.work"
	mount -t overlay none -o "lowerdir=/$d,upperdir=$1/$d,workdir=$1/$d.work" "/$d"
done
mount -t tmpfs none /run
mount -t proc none /proc
echo "$2" > /proc/sys/kernel/hostname
rm -f /etc/hosts /etc/resolv.conf
printf '127.0.0.1 localhost %s\n' "$2" > /etc/hosts
: > /etc/resolv.conf
rm -rf /var/lib/tamachi /etc/tamachi /usr/local/lib/tamachi /etc/ca-certificates/update.d
rm -f /usr/local/share/ca-certificates/*
sed -i '/^mozilla/!d;q' /etc/ca-certificates.conf
update-ca-certificates --fresh > /dev/null
echo up
read -r _ || :
`

// joiner is a host of a transcript.
type joiner struct {
	init         *exec.Cmd
	folder       string // where what it wrote lies, in its own view
	outer, inner net.IP
	made         map[string]string // what differed from the machine when it was made
}

func wordHost(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: host NAME [FILE...]")
	}
	hosts := ts.Value(hostsKey).(map[string]*joiner)
	h := &joiner{folder: ts.MkAbs("host-" + args[0])}
	ts.Check(os.Mkdir(h.folder, 0o700))
	h.init = exec.Command("sh", "-c", boot, "sh", h.folder, args[0])
	h.init.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC}
	complaint := &bytes.Buffer{}
	h.init.Stderr = complaint
	open, err := h.init.StdinPipe()
	ts.Check(err)
	said, err := h.init.StdoutPipe()
	ts.Check(err)
	ts.Check(h.init.Start())
	ts.Defer(func() {
		open.Close()
		_ = h.init.Wait() // all of its processes end with it, and its end of the cable
	})
	if line, err := bufio.NewReader(said).ReadString('\n'); err != nil || line != "up\n" {
		ts.Fatalf("host %s does not start: %v: %s", args[0], err, complaint)
	}
	third := randomByte(ts)
	if len(hosts) > 0 {
		third = hosts[""].outer[2]
	} else {
		hosts[""] = h // the plane is at the first one's outer end
	}
	at := byte(4 * (len(hosts) - 1))
	h.outer, h.inner = []byte{198, 18, third, at + 1}, []byte{198, 18, third, at + 2}
	ts.Check(h.plug())
	hosts[args[0]] = h
	for _, file := range args[1:] {
		ts.Check(h.place(ts, file))
	}
	h.made, err = h.changes()
	ts.Check(err)
	ts.Setenv("PLANE", hosts[""].outer.String())
	bin := ts.MkAbs("hosts")
	ts.Check(os.MkdirAll(bin, 0o700))
	enter := fmt.Sprintf("#!/bin/sh\nexec nsenter -t %d -m -n -p -u -i -- env -i -C / PATH=\"$PATH\" \"$@\"\n", h.init.Process.Pid)
	ts.Check(os.WriteFile(filepath.Join(bin, args[0]), []byte(enter), 0o700))
	if path := ts.Getenv("PATH"); !strings.HasPrefix(path, bin) {
		ts.Setenv("PATH", bin+string(os.PathListSeparator)+path)
	}
}

// place gives the host a file, which was there before all else.
func (h *joiner) place(ts *testscript.TestScript, file string) error {
	from, to := ts.MkAbs(file), file
	if file == amazonName {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		from, to = self, "usr/bin/"+amazonName
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	root, err := os.OpenRoot(fmt.Sprintf("/proc/%d/root", h.init.Process.Pid))
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	_ = root.Remove(to)
	out, err := root.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func randomByte(ts *testscript.TestScript) byte {
	var b [1]byte
	_, err := rand.Read(b[:])
	ts.Check(err)
	return b[0]
}

// inNetwork runs something with the host's network. The thread is left to end
// with its goroutine, since it is in another network.
func (h *joiner) inNetwork(do func(*netlink.Handle) error) error {
	ns, err := netns.GetFromPid(h.init.Process.Pid)
	if err != nil {
		return err
	}
	defer ns.Close()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	link, err := netlink.NewHandleAt(ns, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer link.Close()
	return do(link)
}

const plug = "eth0"

// plug lays the cable. It is gone when one of its ends is.
func (h *joiner) plug() error {
	outer := fmt.Sprintf("tj%x", []byte(h.outer)[2:])
	cable := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: outer}, PeerName: plug, PeerNamespace: netlink.NsPid(h.init.Process.Pid)}
	if err := netlink.LinkAdd(cable); err != nil {
		return fmt.Errorf("lay the cable: %w", err)
	}
	end, err := netlink.LinkByName(outer)
	if err != nil {
		return err
	}
	mask := net.CIDRMask(30, 32)
	err = errors.Join(netlink.AddrAdd(end, &netlink.Addr{IPNet: &net.IPNet{IP: h.outer, Mask: mask}}), netlink.LinkSetUp(end))
	if err != nil {
		return err
	}
	return h.inNetwork(func(n *netlink.Handle) error {
		own, err := n.LinkByName(plug)
		if err != nil {
			return err
		}
		lo, err := n.LinkByName("lo")
		if err != nil {
			return err
		}
		return errors.Join(n.LinkSetUp(lo), n.AddrAdd(own, &netlink.Addr{IPNet: &net.IPNet{IP: h.inner, Mask: mask}}), h.up(n))
	})
}

func (h *joiner) up(n *netlink.Handle) error {
	own, err := n.LinkByName(plug)
	if err != nil {
		return err
	}
	if err := n.LinkSetUp(own); err != nil {
		return err
	}
	return n.RouteAdd(&netlink.Route{LinkIndex: own.Attrs().Index, Gw: h.outer})
}

func wordCable(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || args[1] != "in" && args[1] != "out" {
		ts.Fatalf("usage: cable NAME out|in")
	}
	h := ts.Value(hostsKey).(map[string]*joiner)[args[0]]
	ts.Check(h.inNetwork(func(n *netlink.Handle) error {
		if args[1] == "in" {
			return h.up(n)
		}
		own, err := n.LinkByName(plug)
		if err != nil {
			return err
		}
		return n.LinkSetDown(own)
	}))
}

// changes are the host's files that differ from the machine's.
func (h *joiner) changes() (map[string]string, error) {
	out := map[string]string{}
	upper := fmt.Sprintf("/proc/%d/root%s", h.init.Process.Pid, h.folder)
	err := filepath.WalkDir(upper, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == upper {
			return err
		}
		name := strings.TrimPrefix(p, upper)
		if top, _, _ := strings.Cut(name[1:], "/"); strings.HasSuffix(top, ".work") {
			return fs.SkipDir
		}
		mine, err := describe(p)
		if err != nil {
			return err
		}
		if was, _ := describe(name); was != mine {
			out[name] = mine
		}
		return nil
	})
	return out, err
}

// describe tells what a file is: kind, rights and what it holds.
func describe(p string) (string, error) {
	info, err := os.Lstat(p)
	if err != nil {
		return "", err
	}
	switch {
	case info.Mode()&fs.ModeCharDevice != 0:
		return "removed", nil // as an overlay notes it
	case info.Mode()&fs.ModeSymlink != 0:
		to, err := os.Readlink(p)
		return "link " + to, err
	case !info.Mode().IsRegular():
		return info.Mode().String(), nil
	}
	f, err := os.Open(p)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return fmt.Sprintf("%s %x", info.Mode(), sum.Sum(nil)), err
}

func wordUntouched(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: untouched NAME")
	}
	h := ts.Value(hostsKey).(map[string]*joiner)[args[0]]
	now, err := h.changes()
	ts.Check(err)
	var wrong []string
	for name := range maps.Keys(now) {
		if now[name] != h.made[name] {
			wrong = append(wrong, name+" is now "+now[name])
		}
	}
	for name := range h.made {
		if _, ok := now[name]; !ok {
			wrong = append(wrong, name+" is gone")
		}
	}
	if slices.Sort(wrong); len(wrong) > 0 {
		ts.Fatalf("host %s is not as it was:\n%s", args[0], strings.Join(wrong, "\n"))
	}
}

func wordAuthority(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: authority NAME")
	}
	text, err := os.ReadFile(filepath.Join(planeOf(ts).data, "ca", "ca.crt"))
	ts.Check(err)
	block, _ := pem.Decode(text)
	if block == nil {
		ts.Fatalf("the plane's CA is no certificate")
	}
	ts.Setenv(args[0], fmt.Sprintf("%x", sha256.Sum256(block.Bytes)))
}
