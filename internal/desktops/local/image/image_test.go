package image_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/image"
)

// Main is the builder process when this test program is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "desktop-init" && os.Args[2] == "image" {
		if err := image.Main(os.Stdin); err != nil {
			_, _ = os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func store(t *testing.T) image.Store {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("this test builds images and needs root; run it with sudo")
	}
	return image.Store{Dir: t.TempDir(), Mirror: "http://127.0.0.1:9/debian"} // nobody listens on discard
}

func TestAFailedBuildSaysWhyAndLeavesOnlyItsLog(t *testing.T) {
	s := store(t)
	devices := listing(t, "/dev")
	var steps []string
	name, err := s.Ensure(t.Context(), "small", func(p desktops.Progress) { steps = append(steps, p.Step) })
	if err == nil {
		t.Fatalf("want an error, got image %s", name)
	}
	log := filepath.Join(s.Dir, name+".log")
	if !strings.Contains(err.Error(), log) || !strings.Contains(err.Error(), "E: ") {
		t.Errorf("want an error with the builder's last words and the path of its log %s, got %v", log, err)
	}
	if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), "127.0.0.1") {
		t.Errorf("want a log that names the mirror, got %q, %v", text, err)
	}
	if len(steps) == 0 || !strings.Contains(steps[0], "reading package lists") {
		t.Errorf("want the steps so far told, got %v", steps)
	}
	left, err := os.ReadDir(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if e.IsDir() && e.Name() != ".trash-"+name {
			t.Errorf("want no folder left, got %s", e.Name())
		}
	}
	if got := listing(t, "/dev"); got != devices {
		t.Errorf("the host's devices: want\n%s, got\n%s", devices, got)
	}
	if _, err := s.Path(name); !errors.Is(err, desktops.ErrNoImage) {
		t.Errorf("path of an image that failed: want ErrNoImage, got %v", err)
	}
}

// listing is a folder's names, owners and modes.
func listing(t *testing.T, dir string) string {
	t.Helper()
	out, err := exec.Command("find", dir, "-maxdepth", "1", "-printf", "%p %U:%G %m\n").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestABuildThatIsCutShortIsNoImage(t *testing.T) {
	s := store(t)
	ctx, cancel := context.WithCancel(t.Context())
	name, err := s.Ensure(ctx, "small", func(desktops.Progress) { cancel() })
	if err == nil {
		t.Fatal("want an error, got none")
	}
	if _, err := s.Path(name); !errors.Is(err, desktops.ErrNoImage) {
		t.Errorf("want ErrNoImage, got %v", err)
	}
}

func TestTwoBuildersWaitForOneAnother(t *testing.T) {
	s := store(t)
	var mu sync.Mutex
	at, most := 0, 0
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			inside := false
			_, err := s.Ensure(t.Context(), "small", func(desktops.Progress) {
				mu.Lock()
				defer mu.Unlock()
				if !inside {
					inside = true
					at++
					most = max(most, at)
				}
			})
			mu.Lock()
			defer mu.Unlock()
			if inside {
				at--
			}
			if err == nil || strings.Contains(err.Error(), "file exists") {
				t.Errorf("want both builds to fail for want of a mirror, got %v", err)
			}
		})
	}
	all.Wait()
	if most != 1 {
		t.Errorf("want one builder at a time, got %d", most)
	}
}

func TestUnknownVariantsAndNamesAreRefused(t *testing.T) {
	s := image.Store{Dir: t.TempDir()}
	if _, err := s.Ensure(t.Context(), "windows", nil); !errors.Is(err, desktops.ErrNoImage) || !strings.Contains(err.Error(), "office and small") {
		t.Errorf("unknown variant: want ErrNoImage that names the variants, got %v", err)
	}
	for _, name := range []string{"", ".", "..", "../etc", "a/b", ".build-small"} {
		if path, err := s.Path(name); !errors.Is(err, desktops.ErrNoImage) {
			t.Errorf("path of %q: want ErrNoImage, got %s, %v", name, path, err)
		}
	}
}

func TestARecipeDecidesTheName(t *testing.T) {
	names := map[string]string{}
	for _, variant := range image.Variants() {
		for _, mirror := range []string{"", "http://mirror.example/debian"} {
			r, err := image.Of(variant, mirror)
			if err != nil {
				t.Fatal(err)
			}
			if other, ok := names[r.Name()]; ok {
				t.Errorf("%s from %q has the name of %s", variant, mirror, other)
			}
			names[r.Name()] = variant
			again, _ := image.Of(variant, mirror)
			if again.Name() != r.Name() || !strings.HasPrefix(r.Name(), variant+"-") {
				t.Errorf("want a stable name that begins with %s, got %s and %s", variant, r.Name(), again.Name())
			}
		}
	}
}
