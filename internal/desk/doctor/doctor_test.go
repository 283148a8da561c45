package doctor

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

var noon = time.Unix(1795521600, 0).UTC()

func seenIn(t *testing.T, name string) *Seen {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	s := read(probe.Parse(string(b)))
	return &s
}

// The Windows files of testdata have names and values of our own, in the forms that
// recorded outputs of Windows show: docs/decisions/0062. No Windows machine was at
// hand.
func TestWhatIsBrokenAndWhichRungIsAdvised(t *testing.T) {
	well := func() *Seen {
		return &Seen{Clock: noon, Session: true, Shell: []string{"openbox"}, Installs: []Install{{noon.Add(-time.Hour), "x"}}}
	}
	for _, row := range []struct {
		name, state string
		seen        *Seen
		unsnapped   bool
		history     []Attempt
		kinds       string
		advised     string
		says        string
	}{
		{name: "well", seen: well(), says: "nothing is found broken"},
		{name: "English Windows after an installer", seen: seenIn(t, "desktop-windows-en.txt"), kinds: "clock shell profile profile logon files suspect suspect", advised: rebuild, says: "its clock says 1970-01-01T00:00:00Z"},
		{name: "Japanese Windows with a full disk", seen: seenIn(t, "desktop-windows-ja.txt"), kinds: "disk suspect", advised: check, says: "会計ソフト 更新プログラム"},
		{name: "Japanese Windows with a temporary profile", seen: seenIn(t, "desktop-windows-ja-temporary.txt"), kinds: "profile profile logon files suspect", advised: restore, says: "ログオン\\ドライブ割り当て.bat: its server does not answer"},
		{name: "no shell", seen: &Seen{Session: true}, kinds: "shell", advised: restart, says: "no icons, no menu"},
		{name: "nobody is there for whom a shell could run", seen: &Seen{}, says: "nothing is found broken"},
		{name: "a profile of somebody else's", seen: &Seen{Profile: []Damage{{Kind: "owner", What: "root"}}}, kinds: "profile", advised: repair, says: "owner root"},
		{name: "a profile that is read only", seen: &Seen{Profile: []Damage{{Kind: "readonly", What: "/home"}}}, kinds: "profile", advised: restore},
		{
			name: "an installer shortly before the damage", kinds: "profile profile suspect", advised: repair, says: "installed at 2026-11-24 09:59 UTC, shortly before 2026-11-24 10:00 UTC, when the damage was done: adobe",
			seen: &Seen{
				Profile:  []Damage{{Kind: "owner", What: "root", At: noon.Add(-time.Hour)}, {Kind: "owner", What: ".config", At: noon.Add(-2 * time.Hour)}},
				Installs: []Install{{noon.Add(-50 * time.Hour), "older"}, {noon.Add(-121 * time.Minute), "adobe"}, {noon.Add(-time.Minute), "newer"}},
			},
		},
		{name: "a repair did not help", seen: &Seen{Files: []Damage{{Kind: "changed", What: "/usr/bin/xterm"}}}, history: []Attempt{{At: noon.Add(-time.Hour), Rung: repair, State: "FAILED", Note: "found damage, could not repair"}}, kinds: "files", advised: restart, says: "2026-11-24 11:00 UTC  repair  FAILED  found damage, could not repair"},
		{name: "no rung below helped, and no snapshot is there", seen: &Seen{Session: true}, unsnapped: true, history: []Attempt{{At: noon.Add(-time.Hour), Rung: restart, State: "DONE"}, {At: noon.Add(-time.Minute), Rung: rebuild, State: "DONE"}}, kinds: "shell", advised: recreate},
		{name: "a repair of last week says nothing", seen: &Seen{Session: true}, history: []Attempt{{At: noon.Add(-100 * time.Hour), Rung: restart, State: "DONE"}}, kinds: "shell", advised: restart},
		{name: "a profile, and nothing to restore from", seen: &Seen{Profile: []Damage{{Kind: "missing", What: "/home/x"}}}, unsnapped: true, kinds: "profile", advised: rebuild},
		{name: "changed files", seen: &Seen{Files: []Damage{{Kind: "changed", What: "/usr/bin/xterm"}}}, kinds: "files", advised: repair, says: "changed /usr/bin/xterm"},
		{name: "in ERROR", state: "ERROR", kinds: "state", advised: rebuild},
		{name: "unhealthy", state: "UNHEALTHY", kinds: "state", advised: restart},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &Plan{At: noon, Desktop: "ws-1", User: "takeda.hanako", State: "AVAILABLE", Seen: row.seen, Findings: []Finding{}, Snapshot: noon.Add(-time.Hour), History: row.history}
			if row.state != "" {
				p.State = row.state
			}
			if row.unsnapped {
				p.Snapshot = time.Time{}
			}
			p.judge(settings.Default().Thresholds)
			var kinds []string
			advised := ""
			for _, f := range p.Findings {
				kinds = append(kinds, f.Kind)
			}
			for _, r := range p.Ladder {
				if r.Advised {
					advised += r.Name
				}
				if r.Lost.In(report.Japanese) == "" || r.Command == "" {
					t.Errorf("%s: want what is lost and a command, got %+v", r.Name, r)
				}
			}
			var b strings.Builder
			if err := (sheet{[]*Plan{p}}).Write(&b, report.English); err != nil || !strings.Contains(b.String(), row.says) {
				t.Errorf("want it to say %q, got %v\n%s", row.says, err, b.String())
			}
			if got := strings.Join(kinds, " "); got != row.kinds || advised != row.advised {
				t.Errorf("want %s and %s, got %s and %s", row.kinds, row.advised, got, advised)
			}
		})
	}
}

