package inside

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const systemGroups = "root:x:0:\nshadow:x:42:\nsudo:x:27:\nhanako:x:1000:\n"

// TestGroupsOfTheDirectoryAreNeverTheSystems: whatever they are called, and also
// when others come and go.
func TestGroupsOfTheDirectoryAreNeverTheSystems(t *testing.T) {
	path := filepath.Join(t.TempDir(), "group")
	if err := os.WriteFile(path, []byte(systemGroups), 0o644); err != nil {
		t.Fatal(err)
	}
	put := func(groups ...string) ([]uint32, string) {
		t.Helper()
		gids, err := enlist(path, "hanako", groups)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return gids, strings.TrimPrefix(string(text), systemGroups)
	}
	first, lines := put("Sales Team", "SUDO", "Root", "営業部", "a:x:0:hanako\nb", "")
	for _, want := range []string{"Sales_Team:x:", "directory-SUDO:x:", "directory-Root:x:", "営業部:x:", "a_x_0_hanako_b:x:"} {
		if !strings.Contains("\n"+lines, "\n"+want) {
			t.Errorf("want a line of %s, got %q", want, lines)
		}
	}
	if len(first) != 5 || strings.Count(lines, "\n") != 5 || strings.Count(lines, ":hanako\n") != 5 {
		t.Errorf("want five groups, got %v: %q", first, lines)
	}
	for _, gid := range first {
		if gid < firstGroup || gid >= firstGroup+manyGroups {
			t.Errorf("want numbers of the directory's range, got %d", gid)
		}
	}
	second, lines := put("営業部")
	if len(second) != 1 || second[0] != first[3] || strings.Count(lines, "\n") != 1 {
		t.Errorf("one is left: want its number kept, got %v of %v: %q", second, first, lines)
	}
	if _, lines := put(); lines != "" {
		t.Errorf("none is left: got %q", lines)
	}
}

func FuzzGroupNames(f *testing.F) {
	f.Add("Sales", "sudo")
	f.Add("a:b\n", "\x00\u2028")
	f.Fuzz(func(t *testing.T, one, other string) {
		path := filepath.Join(t.TempDir(), "group")
		if err := os.WriteFile(path, []byte(systemGroups), 0o644); err != nil {
			t.Fatal(err)
		}
		gids, err := enlist(path, "hanako", []string{one, other})
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if !strings.HasPrefix(string(text), systemGroups) || len(lines) != 4+len(gids) || slices.ContainsFunc(lines, func(l string) bool { return strings.Count(l, ":") != 3 }) {
			t.Errorf("want whole lines behind those of the system, got %q", text)
		}
	})
}
