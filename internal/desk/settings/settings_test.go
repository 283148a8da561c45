package settings

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/report"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

func TestAnEmptyFileIsTheDefaults(t *testing.T) {
	for _, file := range []string{"", "# nothing\n", "thresholds:\n"} {
		s, err := Read(strings.NewReader(file))
		if err != nil || !reflect.DeepEqual(s, Default()) {
			t.Errorf("%q: want the defaults, got %+v, %v", file, s, err)
		}
	}
}

// TestExample reads the example, which has every key; what it does not mark as
// an example is the default.
func TestExample(t *testing.T) {
	s, err := Read(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	d := Default()
	if s.Thresholds != d.Thresholds || !reflect.DeepEqual(s.ExemptionTags, d.ExemptionTags) || s.Quiet != d.Quiet {
		t.Errorf("want the example's values to be the defaults, got %+v", s)
	}
	if s.Acceptance.Patches != d.Acceptance.Patches {
		t.Errorf("want the default patches in the example, got %+v", s.Acceptance.Patches)
	}
	for _, v := range []any{*s, s.Thresholds, s.Work, s.Acceptance, s.Acceptance.Patches, s.Acceptance.Antivirus, s.Acceptance.Programs[0], s.Acceptance.Probes[0], s.Approvals["diagnose slow"].Auto, s.Slack, s.Mail} {
		for field := range reflect.TypeOf(v).Fields() {
			name := field.Tag.Get("yaml")
			if !strings.Contains(example, name+":") {
				t.Errorf("want %s in the example", name)
			}
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	rows := []struct {
		name, file, want string
	}{
		{"an unknown key, with its line and the nearest", "owner: \"\"\nthresholds:\n  cpu-percnt: 85\n", `line 3: unknown key "thresholds.cpu-percnt"; did you mean "cpu-percent"?`},
		{"a key like no other", "zzz: 1\n", `line 1: unknown key "zzz"`},
		{"an unknown key of a person", "people:\n  a:\n    mial: a@example.com\n", `line 3: unknown key "people.a.mial"; did you mean "mail"?`},
		{"an unknown key in a list", "approvals:\n  x:\n    stages:\n    - {off: [a]}\n", `line 4: unknown key "approvals.x.stages.off"; did you mean "of"?`},
		{"an unknown key of a rule that agrees", "approvals:\n  x:\n    auto: {morre: 5}\n", `line 3: unknown key "approvals.x.auto.morre"; did you mean "more"?`},
		{"a rule that agrees without end", "people: {a: {}}\napprovals:\n  x:\n    stages: [{of: [a]}]\n    auto: {more: 5}\n", "line 5: approvals.x.auto: times must say"},
		{"a rule that agrees to nothing", "people: {a: {}}\napprovals:\n  x:\n    stages: [{of: [a]}]\n    auto: {more: -5, times: 1}\n", "line 5: approvals.x.auto: more and times"},
		{"a key twice", "hr: a\nhr: b\n", `line 2: "hr" is in line 1 already`},
		{"text for a number", "thresholds: {cpu-percent: much}\n", "line 1: cannot unmarshal"},
		{"a percentage above 100", "\nthresholds:\n  cpu-percent: 850\n", "line 3: thresholds.cpu-percent: want a percentage"},
		{"no number", "thresholds: {cpu-percent: .nan}\n", "want a percentage"},
		{"a length of time without unit", "thresholds: {stuck-after: 45}\n", "line 1"},
		{"a zone that is none", "work: {zone: Asia/Tokio}\n", "no time zone"},
		{"a day that ends before it begins", "work: {from: \"18:00\", to: \"09:00\"}\n", "ends before"},
		{"an hour of one digit", "work: {from: \"9:00\"}\n", "want a time such as 09:00"},
		{"a holiday that is no day", "work: {holidays: [2026-02-30]}\n", "want a day"},
		{"a group of somebody unknown", "people:\n  tanabe.ken: {}\ngroups:\n  vdi: [tanabe.kan]\n", `line 4: groups.vdi: nobody is called "tanabe.kan" under people or groups; did you mean "tanabe.ken"?`},
		{"a stage that nobody can fill", "people: {a: {}}\napprovals:\n  x:\n    stages: [{of: [a], need: 2}]\n", "line 4: approvals.x.stages: stage 1 needs 2 of 1 people"},
		{"an approval without stages", "approvals: {x: {}}\n", "nobody could approve"},
		{"a channel without its quotes", "channels:\n  default: #aws_ops\n", "no channel"},
		{"a password in the address", "mail: {relay: \"smtp://a:b@c\", from: a@b.c}\n", "password"},
		{"a program whose version is none", "acceptance:\n  programs:\n  - {name: x, version: new}\n", `line 2: acceptance.programs: x: want a version such as 120.0.1, not "new"`},
		{"an unknown key of a program", "acceptance: {programs: [{nam: x}]}\n", `unknown key "acceptance.programs.nam"; did you mean "name"?`},
		{"a probe that asks nothing", "acceptance: {probes: [{name: x}]}\n", "want a name, and shell or powershell"},
		{"a pattern that is none", "acceptance: {probes: [{name: x, shell: y, want: '('}]}\n", "missing closing"},
		{"an alias", "people: &p {}\ngroups: *p\n", "aliases"},
		{"a second document", "hr: a\n---\nhr: b\n", "second document"},
		{"no YAML", "a: [", "line 1"},
		{"a list for the whole", "- a\n", "want keys and values"},
		{"a map for text", "hr: {a: b}\n", "line 1"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(r.file))
			if err == nil || !strings.Contains(err.Error(), r.want) {
				t.Errorf("want %q, got %v", r.want, err)
			}
			if err != nil && len(problems(err)) == 0 {
				t.Errorf("want a problem in %v", err)
			}
		})
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	_, err := Read(strings.NewReader("zone: x\nhr: a\nworking: {}\n"))
	if got := problems(err); len(got) != 2 || got[0].Line != 1 || got[1].Line != 3 {
		t.Errorf("want two problems with their lines, got %v", err)
	}
}

func TestHours(t *testing.T) {
	s, err := Read(strings.NewReader("work: {zone: Asia/Tokyo, holidays: [\"2026-11-23\"]}\nquiet: {holidays: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name           string
		at             string
		working, quiet bool
	}{
		{"a Tuesday morning", "2026-11-24T09:00:00+09:00", true, false},
		{"the same morning, before work", "2026-11-24T08:59:00+09:00", false, false},
		{"the end of work", "2026-11-24T18:00:00+09:00", false, false},
		{"at night", "2026-11-24T20:00:00+09:00", false, true},
		{"after midnight", "2026-11-25T06:59:00+09:00", false, true},
		{"a Sunday", "2026-11-22T12:00:00+09:00", false, true},
		{"a holiday that is a Monday", "2026-11-23T12:00:00+09:00", false, true},
		{"Monday in Tokyo, Sunday elsewhere", "2026-11-29T16:00:00-08:00", true, false},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, r.at)
			if err != nil {
				t.Fatal(err)
			}
			if s.Working(at) != r.working || s.QuietAt(at) != r.quiet {
				t.Errorf("want working %t, quiet %t; got %t, %t", r.working, r.quiet, s.Working(at), s.QuietAt(at))
			}
		})
	}
}

