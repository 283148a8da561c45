package image

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

var noon = time.Unix(1795521600, 0).UTC()

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

func TestVersions(t *testing.T) {
	for _, row := range []struct {
		have, want    string
		enough, known bool
	}{
		{"120.0.6099.71", "120", true, true},
		{"119.0.6045.199", "120", false, true},
		{"9.0", "10.0", false, true},
		{"1:2.39.5-0+deb12u2", "2.39.5", true, true},
		{"140.3.0esr-1~deb12u1", "140.3.1", false, true},
		{"1.2", "1.2.0", true, true},
		{"v1.80.1", "1.80", true, true},
		{"", "1", false, false},
		{"latest", "1", false, false},
		{"99999999999999999999999", "1", false, false},
	} {
		if enough, known := reaches(row.have, row.want); enough != row.enough || known != row.known {
			t.Errorf("%q against %q: want %t %t, got %t %t", row.have, row.want, row.enough, row.known, enough, known)
		}
	}
}

// master is a node that has all that the list of these tests asks for.
func master() (Facts, settings.Acceptance) {
	f := Facts{
		At: noon, Image: "wsi-0123456789", State: "AVAILABLE", Made: noon.Add(-time.Hour), Desktop: "ws-1", Node: &probe.Node{ID: "mi-1"},
		Inventory: []Installed{{Name: "google-chrome-stable", Version: "130.0.1-1", At: noon.Add(-48 * time.Hour)}, {Name: "clamav", Version: "1.0.7"}},
		Patches:   &Patched{At: noon.Add(-2 * time.Hour)},
		Seen: &Seen{
			Programs: []Installed{{Name: "firefox-esr", Version: "140.3.0esr-1"}}, Signatures: []Signatures{{"clamav", noon.Add(-time.Hour)}},
			Answers: []Answer{{true, "0", "greeting\nTrue"}},
		},
	}
	return f, settings.Acceptance{
		Patches: settings.Patches{Within: 168 * time.Hour}, Antivirus: settings.Antivirus{Any: []string{"*Defender*", "ClamAV*"}, Within: 72 * time.Hour},
		Programs: []settings.Program{{Name: "Chrome", Any: []string{"Google Chrome*", "google-chrome-stable"}, Version: "120"}, {Name: "firefox-esr", Version: "140"}},
		Probes:   []settings.ImageProbe{{Name: "logon", Shell: "true", Want: "^True$"}},
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for _, row := range []struct {
		name    string
		change  func(*Facts, *settings.Acceptance)
		missing string
		says    string
	}{
		{"all there", func(*Facts, *settings.Acceptance) {}, "", "accepted: 5 items"},
		{"no scan", func(f *Facts, _ *settings.Acceptance) { f.Patches = nil }, "patches", "next: aws ssm send-command --document-name AWS-RunPatchBaseline --instance-ids mi-1 --parameters Operation=Scan"},
		{"patches missing", func(f *Facts, _ *settings.Acceptance) {
			f.Patches.Missing, f.Patches.Names = 6, []string{"KB1", "KB2", "KB3", "KB4", "KB5", "KB6"}
		}, "patches", "6 missing or failed at 2026-11-24 10:00 UTC: KB1, KB2, KB3, KB4, KB5, ..."},
		{"some may be missing", func(f *Facts, a *settings.Acceptance) { f.Patches.Missing, a.Patches.Missing = 2, 2 }, "", ""},
		{"a reboot is due", func(f *Facts, _ *settings.Acceptance) { f.Patches.Reboot = 1 }, "patches", "next: aws workspaces reboot-workspaces --reboot-workspace-requests ws-1"},
		{"an old scan", func(f *Facts, _ *settings.Acceptance) { f.Patches.At = noon.Add(-169 * time.Hour) }, "patches", "longer ago than 168h"},
		{"a scan after the image", func(f *Facts, _ *settings.Acceptance) { f.Patches.At = noon }, "", "that is after the image was made"},
		{"patches are not asked for", func(f *Facts, a *settings.Acceptance) { f.Patches, a.Patches.Within = nil, 0 }, "", "accepted: 4 items"},
		{"a program is not there", func(f *Facts, _ *settings.Acceptance) { f.Inventory = f.Inventory[1:] }, "Chrome", "not installed"},
		{"a program is too old", func(_ *Facts, a *settings.Acceptance) { a.Programs[0].Version = "130.0.2" }, "Chrome", "google-chrome-stable 130.0.1-1, want at least 130.0.2"},
		{"the probe saw a newer one than the inventory", func(f *Facts, a *settings.Acceptance) {
			a.Programs[0].Version, f.Seen.Programs = "131", append(f.Seen.Programs, Installed{Name: "Google Chrome", Version: "131.0"})
		}, "", "Google Chrome 131.0, by probe"},
		{"a program came after the image", func(f *Facts, _ *settings.Acceptance) { f.Inventory[0].At = noon.Add(-time.Minute) }, "Chrome", "the image does not have it"},
		{"nothing is known of programs", func(f *Facts, a *settings.Acceptance) {
			f.Inventory, f.Seen, f.Unprobed, a.Probes, a.Antivirus.Any = nil, nil, "it sleeps", nil, nil
		}, "Chrome, firefox-esr", "AWS-GatherSoftwareInventory"},
		{"the desktop does not answer", func(f *Facts, a *settings.Acceptance) {
			f.Seen, f.Unprobed, a.Programs, a.Antivirus.Within = nil, "it sleeps", a.Programs[:1], 0
		}, "logon", "the master could not be asked: it sleeps"},
		{"no antivirus", func(f *Facts, _ *settings.Acceptance) { f.Inventory, f.Seen.Signatures = f.Inventory[:1], nil }, "*Defender*, ClamAV*", ""},
		{"antivirus without signatures", func(f *Facts, _ *settings.Acceptance) { f.Seen.Signatures = nil }, "clamav", "how old its signatures are is not known"},
		{"old signatures", func(f *Facts, _ *settings.Acceptance) { f.Seen.Signatures[0].At = noon.Add(-100 * time.Hour) }, "clamav", "longer ago than 72h"},
		{"a probe that fails", func(f *Facts, _ *settings.Acceptance) { f.Seen.Answers[0].Code = "3" }, "logon", "ended with 3: greeting True"},
		{"a probe with another answer", func(f *Facts, _ *settings.Acceptance) { f.Seen.Answers[0].Output = "False" }, "logon", "want ^True$, got: False"},
		{"a probe for another system", func(f *Facts, _ *settings.Acceptance) { f.Seen.Answers[0] = Answer{} }, "logon", "of another system only"},
		{"an image on its way", func(f *Facts, _ *settings.Acceptance) { f.State = "PENDING" }, "wsi-0123456789", "the image is PENDING"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, want := master()
			row.change(&f, &want)
			c := judge(f, want)
			var b, ja bytes.Buffer
			if err := c.Write(&b, report.English); err != nil {
				t.Fatal(err)
			}
			if err := c.Write(&ja, report.Japanese); err != nil || !strings.Contains(ja.String(), "合格") {
				t.Errorf("want it in Japanese, got %s, %v", ja.String(), err)
			}
			if got := names(c.Missing()); got != row.missing || !strings.Contains(b.String(), row.says) {
				t.Errorf("want %q missing and %q, got %q in\n%s", row.missing, row.says, got, b.String())
			}
		})
	}
}