// TestShellPackRunsHere runs the pack on this machine for a user whose home is
// not there.
func TestShellPackRunsHere(t *testing.T) {
	p, err := pack("nobody.of.this.name")
	if err != nil {
		t.Fatal(err)
	}
	script, _, _ := strings.Cut(p.Shell, "echo @@verify") // which reads every file of the system
	out, err := exec.CommandContext(t.Context(), "sh", "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	s := read(probe.Parse(string(out)))
	if s.Clock.IsZero() || len(s.Disks) == 0 || len(s.Profile) != 1 || s.Profile[0] != (Damage{Kind: "missing", What: "/home/nobody.of.this.name"}) {
		t.Errorf("want a clock, disks and a profile that is missing, got %+v", s)
	}
}

// TestRepairRunsHere repairs, of the machine that the test runs on, a user's home
// that is a folder of the test's.
func TestRepairRunsHere(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{".config", "other"} {
		if err := os.Mkdir(home+"/"+name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", home+"/.profile"); err != nil {
		t.Fatal(err)
	}
	// The home is the test's, the user root, who owns it: chown and dpkg are said, not done.
	script := strings.ReplaceAll(mendShell, "USER", "nobody")
	script = "getent() { echo nobody:x:65534:65534::" + home + ":/bin/sh; }\nchown() { echo \"@@chown\n$*\"; }\ndpkg() { :; }\n" + script
	out, err := exec.CommandContext(t.Context(), "sh", "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	s := probe.Parse(string(out))
	if got := strings.Join(s["chown"], "; "); got != "-h nobody: "+home+"; -h nobody: "+home+"/.config" {
		t.Errorf("want the home and .config given back, and no link followed, got %s", got)
	}
	if got := mended("Success", string(out)); got.State != plan.Done || got.Note != "gave 2 files back to their user; nothing is found damaged any more" {
		t.Errorf("want it done, got %+v", got)
	}
}

func TestHowARepairEnded(t *testing.T) {
	for _, row := range []struct {
		name, status, output string
		state                plan.State
		failed               bool
		note                 string
	}{
		{"on its way", "InProgress", "", plan.Moving, false, "InProgress"},
		{"timed out", "TimedOut", "", plan.Moving, true, "ended as TimedOut"},
		{"cut off", "Success", "@@verify\n", plan.Moving, true, "cut off"},
		{"not repaired", "Success", "@@verify\nchanged\t/usr/bin/x\t1\n@@done\n", plan.Moving, true, "found damage, could not repair: changed /usr/bin/x"},
		{"sfc could not", "Success", "@@sfc\nWindows Resource Protection found corrupt files but was unable to fix some of them.\n@@done\n", plan.Moving, true, "could not repair: sfc"},
		{"sfc in words that nobody knows", "Success", "@@sfc\nResursskydd i Windows hittade skadade filer.\n@@image\nHealthy\n@@done\n", plan.Moving, true, "nobody can tell what it did; sfc said: Resursskydd"},
		{"sfc said nothing", "Success", "@@sfc\n@@image\nHealthy\n@@done\n", plan.Moving, true, "nobody can tell"},
		{"the component store is still damaged", "Success", "@@sfc\nWindows Resource Protection did not find any integrity violations.\n@@image\nRepairable\n@@done\n", plan.Moving, true, "could not repair"},
		{"sfc could", "Success", "@@sfc\nWindows リソース保護により、破損したファイルが見つかりましたが、それらは正常に修復されました。\n@@done\n", plan.Done, false, "nothing is found damaged"},
	} {
		got := mended(types.CommandInvocationStatus(row.status), row.output)
		if got.State != row.state || got.Failed != row.failed || !strings.Contains(got.Note, row.note) {
			t.Errorf("%s: want %s %t %q, got %+v", row.name, row.state, row.failed, row.note, got)
		}
	}
}

func TestHistory(t *testing.T) {
	record := func(duty, action, resource string, state plan.Progress) *plan.Record {
		return &plan.Record{
			Plan:  &plan.Plan{ID: "p-1", Duty: duty, Steps: []plan.Step{{Resource: resource, Owner: "takeda.hanako", Do: plan.Move{Action: action}}}},
			Steps: []plan.Standing{{State: state, At: noon, Note: "note"}},
		}
	}
	var got []string
	for _, a := range history([]*plan.Record{
		record(Duty, Mend, "ws-1", plan.Failed), record(Duty, change.Reboot, "ws-2", plan.Applied), record(Duty, change.CreateNew, "takeda.hanako", plan.Applied),
		record(Duty, change.Restore, "ws-1", plan.Waiting), record("image rollout", change.Rebuild, "ws-1", plan.Applied),
	}, "ws-1", "takeda.hanako") {
		got = append(got, a.Rung+" "+a.State)
	}
	if want := "repair FAILED, recreate DONE"; strings.Join(got, ", ") != want {
		t.Errorf("want %s, got %v", want, got)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"desktop-windows-en.txt", "desktop-windows-ja.txt"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b), "takeda.hanako")
	}
	f.Add("@@clock\n-1\n@@profile\n\t\n@@installs\nx\ty", "a'; reboot")
	f.Fuzz(func(t *testing.T, output, user string) {
		s := read(probe.Parse(output))
		mended("Success", output)
		p := &Plan{At: noon, State: "AVAILABLE", Seen: &s}
		p.judge(settings.Default().Thresholds)
		if len(p.Ladder) == 0 {
			t.Error("want a ladder")
		}
		if a, err := pack(user); err == nil && strings.ContainsAny(user, " ;'\"$`\n|&<>()\\*") {
			t.Errorf("%q came into %s", user, a.Shell)
		}
	})
}
