// Package sambatest runs a Samba domain controller for tests: a real Active
// Directory, behind which nobody of ours stands. It lives in namespaces of its
// own (mount, network, pid, host name); the host has nothing of it but a folder
// of state and one end of a veth pair. It needs root and the Debian packages
// samba, samba-ad-provision, samba-dsdb-modules, samba-vfs-modules and winbind.
//
// Provisioning takes some five seconds of a processor, so it is done once a
// machine and kept; a start from the copy takes less than one. There is one
// controller at a time on a machine, since its address stands in its own DNS.
package sambatest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// What the domain is.
const (
	Domain        = "corp.example.com"
	ShortName     = "CORP"
	Addr          = "10.213.77.2" // of the controller: LDAP, DNS
	Administrator = "Administrator"
	Password      = "Sesame-Open-1"

	hostAddr = "10.213.77.1"
	link     = "tamachi-samba"
	cache    = "/var/cache/tamachi/samba"
	// inside is where the state is mounted in the controller's namespace.
	inside = "/var/lib/samba"
)

// T is what a controller needs of a test; a testing.TB has it.
type T interface {
	Helper()
	Context() context.Context
	Cleanup(end func())
	Fatalf(format string, args ...any)
}

// Controller is a domain controller.
type Controller struct {
	t    T
	dir  string
	lock *os.File
	cmd  *exec.Cmd
	log  *os.File
}

// Start runs a new domain until the test ends.
func Start(t T) *Controller {
	t.Helper()
	c := &Controller{t: t}
	c.must("make the cache", os.MkdirAll(cache, 0o700))
	c.alone()
	c.dir = filepath.Join(cache, "running")
	c.must("remove the state before", os.RemoveAll(c.dir))
	c.run("cp", "-a", c.provisioned(), c.dir)
	t.Cleanup(func() {
		c.Stop()
		c.must("remove the state", os.RemoveAll(c.dir))
		_ = c.lock.Close() // gives the lock back
	})
	c.Resume()
	return c
}

func (c *Controller) must(what string, err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("samba: %s: %v", what, err)
	}
}

