package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/fabric"
	"tamachi/internal/desktops/local/inside"
)

// plain is the ground of a machine without namespaces: each desktop is a
// display server of the host, run by a user of its own. It is a real desktop,
// but it has no image, no limits, no network and no agent.
type plain struct {
	folder string // names the range of ids
}

var _ ground = (*plain)(nil)

// plainHome is where plain desktops are: their users must be able to go there,
// which the plane's own data folder does not allow.
const plainHome = "/var/lib/tamachi"

// level prepares the plain ground and moves the options' folder to it.
func level(o Options) (Options, error) {
	if _, err := os.Stat("/usr/bin/Xvnc"); err != nil {
		return o, fmt.Errorf("%w, and Xvnc, which could show plain desktops instead, is not installed; allow namespaces, or run: apt-get install tigervnc-standalone-server openbox xterm", ErrNoNamespaces)
	}
	sum := sha256.Sum256([]byte(o.Dir))
	o.Dir = filepath.Join(plainHome, hex.EncodeToString(sum[:6]))
	for _, dir := range []string{o.Dir, o.desktopsFolder()} {
		if err := os.MkdirAll(dir, 0o711); err != nil {
			return o, err
		}
		if err := os.Chmod(dir, 0o711); err != nil {
			return o, err
		}
	}
	const sockets = "/tmp/.X11-unix" // display servers that are not root cannot make it well
	if err := os.Mkdir(sockets, 0o777); err == nil {
		return o, unix.Chmod(sockets, 0o1777)
	}
	return o, nil
}

func (g *plain) about() desktops.About {
	return desktops.About{Name: "local", Lacks: lacking, Note: "no namespaces here: each desktop is a plain Xvnc of a user of its own, without image, limits, network and agent; see " + plainHome}
}

func (g *plain) plane() netip.Addr { return netip.Addr{} }
func (g *plain) step() string      { return "detach" }

// plainUser is where in a range of ids the user of a plain desktop is: at none
// that the root, the user or the system of an isolated desktop has. All that is
// of this user is ended with the desktop, and must not be another folder's.
const plainUser = 60_900

func (g *plain) owner(lease int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(g.folder))
	return firstID + (int(h.Sum32()%ranges)+lease)%ranges*inside.Ids + plainUser
}

func (g *plain) addr(lease int) netip.Addr {
	return netip.AddrFrom4([4]byte{127, 1, byte(lease >> 8), byte(lease)})
}

func (g *plain) prepare(_ context.Context, progress func(desktops.Progress)) error {
	if progress != nil {
		progress(desktops.Progress{Step: "plain desktops need no image", Percent: 100})
	}
	return nil
}

func (g *plain) image(context.Context, string) (string, error) { return "none", nil }
func (g *plain) roots(string) ([]string, error)                { return []string{"/"}, nil }
func (g *plain) limit(record) ([]string, error)                { return nil, nil }
func (g *plain) connect(string, int, int) error                { return nil }
func (g *plain) close()                                        {}
func (g *plain) group(string) string                           { return "" }
func (g *plain) cause(string) string                           { return "" }
func (g *plain) lower() error                                  { return nil }
func (g *plain) thaw(string) error                             { return nil }
func (g *plain) count(string, *desktops.Usage) error           { return desktops.ErrLacking }

func (g *plain) arrange(desktops.Networks, func() map[string]fabric.Machine) error {
	return desktops.ErrLacking
}

func (g *plain) freeze(context.Context, string) (func() error, error) {
	return nil, desktops.ErrLacking
}

// lacking is what needs a cgroup, an image or a network of one's own.
var lacking = []desktops.Capability{desktops.Copies, desktops.Images, desktops.Limits, desktops.Quotas, desktops.Nets, desktops.Guises, desktops.Sounds, desktops.Prints}

// clear ends all processes of the desktop's user.
func (g *plain) clear(ctx context.Context, _ string, lease int) error {
	return endUser(ctx, g.owner(lease))
}

func (g *plain) strays(ctx context.Context, leases map[string]int, runs func(string) bool) error {
	for id, lease := range leases {
		if runs(id) {
			continue
		}
		if err := endUser(ctx, g.owner(lease)); err != nil {
			return err
		}
	}
	return nil
}

// endUser kills the processes of a user until there are none: one that forks
// while we look is found the next time.
func endUser(ctx context.Context, uid int) error {
	for {
		held, err := processesOf(uid)
		if err != nil || len(held) == 0 {
			return err
		}
		for _, p := range held {
			err = errors.Join(err, p.signal(unix.SIGKILL))
		}
		for _, p := range held {
			err = errors.Join(err, p.waitFor(ctx))
			p.close()
		}
		if err != nil {
			return fmt.Errorf("end the processes of user %d: %w", uid, err)
		}
	}
}

// processesOf holds all processes of a user that have not ended, but for those
// in a user namespace of their own: ranges of ids may meet, and these are the
// desktops of a plane beside this one.
func processesOf(uid int) ([]*process, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var out []*process
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if got, err := userOf(pid); err != nil || got != uid {
			continue
		}
		if !shares(pid) {
			continue
		}
		if p, err := hold(pid); err == nil {
			if p.alive() {
				out = append(out, p)
				continue
			}
			p.close()
		}
	}
	return out, nil
}

// shares tells whether a process is in our user namespace.
func shares(pid int) bool {
	own, err := os.Readlink("/proc/self/ns/user")
	if err != nil {
		return false
	}
	its, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/user", pid))
	return err == nil && its == own
}

// userOf is the real user id of a process (proc(5): Uid in status; the owner
// of the folder is something else for a process that hides its memory).
func userOf(pid int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "Uid:" {
			return strconv.Atoi(fields[1])
		}
	}
	return 0, fmt.Errorf("process %d has no user", pid)
}
