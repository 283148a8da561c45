package doctor

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

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

func recorded(t *testing.T, name string) *Seen {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	s := read(probe.Parse(string(b)))
	return &s
}

// The Windows files of testdata are written from what Microsoft's documentation
// says of the forms; no Windows machine was at hand.
func TestWhatIsBrokenAndWhichRungIsAdvised(t *testing.T) {
	well := func() *Seen {
		return &Seen{Clock: noon, Session: true, Shell: []string{"openbox"}, Installs: []Install{{noon.Add(-time.Hour), "x"}}}
	}
	for _, row := range []struct {
		name, state string
		seen        *Seen
		unsnapped   bool
		kinds       string
		advised     string
		says        string
	}{
		{name: "well", seen: well(), says: "nothing is found broken"},
		{name: "English Windows after an installer", seen: recorded(t, "desktop-windows-en.txt"), kinds: "clock shell profile profile logon files suspect suspect", advised: rebuild, says: "its clock says 1970-01-01T00:00:00Z"},
		{name: "Japanese Windows with a full disk", seen: recorded(t, "desktop-windows-ja.txt"), kinds: "disk suspect", advised: check, says: "会計ソフト 更新プログラム"},
		{name: "no shell", seen: &Seen{Session: true}, kinds: "shell", advised: restart, says: "no icons, no menu"},
		{name: "nobody is there for whom a shell could run", seen: &Seen{}, says: "nothing is found broken"},
		{name: "a profile of somebody else's", seen: &Seen{Profile: []Damage{{"owner", "root"}}}, kinds: "profile", advised: restore, says: "owner root"},
		{name: "a profile, and nothing to restore from", seen: &Seen{Profile: []Damage{{"missing", "/home/x"}}}, unsnapped: true, kinds: "profile", advised: rebuild},
		{name: "changed files", seen: &Seen{Files: []Damage{{"changed", "/usr/bin/xterm"}}}, kinds: "files", advised: repair, says: "changed /usr/bin/xterm"},
		{name: "in ERROR", state: "ERROR", kinds: "state", advised: rebuild},
		{name: "unhealthy", state: "UNHEALTHY", kinds: "state", advised: restart},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &Plan{At: noon, Desktop: "ws-1", User: "takeda.hanako", State: "AVAILABLE", Seen: row.seen, Findings: []Finding{}, Snapshot: noon.Add(-time.Hour)}
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
	if s.Clock.IsZero() || len(s.Disks) == 0 || len(s.Profile) != 1 || s.Profile[0] != (Damage{"missing", "/home/nobody.of.this.name"}) {
		t.Errorf("want a clock, disks and a profile that is missing, got %+v", s)
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