func TestWhoIsWho(t *testing.T) {
	s, err := Read(strings.NewReader(example))
	if err != nil {
		t.Fatal(err)
	}
	for arn, want := range map[string]string{
		"arn:aws:iam::123456789012:user/tanabe":                          "tanabe.ken",
		"arn:aws:sts::123456789012:assumed-role/DeskOperator/tanabe":     "tanabe.ken",
		"arn:aws:iam::123456789012:user/tanabe2":                         "",
		"arn:aws:sts::123456789012:assumed-role/DeskOperator/x/y/tanabe": "",
		"": "",
	} {
		if got := s.Caller(arn); got != want {
			t.Errorf("%s: want %q, got %q", arn, want, got)
		}
	}
	if s.Member("U024BE7LH") != "tanabe.ken" || s.Member("") != "" {
		t.Error("want tanabe.ken by the Slack id, and nobody without one")
	}
	if s.Channel("desktops") != "#vdi_troubleshoot" || s.Channel("cost") != "#aws_ops" {
		t.Error("want a channel by topic, else the default")
	}
	if !s.Exempt("Owner", "SKIP_CONVERT") || s.Exempt("Owner") {
		t.Error("want the exemption tag found in any case")
	}
	if _, must := s.Approval("cost sweep", 10); must {
		t.Error("want a small sweep to need nobody")
	}
	if _, must := s.Approval("cost sweep", 11); !must {
		t.Error("want a large sweep to need somebody")
	}
	if _, must := s.Approval("morning", 99); must {
		t.Error("want a duty without a rule to need nobody")
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	env := map[string]string{"XDG_CONFIG_HOME": dir}
	getenv := func(k string) string { return env[k] }
	if s, err := Load(getenv); err != nil || !reflect.DeepEqual(s, Default()) {
		t.Fatalf("want the defaults without a file, got %v", err)
	}
	env["TAMACHI_DESK"] = filepath.Join(dir, "mine.yaml")
	if _, err := Load(getenv); err == nil {
		t.Error("want an error for a file that was named and is not there")
	}
	if err := os.WriteFile(env["TAMACHI_DESK"], []byte("hr: people.csv\nprices: /etc/prices.json\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(getenv)
	if err != nil || s.HR != filepath.Join(dir, "people.csv") || s.Prices != "/etc/prices.json" {
		t.Errorf("want the feed beside the file, got %+v, %v", s, err)
	}
}

func TestAcceptanceListOfItsOwn(t *testing.T) {
	a, err := ReadAcceptance(strings.NewReader("programs: [{name: Chrome, any: [google-chrome*], version: \"120\"}]\n"))
	if err != nil || a.Programs[0].Names()[0] != "google-chrome*" || a.Patches.Within != 7*24*time.Hour {
		t.Errorf("want the program, and patches as by default, got %+v, %v", a, err)
	}
	if _, err := ReadAcceptance(strings.NewReader("acceptance: {}\n")); err == nil || !strings.Contains(err.Error(), "unknown key") {
		t.Errorf("want what is not of the list refused, got %v", err)
	}
}

func FuzzAcceptance(f *testing.F) {
	f.Add("programs: [{name: x, any: ['*'], version: \"1\"}]\nprobes: [{name: y, shell: z}]\n")
	f.Add("antivirus: {within: 1h}\n")
	f.Fuzz(func(t *testing.T, file string) {
		if _, err := ReadAcceptance(strings.NewReader(file)); err != nil && len(problems(err)) == 0 {
			t.Errorf("want the problem named, got %v", err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(example)
	f.Add("people: &p {}\ngroups: *p\n")
	f.Add("? [a]\n: b\n")
	f.Add("!!binary a: b")
	f.Add("<<: {hr: a}")
	f.Fuzz(func(t *testing.T, file string) {
		s, err := Read(strings.NewReader(file))
		if err != nil {
			if len(problems(err)) == 0 {
				t.Fatalf("want the problem named, got %v", err)
			}
			return
		}
		s.Working(time.Unix(0, 0))
		s.QuietAt(time.Unix(0, 0))
	})
}

func TestWindows(t *testing.T) {
	s, err := Read(strings.NewReader("work: {zone: Asia/Tokyo, holidays: [\"2026-11-23\"]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		window, at string
		opens      string // "" is never within a month
	}{
		{"", "2026-11-24T10:00", "2026-11-24T10:00"},
		{"off-hours", "2026-11-24T10:00", "2026-11-24T18:00"},
		{"off-hours", "2026-11-24T08:59", "2026-11-24T08:59"},
		{"days-off", "2026-11-24T10:00", "2026-11-28T00:00"},
		{"days-off", "2026-11-23T10:00", "2026-11-23T10:00"},
		{"22:00-06:00", "2026-11-24T10:00", "2026-11-24T22:00"},
		{"22:00-06:00", "2026-11-24T05:59", "2026-11-24T05:59"},
		{"days-off 09:00-17:00", "2026-11-27T10:00", "2026-11-28T09:00"},
		{"2026-11-28T22:00/2026-11-29T06:00", "2026-11-24T10:00", "2026-11-28T22:00"},
		{"2026-11-28T22:00/2026-11-29T06:00", "2026-11-29T06:00", ""},
	} {
		w, err := ParseWindow(row.window)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation("2006-01-02T15:04", row.at, s.Location())
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if opens := s.Opens(w, at); !opens.IsZero() {
			got = opens.In(s.Location()).Format("2006-01-02T15:04")
		}
		if got != row.opens || s.Open(w, at) != (row.opens == row.at) {
			t.Errorf("%q at %s: want it to open at %q, got %q", row.window, row.at, row.opens, got)
		}
	}
	for _, wrong := range []string{"night", "9:00-10:00", "10:00-10:00", "off-hours days-off", "days-off 1-2 3-4", "2026-11-29T06:00/2026-11-28T22:00", "a/b"} {
		if _, err := ParseWindow(wrong); err == nil {
			t.Errorf("%q: want it refused", wrong)
		}
	}
}

func FuzzWindow(f *testing.F) {
	f.Add("days-off 22:00-06:00", int64(1795521600))
	f.Add("2026-11-28T22:00/2026-11-29T06:00", int64(0))
	f.Fuzz(func(t *testing.T, window string, at int64) {
		w, err := ParseWindow(window)
		if err != nil {
			return
		}
		now := time.Unix(at%(1<<33), 0)
		if opens := Default().Opens(w, now); !opens.IsZero() && !Default().Open(w, opens) {
			t.Errorf("%q opens at %s, when it is closed", window, opens)
		}
	})
}
