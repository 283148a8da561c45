package local_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desktops"
)

func TestADisplayThatIsALinkToTheHostIsNotDialled(t *testing.T) {
	h := open(t)
	h.create(t, one)
	path := filepath.Join(t.TempDir(), "of-the-host")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	came := make(chan struct{})
	go func() {
		if c, err := l.Accept(); err == nil {
			c.Close()
			close(came)
		}
	}()
	h.must(t, one, "cd /var/lib/tamachi-signals/display && rm rfb && ln -s "+path+" rfb")
	if c, err := h.DialDisplay(t.Context(), one); err == nil {
		c.Close()
		t.Error("dial a link: want an error, got a stream")
	}
	h.must(t, one, "cd /var/lib/tamachi-signals && mv display old && ln -s "+filepath.Dir(path)+" display && touch ready")
	if c, err := h.DialDisplay(t.Context(), one); err == nil {
		c.Close()
		t.Error("dial through a link: want an error, got a stream")
	}
	if d, err := h.Inspect(t.Context(), one); err != nil || d.State != desktops.Sick {
		t.Errorf("inspect: want it SICK, got %+v, %v", d, err)
	}
	select {
	case <-came:
		t.Error("the host's socket was dialled")
	default:
	}
	h.must(t, one, "cd /var/lib/tamachi-signals && rm -f ready && mkdir -p ready/in/the/way")
	if d, err := h.Start(t.Context(), one); err != nil || d.State != desktops.Running {
		t.Errorf("start: want it RUNNING whatever it left there, got %+v, %v", d, err)
	}
}

func TestALinkInTheRootVolumeLeadsNoMountAstray(t *testing.T) {
	h := openWith(t, "dir") // where the test can get at a root volume from behind
	h.create(t, one)
	if out, err := h.run(t, one, "umount /var/lib/tamachi-agent"); err == nil {
		t.Errorf("a desktop takes away one of its mounts: %s", out)
	}
	h.must(t, one, "touch /var/lib/x") // so that the folder is in the desktop's own layer
	if err := h.Stop(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	// What a desktop might leave if it ever found a way.
	upper := filepath.Join(h.options.Dir, "desktops", one, "root", "upper", "var", "lib", "tamachi-agent")
	if err := os.Symlink("/etc", upper); err != nil {
		t.Fatal(err)
	}
	_, err := h.Start(t.Context(), one)
	if err == nil || !strings.Contains(err.Error(), "rebuild the desktop") {
		t.Errorf("start with a bent mount point: want an error that says what to do, got %v", err)
	}
	if d, err := h.Inspect(t.Context(), one); err != nil || d.State != desktops.Stopped {
		t.Errorf("inspect: want it STOPPED, got %+v, %v", d, err)
	}
	if d, err := h.Rebuild(t.Context(), one, ""); err != nil || d.State != desktops.Running {
		t.Errorf("rebuild: want it RUNNING, got %+v, %v", d, err)
	}
}

func TestADeepAndStubbornVolumeIsDestroyed(t *testing.T) {
	h := open(t)
	h.create(t, one)
	h.must(t, one, `cd /home && for i in $(seq 400); do mkdir d && cd d || exit 1; done; touch leaf; ln -s /etc/passwd link; mkfifo pipe
		mkdir /home/closed && touch /home/closed/x && chmod 000 /home/closed`)
	if err := h.Destroy(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"desktops", "trash"} {
		if left, err := os.ReadDir(filepath.Join(h.options.Dir, folder)); err != nil || len(left) != 0 {
			t.Errorf("want %s empty, got %v, %v", folder, left, err)
		}
	}
}

func TestADesktopThatFillsItsSignalsFolderIsStillWatched(t *testing.T) {
	h := open(t)
	h.create(t, one)
	h.must(t, one, "cd /var/lib/tamachi-signals && for i in $(seq 2000); do : > f$i; done; rm -f f*")
	if d, err := h.Inspect(t.Context(), one); err != nil || d.State != desktops.Running {
		t.Errorf("inspect: want it RUNNING, got %+v, %v", d, err)
	}
	h.kill(t, h.processes(t, one)["Xvnc"][0])
	events, done := make(chan desktops.Event, 1), make(chan error, 1)
	go func() { done <- h.Watch(t.Context(), events) }()
	select {
	case e := <-events:
		if e.ID != one || e.State != desktops.Sick {
			t.Errorf("want %s SICK, got %+v", one, e)
		}
	case <-time.After(30 * time.Second):
		t.Error("want an event, got none")
	}
}
