package incus

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/volume/btrfs"
)

// errNoFolder tells that the pool's files cannot be seen from here.
var errNoFolder = errors.New("the server is elsewhere")

// recount makes a pool of kind btrfs whose kernel has lost count begin again, or
// no limit of its volumes would hold: the server itself never does. It can be
// done to a server of this machine alone; About tells of others.
func (p *Provider) recount(ctx context.Context) error {
	if p.pool != "btrfs" {
		return nil
	}
	folder, err := p.folder(ctx)
	if err == nil {
		err = btrfs.Recount(folder)
	}
	if errors.Is(err, errNoFolder) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

// folder is where the pool is mounted, as the server's process sees it: the
// mount may be in a namespace of its own (Incus documentation, "Environment
// variables", INCUS_DIR).
func (p *Provider) folder(ctx context.Context) (string, error) {
	socket, here := strings.CutPrefix(p.options.Server, "unix:")
	if !here {
		return "", errNoFolder
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return "", fmt.Errorf("ask who serves %s: %w", socket, err)
	}
	defer conn.Close()
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return "", err
	}
	var who *unix.Ucred
	var failed error
	if err := raw.Control(func(fd uintptr) { who, failed = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); err != nil {
		return "", err
	}
	if failed != nil {
		return "", fmt.Errorf("ask who serves %s: %w", socket, failed)
	}
	return filepath.Join("/proc", strconv.Itoa(int(who.Pid)), "root", filepath.Dir(socket), "storage-pools", p.options.Pool), nil
}
