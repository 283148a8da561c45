package image_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tamachi/internal/desktops/local/image"
)

// packageName is the form of a package's name (Debian Policy Manual, section
// 5.6.7).
var packageName = regexp.MustCompile(`^[a-z0-9][a-z0-9+.-]+$`)

// TestRecipesAreWellFormed looks at what the builder and the programs in the
// image will read.
func TestRecipesAreWellFormed(t *testing.T) {
	for _, variant := range image.Variants() {
		r, err := image.Of(variant, "")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(r.Packages) || len(slices.Compact(slices.Clone(r.Packages))) != len(r.Packages) {
			t.Errorf("%s: want packages in order and none twice, got %v", variant, r.Packages)
		}
		for _, p := range r.Packages {
			if !packageName.MatchString(p) {
				t.Errorf("%s: %q is no package's name", variant, p)
			}
		}
		for _, a := range r.Answers {
			if len(strings.Fields(a)) < 4 || strings.ContainsAny(a, "'\\%\n") {
				t.Errorf("%s: %q is no answer that a shell can hand on", variant, a)
			}
		}
		seen := map[string]bool{}
		for _, f := range r.Files {
			if seen[f.Path] || !strings.HasPrefix(f.Path, "/") {
				t.Errorf("%s: file %q is there twice, or nowhere", variant, f.Path)
			}
			seen[f.Path] = true
			if err := parses(f); err != nil {
				t.Errorf("%s: %s: %v", variant, f.Path, err)
			}
		}
	}
}

// parses reads a file as the program does that it is for.
func parses(f image.File) error {
	switch {
	case strings.HasSuffix(f.Path, ".xml"):
		d := xml.NewDecoder(strings.NewReader(f.Text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	case strings.HasSuffix(f.Path, ".json"):
		return json.Unmarshal([]byte(f.Text), new(any))
	case strings.HasPrefix(f.Text, "#!") && f.Mode&0o111 == 0:
		return errors.New("a program that nobody may run")
	}
	return nil
}
