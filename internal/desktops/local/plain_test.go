package local_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/setup"
	"tamachi/internal/id"
)

func plainSubject(t *testing.T) desktopstest.Subject {
	exe, err := program()
	if err != nil {
		t.Fatal(err)
	}
	o := local.Options{Base: setup.Base{Dir: t.TempDir(), Exe: exe, PlanePort: 4566, Clock: clock.Real{}, IDs: id.Random()}}
	p, err := local.OpenPlain(t.Context(), o)
	if _, missing := os.Stat("/usr/bin/Xvnc"); missing != nil {
		if !errors.Is(err, local.ErrNoNamespaces) || !strings.Contains(err.Error(), "apt-get install tigervnc-standalone-server") {
			t.Errorf("without Xvnc: want an error that says what to install, got %v", err)
		}
		t.Fatal("Xvnc is not installed: plain desktops cannot be tested; run: apt-get install tigervnc-standalone-server openbox xterm")
	}
	if err != nil {
		t.Fatal(err)
	}
	if a := p.About(); a.Isolated || a.Note == "" || p.PlaneAddr().IsValid() {
		t.Errorf("want a provider that says it isolates nothing, got %+v", a)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := p.Purge(ctx); err != nil {
			t.Errorf("purge: %v", err)
		}
	})
	place := func(id string, v desktopstest.Volume, name string) string {
		list, err := filepath.Glob("/var/lib/tamachi/*/desktops/" + id)
		if err != nil || len(list) != 1 {
			t.Fatalf("want one folder of %s, got %v, %v", id, list, err)
		}
		return filepath.Join(list[0], map[desktopstest.Volume]string{desktopstest.Root: "root/upper", desktopstest.User: "user"}[v], name)
	}
	return desktopstest.Subject{
		Provider: p,
		Reopen: func(t *testing.T) desktops.Provider {
			again, err := local.OpenPlain(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			p = again
			return again
		},
		Reboot: func(t *testing.T) desktops.Provider {
			h := &house{Provider: p}
			h.killAll(t)
			again, err := local.OpenPlain(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			p = again
			return again
		},
		KillDisplay: func(t *testing.T, id string) { killBelow(t, p, id, "Xvnc") },
		KillAll:     func(t *testing.T, id string) { killBelow(t, p, id, "") },
		Write: func(t *testing.T, id string, v desktopstest.Volume, name, content string) {
			if err := os.WriteFile(place(id, v, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		Read: func(_ *testing.T, id string, v desktopstest.Volume, name string) (string, bool) {
			text, err := os.ReadFile(place(id, v, name))
			return string(text), err == nil
		},
		Patience: 2 * time.Minute,
	}
}

// killBelow kills the child of that name of the desktop's first process, or
// the first process itself.
func killBelow(t *testing.T, p *local.Provider, id, name string) {
	t.Helper()
	d, err := p.Inspect(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Provider: p}
	if name == "" {
		h.kill(t, d.PID)
		return
	}
	for pid, comm := range children(t, d.PID) {
		if comm == name {
			h.kill(t, pid)
			return
		}
	}
	t.Fatalf("want a process %s below %d", name, d.PID)
}

func TestPlainDesktopsPassTheSuite(t *testing.T) { desktopstest.Run(t, plainSubject) }

func TestPlainDesktopsAreOfUsersOfTheirOwn(t *testing.T) {
	s := plainSubject(t)
	users := map[string]string{}
	for _, id := range []string{one, two} {
		d, err := s.Provider.Create(t.Context(), s.Spec(id))
		if err != nil {
			t.Fatal(err)
		}
		for pid := range children(t, d.PID) {
			uid := userOf(t, pid)
			if other, ok := users[uid]; uid == "0" || ok && other != id {
				t.Errorf("a process of %s: want a user of its own, got %s (of %s)", id, uid, other)
			}
			users[uid] = id
			// Its end is the end of all that is of this user, which must be no
			// process of an isolated desktop: not its root, system or user.
			if n, err := strconv.Atoi(uid); err != nil || n < 1_000_000 || (n-1_000_000)%65_536 <= 1000 {
				t.Errorf("a process of %s: user %s may be one of an isolated desktop", id, uid)
			}
		}
	}
	if len(users) != 2 {
		t.Errorf("want two users, got %v", users)
	}
}