func (c *Controller) run(name string, args ...string) string {
	c.t.Helper()
	out, err := exec.CommandContext(c.context(), name, args...).CombinedOutput()
	if err != nil {
		c.t.Fatalf("samba: %s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// context goes on while the test is cleaned up.
func (c *Controller) context() context.Context { return context.WithoutCancel(c.t.Context()) }

// alone takes the machine's one place for a controller, and ends one that a
// test which was killed left there.
func (c *Controller) alone() {
	c.t.Helper()
	var err error
	c.lock, err = os.OpenFile(filepath.Join(cache, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	c.must("open the lock", err)
	c.must("take the lock", syscall.Flock(int(c.lock.Fd()), syscall.LOCK_EX))
	_ = exec.CommandContext(c.context(), "ip", "link", "delete", link).Run() // there is none, mostly
	b, err := io.ReadAll(c.lock)
	c.must("read the lock", err)
	var pid int
	if _, err := fmt.Sscan(string(b), &pid); err != nil || pid <= 1 {
		return
	}
	if env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid)); err == nil && strings.Contains(string(env), mark) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// mark stands in the environment of a controller of ours.
const mark = "TAMACHI_SAMBATEST=1"

const configuration = `[global]
	realm = CORP.EXAMPLE.COM
	workgroup = CORP
	netbios name = DC1
	server role = active directory domain controller
	server services = ldap, cldap, dns, kdc, rpc
	private dir = /var/lib/samba/private
	state directory = /var/lib/samba/state
	cache directory = /var/lib/samba/cache
	lock directory = /var/lib/samba
	binddns dir = /var/lib/samba/bind-dns
	pid directory = /var/lib/samba/run
	ncalrpc dir = /var/lib/samba/ncalrpc
	winbindd socket directory = /var/lib/samba/winbindd
	ntp signd socket directory = /var/lib/samba/ntp
	tls enabled = yes
	tls keyfile = /var/lib/samba/tls/key.pem
	tls certfile = /var/lib/samba/tls/cert.pem
	tls cafile = /var/lib/samba/tls/cert.pem
	idmap_ldb:use rfc2307 = yes
`

const provision = `set -e
mount --make-rprivate /
mount --bind "$1" /var/lib/samba
ip link set lo up
hostname dc1
printf '[global]\n' > /var/lib/samba/empty.conf
samba-tool domain provision --configfile=/var/lib/samba/empty.conf --targetdir=/var/lib/samba --use-rfc2307 \
  --realm=CORP.EXAMPLE.COM --domain=CORP --server-role=dc --dns-backend=SAMBA_INTERNAL --adminpass="$2" --host-name=dc1 --host-ip="$3"
mkdir -p /var/lib/samba/run /var/lib/samba/ncalrpc /var/lib/samba/cache
rm -f /var/lib/samba/run/*
`

// provisioned is the folder of a new domain, made if there is none of this
// recipe and this version of Samba.
func (c *Controller) provisioned() string {
	c.t.Helper()
	sum := sha256.Sum256([]byte(c.run("samba", "--version") + provision + configuration + Addr + Password))
	dir := filepath.Join(cache, hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	raw := dir + ".new"
	c.must("remove a half-made domain", os.RemoveAll(raw))
	c.must("make a domain", os.MkdirAll(filepath.Join(raw, "tls"), 0o700))
	cmd := exec.CommandContext(c.context(), "sh", "-c", provision, "sh", raw, Password, Addr)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS}
	if out, err := cmd.CombinedOutput(); err != nil {
		c.t.Fatalf("samba: provision: %v\n%s", err, out)
	}
	c.must("write smb.conf", os.WriteFile(filepath.Join(raw, "etc", "smb.conf"), []byte(configuration), 0o600))
	key, cert := Certificate(c.t)
	c.must("write the key", os.WriteFile(filepath.Join(raw, "tls", "key.pem"), key, 0o600))
	c.must("write the certificate", os.WriteFile(filepath.Join(raw, "tls", "cert.pem"), cert, 0o600))
	c.must("keep the domain", os.Rename(raw, dir))
	return dir
}

const serve = `set -e
read -r _
mount --make-rprivate /
mount --bind "$1" /var/lib/samba
mount -t proc proc /proc
hostname dc1
ip link set lo up
ip address add "$2/30" dev eth0
ip link set eth0 up
exec samba --foreground --model=single --debug-stdout --configfile=/var/lib/samba/etc/smb.conf
`

// Resume starts the controller after Stop, with the domain as it was.
func (c *Controller) Resume() {
	c.t.Helper()
	var err error
	c.log, err = os.Create(filepath.Join(c.dir, "log"))
	c.must("open the log", err)
	c.cmd = exec.CommandContext(c.context(), "sh", "-c", serve, "sh", c.dir, Addr)
	c.cmd.Env = append(os.Environ(), mark)
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWUTS | syscall.CLONE_NEWPID, Pdeathsig: syscall.SIGKILL,
	}
	start, err := c.cmd.StdinPipe()
	c.must("open the pipe", err)
	c.must("start", c.cmd.Start())
	pid := fmt.Sprint(c.cmd.Process.Pid)
	c.must("note the process", c.lock.Truncate(0))
	_, err = c.lock.WriteAt([]byte(pid), 0)
	c.must("note the process", err)
	c.run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", pid)
	c.run("ip", "address", "add", hostAddr+"/30", "dev", link)
	c.run("ip", "link", "set", link, "up")
	_, err = io.WriteString(start, "\n")
	c.must("let it go on", errors.Join(err, start.Close()))
	c.awaits("389")
	c.awaits("53")
}

// awaits waits until the controller listens on a port.
func (c *Controller) awaits(port string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", net.JoinHostPort(Addr, port))
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-ctx.Done():
			said, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			c.t.Fatalf("samba: port %s does not answer: %v\n%s", port, err, said)
		case <-tick.C:
		}
	}
}

// Stop ends the controller; the domain stays. One that is stopped is no error.
func (c *Controller) Stop() {
	if c.cmd == nil {
		return
	}
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait() // says that it was killed
	_ = c.log.Close()
	c.cmd = nil
	_ = exec.CommandContext(c.context(), "ip", "link", "delete", link).Run() // goes with the namespace, mostly
}

// Authority is the certificate, in PEM, that vouches for the controller.
func (c *Controller) Authority() string {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, "tls", "cert.pem"))
	c.must("read the certificate", err)
	return string(text)
}

// Tool runs samba-tool beside the controller and returns what it says.
func (c *Controller) Tool(args ...string) string {
	c.t.Helper()
	pid := fmt.Sprint(c.cmd.Process.Pid)
	given := append([]string{"-t", pid, "-m", "-n", "-u", "samba-tool"}, args...)
	return c.run("nsenter", append(given, "--configfile="+inside+"/etc/smb.conf", "-H", inside+"/private/sam.ldb")...)
}
