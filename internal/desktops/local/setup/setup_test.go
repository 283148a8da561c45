package setup

import (
	"path/filepath"
	"strings"
	"testing"

	"tamachi/internal/clock"
	"tamachi/internal/desktops/local/image"
	"tamachi/internal/id"
)

func given() Base { return Base{Dir: "state", PlanePort: 4566, Clock: clock.Real{}, IDs: id.Random()} }

func TestWhatIsNotSaidIsFilledIn(t *testing.T) {
	b, err := given().Complete("desktops")
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(b.Dir) || b.CacheDir != image.DefaultDir || b.Exe == "" || b.Logger == nil {
		t.Errorf("folder %q, cache %q, program %q, logger %v", b.Dir, b.CacheDir, b.Exe, b.Logger)
	}
	if len(b.Images) != 1 || b.Images[0] != "office" || len(b.Agent) == 0 {
		t.Errorf("images %q, agent %q", b.Images, b.Agent)
	}
}

func TestNoAgentIsNoAgent(t *testing.T) {
	b := given()
	b.Agent = []string{}
	if b, err := b.Complete("desktops"); err != nil || len(b.Agent) != 0 {
		t.Errorf("got %q, %v", b.Agent, err)
	}
}

func TestWhatMustBeGiven(t *testing.T) {
	for name, bend := range map[string]func(*Base){
		"folder": func(b *Base) { b.Dir = "" },
		"clock":  func(b *Base) { b.Clock = nil },
		"ids":    func(b *Base) { b.IDs = nil },
		"port":   func(b *Base) { b.PlanePort = 0 },
		"ports":  func(b *Base) { b.PlanePort = 65536 },
	} {
		b := given()
		bend(&b)
		if _, err := b.Complete("such desktops"); err == nil || !strings.HasPrefix(err.Error(), "such desktops: ") {
			t.Errorf("without a good %s: got %v, want an error of the provider", name, err)
		}
	}
}
