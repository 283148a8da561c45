package inside

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/image"
)

// A desktop in a container of Incus is told what it is by the server, through
// a socket that only root of the container may ask (Incus documentation,
// "Communication between instance and host").
const (
	guestSocket = "/dev/incus/sock"
	GuestPlan   = "user.tamachi.plan"  // JSON of Plan
	GuestAgent  = "user.tamachi.agent" // AgentFile's content, until the agent has it
	// GuestLock is a file that is locked while the display answers: who waits
	// for the lock is told when that ends.
	GuestLock = image.Signals + "/up"
)

// container is the first process of a container: it makes the folders that
// hold nothing over, gives up what no desktop needs, and becomes guest.
func container() error {
	runtime.LockOSThread() // the last step changes the thread that becomes guest
	for _, m := range []struct {
		at, options string
		flags       uintptr
	}{
		{"/run", "mode=755,size=10%", unix.MS_NOSUID | unix.MS_NODEV},
		{"/tmp", "mode=1777,size=25%", unix.MS_NOSUID | unix.MS_NODEV},
		{image.Signals, "mode=755,size=1m", quiet},
	} {
		if err := unix.Mount("tmpfs", m.at, "tmpfs", m.flags, m.options); err != nil {
			return fmt.Errorf("mount %s: %w", m.at, err)
		}
	}
	if err := dropCapabilities(); err != nil {
		return err
	}
	if err := confine(); err != nil {
		return err
	}
	err := unix.Exec(image.Program, []string{"tamachi", "desktop-init", "guest"}, os.Environ())
	return fmt.Errorf("become the desktop's first process: %w", err)
}

// guest is the first process of a container from then on.
func guest() error {
	s := newHost()
	var p Plan
	text, err := s.config(GuestPlan)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	if err := s.agent(); err != nil {
		return fmt.Errorf("write the agent's configuration: %w", err)
	}
	if err := furnish(p); err != nil {
		return fmt.Errorf("furnish the root volume: %w", err)
	}
	lock, err := os.OpenFile(GuestLock, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	openDoors(image.Signals)
	return supervise(place{
		signals: image.Signals, logs: "/var/log/tamachi", upPipe: image.UpPipe, uid: person, become: true,
		shown: func(up bool) error { return s.shown(lock, up) },
	}, services(p), nil)
}

// host is the server that runs this container.
type host struct{ http *http.Client }

func newHost() host {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", guestSocket)
	}
	return host{&http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: 30 * time.Second}}
}

var errNoConfig = errors.New("the container's configuration has none")

// config is a value of the container's configuration.
func (h host) config(key string) ([]byte, error) {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://incus/1.0/config/"+key, nil)
	if err != nil {
		return nil, err
	}
	res, err := h.http.Do(r) // its time is the client's
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotFound {
		return nil, errNoConfig
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask for %s: the server answers %s", key, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, 1<<20))
}

// agent writes the agent's configuration if there is a new one.
func (h host) agent() error {
	text, err := h.config(GuestAgent)
	if errors.Is(err, errNoConfig) || err == nil && len(text) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(image.Identity, 0o700); err != nil {
		return err
	}
	return replace(filepath.Join(image.Identity, AgentFile), string(text), 0o600)
}

// shown tells the server whether the display answers, and then those that wait
// for the lock: in this order they find what they were told.
func (h host) shown(lock *os.File, up bool) error {
	state, how := "Started", unix.LOCK_UN
	if up {
		state, how = "Ready", unix.LOCK_EX
		if err := unix.Flock(int(lock.Fd()), how); err != nil {
			return err
		}
	}
	if err := h.tell(state); err != nil {
		return err
	}
	return unix.Flock(int(lock.Fd()), how)
}

func (h host) tell(state string) error {
	body, err := json.Marshal(map[string]string{"state": state})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPatch, "http://incus/1.0", bytes.NewReader(body))
	if err != nil {
		return err
	}
	res, err := h.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("tell that the desktop is %s: the server answers %s", state, res.Status)
	}
	return nil
}

// relay joins its input and output with the socket of the display, or of a door
// beside it: a viewer comes through the server that runs the container, not
// through its network.
func relay(socket string) error {
	conn, err := new(net.Dialer).DialContext(context.Background(), "unix", filepath.Join(image.Signals, socket))
	if err != nil {
		return err
	}
	defer conn.Close()
	out := make(chan error, 1)
	go func() {
		_, err := io.Copy(os.Stdout, conn)
		out <- err
	}()
	in := make(chan error, 1)
	go func() {
		_, err := io.Copy(conn, os.Stdin)
		in <- err
	}()
	select { // either end takes the other with it
	case err = <-out:
	case err = <-in:
	}
	return err
}
