package agent

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPackagesOfDpkg(t *testing.T) {
	text := "ii \tbash\t2:5.2-1+b1\tamd64\tshells\tDebian <d@example.com>\thttp://bash\tThe shell\n" +
		"rc \tgone\t1.0\tall\tmisc\tx\t\tremoved, with its files of settings\n" +
		"ii \tplain\t1.0\tall\tmisc\tx\t\tno epoch, no revision\n"
	got := readDpkg(text, func(name, arch string) string { return name + "/" + arch })
	want := []map[string]string{
		{
			"Name": "bash", "Epoch": "2", "Version": "5.2", "Release": "1+b1", "Architecture": "x86_64", "ApplicationType": "shells", "Publisher": "Debian <d@example.com>",
			"URL": "http://bash", "Summary": "The shell", "InstalledTime": "bash/amd64", "PackageId": "bash_2:5.2-1+b1_amd64.deb",
		},
		{
			"Name": "plain", "Version": "1.0", "Architecture": "all", "ApplicationType": "misc", "Publisher": "x", "Summary": "no epoch, no revision",
			"InstalledTime": "plain/all", "PackageId": "plain_1.0_all.deb",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPackagesOfRPM(t *testing.T) {
	got := readRPM("bash\t0\t5.1\t2.el9\tx86_64\tShells\t(none)\thttp://bash\t1700000000\tThe shell\nspoiled line\n")
	want := []map[string]string{{
		"Name": "bash", "Epoch": "0", "Version": "5.1", "Release": "2.el9", "Architecture": "x86_64", "ApplicationType": "Shells",
		"URL": "http://bash", "InstalledTime": "2023-11-14T22:13:20Z", "Summary": "The shell", "PackageId": "bash-5.1-2.el9.x86_64.rpm",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestProcessorsOfANode(t *testing.T) {
	cpu := func(n, core string) string {
		return "processor\t: " + n + "\nmodel name\t: Fast\ncpu MHz\t: 2400.50\nphysical id\t: 0\ncore id\t: " + core + "\n\n"
	}
	got := readCPU(cpu("0", "0") + cpu("1", "0") + cpu("2", "1") + cpu("3", "1"))
	want := map[string]string{"CPUModel": "Fast", "CPUSpeedMHz": "2400", "CPUs": "4", "CPUCores": "2", "CPUSockets": "1", "CPUHyperThreadEnabled": "true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestUnitsOfSystemd(t *testing.T) {
	got := readUnits("ssh.service loaded active running OpenBSD Secure Shell server\ncut off\n")
	want := []map[string]string{{"Name": "ssh", "DisplayName": "OpenBSD Secure Shell server", "Status": "running", "ServiceType": "systemd"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCustomTypes(t *testing.T) {
	for _, row := range []struct {
		name, text string
		entries    int
		why        string
	}{
		{"one entry", `{"SchemaVersion":"1.0","TypeName":"Custom:Rack","Content":{"Row":"4"}}`, 1, ""},
		{"a list of entries", `{"SchemaVersion":"1.0","TypeName":"Custom:Rack","Content":[{"Row":"4"},{"Row":"5"}]}`, 2, ""},
		{"a type that is not custom", `{"SchemaVersion":"1.0","TypeName":"AWS:Rack","Content":{}}`, 0, "Custom:"},
		{"no version", `{"TypeName":"Custom:Rack","Content":{}}`, 0, "SchemaVersion"},
		{"a number for an entry", `{"SchemaVersion":"1.0","TypeName":"Custom:Rack","Content":4}`, 0, "neither"},
		{"no JSON", `Row: 4`, 0, "invalid"},
	} {
		i, err := readCustom([]byte(row.text), time.Unix(0, 0))
		if len(i.whole) != row.entries || (err != nil) != (row.why != "") || err != nil && !strings.Contains(err.Error(), row.why) {
			t.Errorf("%s: got %v, %v", row.name, i.whole, err)
		}
	}
}

// TestHashesFollowTheContent keeps the order of a tool's output out of it.
func TestHashesFollowTheContent(t *testing.T) {
	a, b := map[string]string{"Name": "a"}, map[string]string{"Name": "b"}
	now := time.Unix(0, 0)
	x := newItem("AWS:Application", "1.1", now, []map[string]string{a, b})
	y := newItem("AWS:Application", "1.1", now.Add(time.Hour), []map[string]string{b, a})
	z := newItem("AWS:Application", "1.1", now, []map[string]string{a})
	if x.ContentHash != y.ContentHash || x.ContentHash == z.ContentHash {
		t.Errorf("got %s, %s, %s", x.ContentHash, y.ContentHash, z.ContentHash)
	}
}

func FuzzInventory(f *testing.F) {
	f.Add([]byte(`{"SchemaVersion":"1.0","TypeName":"Custom:Rack","Content":{"Row":"4"}}`), "ii \tbash\t5.2-1\tamd64\ts\tm\th\tt\n")
	f.Fuzz(func(t *testing.T, custom []byte, lines string) {
		if i, err := readCustom(custom, time.Unix(0, 0)); err == nil && !strings.HasPrefix(i.TypeName, "Custom:") {
			t.Errorf("took %q", i.TypeName)
		}
		for _, e := range append(append(readDpkg(lines, func(string, string) string { return "" }), readRPM(lines)...), readUnits(lines)...) {
			for k, v := range e {
				if v == "" {
					t.Errorf("%s is empty", k)
				}
			}
		}
		readCPU(lines)
	})
}
