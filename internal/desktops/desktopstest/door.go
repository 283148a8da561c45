package desktopstest

import (
	"bufio"
	"errors"
	"net"
	"slices"
	"testing"
	"time"

	"tamachi/internal/desktops"
)

// dresses wants a guise told as worn by a desktop that starts, or a provider
// that says that it cannot.
func dresses(t *testing.T, s Subject) {
	s.create(t, one)
	d, ok := s.Provider.(desktops.Dresser)
	if !s.Provider.About().Can(desktops.Guises) {
		if !ok {
			return
		}
		if err := d.Dress(s.context(t), one, desktops.Guise{}); !errors.Is(err, desktops.ErrLacking) {
			t.Errorf("dress: want ErrLacking of a provider that lacks it, got %v", err)
		}
		return
	}
	if err := s.Provider.Stop(s.context(t), one); err != nil {
		t.Fatalf("stop: %v", err)
	}
	if err := d.Dress(s.context(t), one, desktops.Guise{Groups: []string{"Sales"}}); err != nil {
		t.Fatalf("dress: %v", err)
	}
	if now, err := s.Provider.Start(s.context(t), one); err != nil || now.State != desktops.Running {
		t.Fatalf("start: want it RUNNING, got %+v, %v", now, err)
	}
	if w, err := d.Worn(s.context(t), one); err != nil || !slices.Equal(w.Groups, []string{"Sales"}) {
		t.Errorf("worn: want the group Sales, got %+v, %v", w, err)
	}
	if err := d.Dress(s.context(t), two, desktops.Guise{}); !errors.Is(err, desktops.ErrNotFound) {
		t.Errorf("an unknown id: want ErrNotFound, got %v", err)
	}
}

// opensDoors wants a printer that listens to whoever takes documents, and a
// speaker and a microphone that are not said to be missing; or a provider that says so.
func opensDoors(t *testing.T, s Subject) {
	s.create(t, one)
	d, ok := s.Provider.(desktops.Doors)
	for door, c := range map[desktops.Door]desktops.Capability{desktops.Speaker: desktops.Sounds, desktops.Microphone: desktops.Sounds, desktops.Printer: desktops.Prints, "window": ""} {
		if !ok {
			if c != "" && s.Provider.About().Can(c) {
				t.Errorf("a provider without doors: want it to lack %s", c)
			}
			continue
		}
		conn, err := d.DialDoor(s.context(t), one, door)
		switch {
		case c == "" || !s.Provider.About().Can(c):
			if !errors.Is(err, desktops.ErrLacking) {
				t.Errorf("the door %s: want ErrLacking, got %v", door, err)
			}
		case errors.Is(err, desktops.ErrLacking):
			t.Errorf("the door %s: want it not to be said missing, got %v", door, err)
		case door != desktops.Speaker && err != nil: // that is there while something plays
			t.Errorf("the door %s: %v", door, err)
		case door == desktops.Printer:
			awaitsPapers(t, conn)
		}
		if err == nil {
			conn.Close()
		}
	}
}

// awaitsPapers wants a printer that keeps the line open once it was told that
// documents are taken.
func awaitsPapers(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := desktops.WriteLine(conn, desktops.PaperWord{}); err != nil {
		t.Errorf("tell the printer: %v", err)
		return
	}
	_ = conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if b, err := bufio.NewReader(conn).ReadByte(); err == nil {
		t.Errorf("a printer at which nobody prints: want silence, got %q", b)
	} else if n, ok := errors.AsType[net.Error](err); !ok || !n.Timeout() {
		t.Errorf("a printer at which nobody prints: want it to keep the line open, got %v", err)
	}
}
