package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
)

// What a capture makes of a desktop that did its worst: the layer must lead
// nowhere out of it, and hold nothing of the person.
func TestACaptureOfAHostileDesktopStaysInItsFolder(t *testing.T) {
	h := open(t)
	h.create(t, one)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("fujita.kouhei:x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.must(t, one, `cp /bin/sh /opt/sh && chmod 4755 /opt/sh
		rm /etc/hosts /etc/group- ; ln -s `+secret+` /etc/hosts; ln -s `+secret+` /etc/group-
		mkfifo /opt/pipe; ln -s / /opt/everything; echo mark > /var/log/tamachi/mark`)
	const image = "wsi-cccccccc3"
	if err := h.Capture(t.Context(), one, image); err != nil {
		t.Fatalf("capture: %v", err)
	}
	if text, err := os.ReadFile(secret); err != nil || string(text) != "fujita.kouhei:x\n" {
		t.Errorf("want the host's file untouched, got %q, %v", text, err)
	}
	if st, err := os.Stat(filepath.Join(h.options.Dir, "images")); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("want the images closed to all but root, got %v, %v", st.Mode(), err)
	}
	layer := filepath.Join(h.options.Dir, "images", image, "layer")
	for _, path := range []string{"etc/hosts", "etc/machine-id", "etc/group-", "var/log/tamachi"} {
		if _, err := os.Lstat(filepath.Join(layer, path)); !os.IsNotExist(err) {
			t.Errorf("want no %s in the layer, got %v", path, err)
		}
	}
	for _, path := range []string{"etc/passwd", "etc/group", "etc/shadow"} {
		text, err := os.ReadFile(filepath.Join(layer, path))
		if err != nil || strings.Contains(string(text), "fujita.kouhei") {
			t.Errorf("want no account of the person in %s, got %v:\n%s", path, err, text)
		}
	}
	another := spec(two)
	another.Image, another.UserName = image, "takeda.hanako"
	if d, err := h.Create(t.Context(), another); err != nil || d.State != desktops.Running {
		t.Fatalf("create of the image: %+v, %v", d, err)
	}
	if got := h.must(t, two, `id -un 1000; stat -c %U:%a /opt/sh; cat /etc/hostname`); got != "takeda.hanako\nroot:4755\nPC-bbbbb2\n" {
		t.Errorf("want another person's desktop with the image's files, got %q", got)
	}
	if err := h.Destroy(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	if err := h.Discard(t.Context(), image); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Join(h.options.Dir, "images")); err != nil || len(left) != 0 {
		t.Errorf("want a discarded image gone when nobody stands on it, got %v, %v", left, err)
	}
}

// A plane that dies in the middle of a copy must not leave a desktop frozen.
func TestADesktopThatWasLeftFrozenGoesOn(t *testing.T) {
	h := open(t)
	d := h.create(t, one)
	freeze := filepath.Join("/sys/fs/cgroup/unified", d.Cgroup, "cgroup.freeze")
	if err := os.WriteFile(freeze, []byte("1"), 0); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(h.options.Dir, "desktops", one, ".kept", "root"), 0o700); err != nil {
		t.Fatal(err)
	}
	h.reopen(t)
	if got, err := h.Inspect(t.Context(), one); err != nil || got.State != desktops.Running {
		t.Fatalf("want it running again, got %+v, %v", got, err)
	}
	if got, err := h.Keep(t.Context(), one); err != nil || got.KeptAt.IsZero() {
		t.Fatalf("want a copy made over the rest of the other, got %+v, %v", got, err)
	}
}

// The limits of a resize are the kernel's, at once.
func TestAResizeIsFelt(t *testing.T) {
	h := open(t)
	h.create(t, one)
	const half = `dd if=/dev/zero of=/dev/null bs=1M count=1 2>&1 | tail -1 >/dev/null; head -c 300m /dev/zero | tail -c 300m | wc -c`
	if _, err := h.Resize(t.Context(), one, desktops.Size{MemoryMiB: 200}); err != nil {
		t.Fatalf("resize: %v", err)
	}
	if out, err := h.run(t, one, half); err == nil && strings.TrimSpace(out) == "314572800" {
		t.Errorf("want 300 MiB refused with a limit of 200, got %q", out)
	}
	if _, err := h.Resize(t.Context(), one, desktops.Size{MemoryMiB: 1024}); err != nil {
		t.Fatalf("resize: %v", err)
	}
	if out := h.must(t, one, half); strings.TrimSpace(out) != "314572800" {
		t.Errorf("want 300 MiB had with a limit of 1024, got %q", out)
	}
	if u, err := h.Usage(t.Context(), one); err != nil || u.CPU <= 0 || u.MemoryBytes <= 0 || u.OutOfMemory == 0 {
		t.Errorf("want processor time, memory and an end for want of memory, got %+v, %v", u, err)
	}
}

// What one desktop left behind may be in use a while longer. It is in the trash,
// and others are made meanwhile.
func TestATrashThatCannotBeEmptiedKeepsNoDesktopAway(t *testing.T) {
	h := open(t)
	left := filepath.Join(h.options.Dir, "trash", "ws-0000000000.0", "mount")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", left, "tmpfs", 0, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(left, 0); err != nil {
			t.Error(err)
		}
	})
	h.create(t, one)
	if _, err := h.Keep(t.Context(), one); err != nil {
		t.Errorf("want a copy, got %v", err)
	}
}
