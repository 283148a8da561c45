package network

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// ErrCopied reports a folder that was copied from one whose bridge is here.
var ErrCopied = errors.New("the folder is a copy of another one on this machine")

// longestAlias is how much an interface's alias holds (IFALIASZ of if_link.h,
// without the zero at its end).
const longestAlias = 255

// claim refuses a folder that is not the one which raised the bridge: it
// carries the same id, so the other folder's desktops would be taken for its
// own and ended. A folder that was moved, or whose original is gone, is fine.
// The bridge's alias says whose it is: "DEVICE:INODE PATH".
func (n *Network) claim(folder string) (mark string, err error) {
	folder, err = filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	own, err := place(folder)
	if err != nil {
		return "", fmt.Errorf("look at %s: %w", folder, err)
	}
	mark = own + " " + folder
	if len(mark) > longestAlias {
		mark = own + " "
	}
	bridge, err := netlink.LinkByName(n.name)
	if _, missing := errors.AsType[netlink.LinkNotFoundError](err); missing {
		return mark, nil
	}
	if err != nil {
		return "", fmt.Errorf("look for bridge %s: %w", n.name, err)
	}
	theirs, path, said := strings.Cut(bridge.Attrs().Alias, " ")
	if !said || theirs == own {
		return mark, nil
	}
	if path == "" {
		path = "another folder"
	} else if there, err := place(path); err != nil || there != theirs {
		return mark, nil
	}
	return "", fmt.Errorf("%w: %s is a copy of %s, whose desktops it would end; use that one, or remove the copy (nothing is mounted in it)",
		ErrCopied, folder, path)
}

// place tells folders apart wherever they are moved to.
func place(folder string) (string, error) {
	var st unix.Stat_t
	if err := unix.Stat(folder, &st); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d:%d", st.Dev, st.Ino), nil
}

// sign writes on the bridge whose it is.
func (n *Network) sign(bridge netlink.Link, mark string) error {
	if err := netlink.LinkSetAlias(bridge, mark); err != nil {
		return fmt.Errorf("mark bridge %s: %w", n.name, err)
	}
	return nil
}
