package local_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vishvananda/netlink"

	"tamachi/internal/desktops/desktopstest"
)

// killAll ends every process of all desktops, and waits for their ends.
func (h *house) killAll(t *testing.T) {
	t.Helper()
	all, err := h.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.PID == 0 {
			continue
		}
		below := children(t, d.PID) // in a namespace they end with their first process
		h.kill(t, d.PID)
		for pid := range below {
			h.kill(t, pid)
		}
		desktopstest.WaitFor(t, "the end of "+d.ID, func() bool {
			now, err := h.Inspect(t.Context(), d.ID)
			return err == nil && now.PID == 0
		})
	}
}

// reboot takes from the machine what it does not have when it starts: the
// desktops' processes, and with them their mounts; then cgroups, bridge and
// interfaces.
func (h *house) reboot(t *testing.T) {
	t.Helper()
	var groups []string
	all, err := h.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Cgroup != "" {
			groups = append(groups, d.Cgroup)
		}
	}
	h.killAll(t)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		doors, err := filepath.Glob("/sys/fs/cgroup/*" + g)
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range doors {
			desktopstest.WaitFor(t, "an empty "+dir, func() bool {
				err := os.Remove(dir)
				return err == nil || errors.Is(err, fs.ErrNotExist)
			})
		}
	}
	links, err := netlink.LinkList()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if strings.HasPrefix(l.Attrs().Name, strings.Trim(filepath.Dir(groups[0]), "/")) {
			_ = netlink.LinkDel(l) // that of a desktop goes with its other end
		}
	}
	h.reopen(t)
}
