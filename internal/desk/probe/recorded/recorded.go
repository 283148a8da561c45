// Package recorded hands tests what packs wrote on Windows: the files of testdata, and
// those of a folder in which somebody who has a Windows machine recorded more.
// CONTRIBUTING.md, "Windows".
package recorded

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tamachi/internal/desk/probe"
)

// Folder is the variable that names the folder of somebody's own recordings.
const Folder = "TAMACHI_WINDOWS"

// section is what a pack writes before each of its sections.
var section = regexp.MustCompile(`'@@([a-z0-9-]+)'`)

// Each runs check on each recording of a pack: a file whose name begins with that of
// the pack and "-windows". It fails where a recording lacks a section, where there is
// no recording, and where the pack's script has something that does not end. Own is the folder of somebody's own, "" is none: there it writes the
// script to record.
func Each(t *testing.T, own string, p probe.Pack, check func(*testing.T, probe.Sections)) {
	t.Helper()
	script := probe.PowerShell(p.PowerShell)
	if err := whole(script); err != nil {
		t.Errorf("the script: %v", err)
	}
	folders := []string{"testdata"}
	if own != "" {
		// A file needs a byte order mark for Windows PowerShell to read it as UTF-8.
		if err := os.WriteFile(filepath.Join(own, p.Name+".ps1"), []byte("\ufeff"+script), 0o600); err != nil {
			t.Fatal(err)
		}
		folders = append(folders, own)
	}
	found := 0
	for _, dir := range folders {
		names, err := filepath.Glob(filepath.Join(dir, p.Name+"-windows*.txt"))
		if err != nil {
			t.Fatal(err)
		}
		found += len(names)
		for _, name := range names {
			t.Run(filepath.Base(name), func(t *testing.T) {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				s := probe.Parse(string(b))
				for _, m := range section.FindAllStringSubmatch(p.PowerShell, -1) {
					if _, there := s[m[1]]; !there {
						t.Errorf("want the section %s", m[1])
					}
				}
				check(t, s)
			})
		}
	}
	if found == 0 {
		t.Errorf("want a recording %s-windows*.txt in %s", p.Name, strings.Join(folders, " or "))
	}
}

// All fails where not every line of a section was understood.
func All(t *testing.T, s probe.Sections, name string, understood int) {
	t.Helper()
	if n := len(s[name]); n != understood {
		t.Errorf("%s: want all %d lines understood, got %d of\n%s", name, n, understood, strings.Join(s[name], "\n"))
	}
}
