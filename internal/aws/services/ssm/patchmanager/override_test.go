package patchmanager

import (
	"strings"
	"testing"
)

func TestInstallOverrideLists(t *testing.T) {
	list, err := readWanted("patches:\n    -\n        id: 'kernel.x86_64'\n    -\n        id: 'bind*.x86_64'\n        title: '32:9.8.2-*'\n    -\n        id: 'vim'\n        title: '*'\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		p    patch
		want bool
	}{
		{"a name with its architecture", patch{Name: "kernel", Arch: "x86_64", Version: "5"}, true},
		{"of another architecture", patch{Name: "kernel", Arch: "i686", Version: "5"}, false},
		{"a pattern and a version", patch{Name: "bind-utils", Arch: "x86_64", Version: "32:9.8.2-1"}, true},
		{"another version", patch{Name: "bind-utils", Arch: "x86_64", Version: "32:9.9.0-1"}, false},
		{"a name of any version", patch{Name: "vim", Arch: "x86_64", Version: "2:9"}, true},
	} {
		if got := row.p.on(list); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
	for _, text := range []string{"[", "patches: []", "patches: [{title: x}]", "other: 1"} {
		if _, err := readWanted(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestBaselineOverrides(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                             "is no JSON list",
		`[]`:                             "is no JSON list",
		`[{"OperatingSystem":"UBUNTU"}]`: "has no baseline for DEBIAN",
		`[{"OperatingSystem":"DEBIAN","Sources":[{"Name":"x"}]}]`:                                               "needs Name, Products and Configuration",
		`[{"OperatingSystem":"DEBIAN","ApprovalRules":{"PatchRules":[{}]}}]`:                                    "needs a PatchFilterGroup",
		`[{"OperatingSystem":"DEBIAN","RejectedPatchesAction":"IGNORE"}]`:                                       "RejectedPatchesAction",
		`[{"OperatingSystem":"DEBIAN","GlobalFilters":{"PatchFilters":[{"Key":"SEVERITY","Values":["Low"]}]}}]`: "isn't valid for DEBIAN",
		`[{"OperatingSystem":"DEBIAN","ApprovedPatches":["vim"]}]`:                                              "",
	} {
		all, err := readOverrides(text)
		var b *baseline
		if err == nil {
			b, err = overriding(all, debian)
		}
		switch {
		case want == "" && (err != nil || b.Approved[0] != "vim" || !strings.HasPrefix(b.ID, "pb-override-")):
			t.Errorf("%s: got %+v, %v", text, b, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	for _, text := range []string{"env", "Key=,Values=a", "Key=a,Values=", "Key=a"} {
		if _, _, err := readBaselineTags(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// FuzzOverrides: no text of a node brings the readers to panic.
func FuzzOverrides(f *testing.F) {
	f.Add(`[{"OperatingSystem":"DEBIAN","ApprovalRules":{"PatchRules":[{"PatchFilterGroup":{"PatchFilters":[{}]}}]}}]`, "patches: [{id: a}]", "Key=a,Values=b")
	f.Fuzz(func(_ *testing.T, override, list, tags string) {
		if all, err := readOverrides(override); err == nil {
			if b, err := overriding(all, debian); err == nil {
				b.judge(&patch{Name: "a"}, morning)
			}
		}
		if only, err := readWanted(list); err == nil {
			(&patch{Name: "a"}).on(only)
		}
		_, _, _ = readBaselineTags(tags)
	})
}