func TestWhatWindowsAnswers(t *testing.T) {
	b, err := os.ReadFile("testdata/image-windows-ja.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := read(probe.Parse(string(b)), 3)
	f := Facts{At: time.Unix(1795503600, 0), Node: &probe.Node{ID: "mi-1", Windows: true}, Seen: &seen}
	c := judge(f, settings.Acceptance{
		Antivirus: settings.Antivirus{Any: []string{"*Defender*"}, Within: 2 * time.Hour},
		Programs: []settings.Program{
			{Name: "Chrome", Any: []string{"Google Chrome*"}, Version: "120"},
			{Name: "Firefox", Any: []string{"Mozilla Firefox*"}, Version: "130"},
			{Name: "VS Code", Any: []string{"Microsoft Visual Studio Code*"}},
		},
		Probes: []settings.ImageProbe{{Name: "logon", Want: "^True"}, {Name: "drive"}, {Name: "linux only"}},
	})
	if got := names(c.Missing()); got != "Firefox, drive, linux only" {
		t.Errorf("want Firefox, drive and linux only, got %s", got)
	}
}

// TestShellPackRunsHere runs the pack with names and probes that would break out
// of what is not quoted.
func TestShellPackRunsHere(t *testing.T) {
	p := pack(settings.Acceptance{
		Programs: []settings.Program{{Name: "$(touch x)'; exit 9; '"}, {Name: "BAS*"}},
		Probes:   []settings.ImageProbe{{Name: "good", Shell: "echo it\\'s; echo 'two words' >&2"}, {Name: "bad", Shell: "exit 3"}, {Name: "windows", PowerShell: "x"}},
	})
	c := exec.CommandContext(t.Context(), "sh", "-c", p.Shell)
	c.Dir = t.TempDir()
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(c.Dir); err != nil || len(files) > 0 {
		t.Errorf("want no file made, got %v, %v", files, err)
	}
	seen := read(probe.Parse(string(out)), 3)
	if a := seen.Answers; !a[0].Asked || a[0].Code != "0" || a[0].Output != "it's\ntwo words" || a[1].Code != "3" || a[2].Asked {
		t.Errorf("want the answers of the first two probes, got %+v", a)
	}
	if _, err := exec.LookPath("dpkg-query"); err == nil && !like("bash", []string{"BAS*"}) {
		t.Error("want a name to fit in any case")
	}
	for _, i := range seen.Programs {
		if !like(i.Name, []string{"bas*"}) || i.Version == "" {
			t.Errorf("want what was asked for, got %+v", i)
		}
	}
}

// TestThePackLooksWhereProgramsAre is of the pack itself: the agent is the account
// SYSTEM, and Windows PowerShell breaks what it makes a text of at the width of a
// console that nobody sees.
func TestThePackLooksWhereProgramsAre(t *testing.T) {
	p := pack(settings.Acceptance{Programs: []settings.Program{{Name: "x"}}, Probes: []settings.ImageProbe{{Name: "y", PowerShell: "z"}}}).PowerShell
	for _, want := range []string{`'Registry::HKEY_USERS\*\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*'`, "Out-String -Width 1000"} {
		if !strings.Contains(p, want) {
			t.Errorf("want %s, got %s", want, p)
		}
	}
	if strings.Contains(p, "HKCU:") {
		t.Errorf("SYSTEM's own key has no user's programs, got %s", p)
	}
}

func TestPowerShellNamesAreQuoted(t *testing.T) {
	got := powerPatterns([]string{"it's [x]", "a‘b*"})
	if want := "@('it''s `[x`]','a‘‘b*')"; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

func FuzzRead(f *testing.F) {
	b, err := os.ReadFile("testdata/image-windows-ja.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b), "a*")
	f.Add("@@programs\n\t\nx\ty\n@@signatures\nz\t-1\n@@code-0\n\n", "'")
	f.Fuzz(func(t *testing.T, output, name string) {
		seen := read(probe.Parse(output), 2)
		facts := Facts{At: noon, Node: &probe.Node{ID: "mi-1"}, Seen: &seen}
		want := settings.Acceptance{
			Patches: settings.Patches{Within: time.Hour}, Antivirus: settings.Antivirus{Any: []string{name}, Within: time.Hour},
			Programs: []settings.Program{{Name: name, Version: "1"}}, Probes: []settings.ImageProbe{{Name: "a", Want: "x"}, {Name: "b"}},
		}
		if got := judge(facts, want); len(got.Items) != 5 {
			t.Errorf("want five items, got %+v", got.Items)
		}
	})
}
