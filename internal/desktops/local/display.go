package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
)

// DialDisplay opens a stream to the desktop's display server.
func (p *Provider) DialDisplay(ctx context.Context, id string) (net.Conn, error) {
	d, err := p.lookup("dial the display of", id)
	if err != nil {
		return nil, err
	}
	if live := d.instance(); live == nil || live.process == nil || !live.process.alive() {
		return nil, fmt.Errorf("dial the display of desktop %s: the desktop is %s", id, desktops.Stopped)
	}
	conn, err := dial(ctx, d.folder)
	if err != nil {
		return nil, fmt.Errorf("dial the display of desktop %s: %w", id, err)
	}
	return conn, nil
}

// dial connects to the display's socket.
func dial(ctx context.Context, folder string) (net.Conn, error) {
	conn, err := dialSocket(ctx, folder, inside.Socket)
	if err != nil {
		return nil, fmt.Errorf("no display server: %w", err)
	}
	return conn, nil
}

// dialSocket connects to a socket in a desktop's signals folder. The folder belongs to the desktop,
// which could put a link to a socket of the host there: no link is followed on
// the way, and what is dialled is the very file that was looked at.
func dialSocket(ctx context.Context, folder, socket string) (net.Conn, error) {
	signals, err := os.OpenFile(filepath.Join(folder, signalsFolder), unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	defer signals.Close()
	fd, err := unix.Openat2(int(signals.Fd()), socket, &unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_CLOEXEC | unix.O_NOFOLLOW,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV,
	})
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFSOCK {
		return nil, errors.New("what the desktop shows is no socket")
	}
	return new(net.Dialer).DialContext(ctx, "unix", fmt.Sprintf("/proc/self/fd/%d", fd))
}

// banner is how long a display server may take for its first words.
const banner = 2 * time.Second

// answers tells whether the display server speaks RFB within a while.
func answers(ctx context.Context, folder string) error {
	ctx, cancel := context.WithTimeout(ctx, banner)
	defer cancel()
	return speaks(ctx, folder)
}

// speaks waits until the display server speaks RFB, or ctx ends.
func speaks(ctx context.Context, folder string) error {
	conn, err := dial(ctx, folder)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	first := make([]byte, 12)
	if _, err := io.ReadFull(conn, first); err != nil {
		return fmt.Errorf("the display server does not speak: %w", err)
	}
	if !strings.HasPrefix(string(first), "RFB ") {
		return fmt.Errorf("the display server speaks no RFB: %q", first)
	}
	return nil
}
