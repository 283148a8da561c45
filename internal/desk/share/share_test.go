package share

import (
	"strings"
	"testing"

	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

func TestWhatStandsBeforeAShare(t *testing.T) {
	dns := []string{"10.1.5.10", "10.1.5.11"}
	for _, row := range []struct {
		name, host string
		reach      probe.Reach
		want       string // verdicts of dns, name and port
		says       string
	}{
		{"all is well, in another order", "files", probe.Reach{Servers: []string{"10.1.5.11", "10.1.5.10"}, Addresses: []string{"10.3.0.10"}, Port: "open"}, "good good good", "as expected: 10.1.5.10, 10.1.5.11"},
		{"the wrong server is asked", "files", probe.Reach{Servers: []string{"8.8.8.8"}, Port: "refused"}, "bad bad untried", "it has 8.8.8.8; expected 10.1.5.10, 10.1.5.11"},
		{"the name is unknown", "files", probe.Reach{Servers: dns, Port: "refused"}, "good bad untried", "files has no address"},
		{"a firewall drops", "files", probe.Reach{Servers: dns, Addresses: []string{"10.3.0.10"}, Port: "silent"}, "good good bad", "next: tamachi diagnose path ws-1 to 10.3.0.10:445"},
		{"an address needs no name", "10.3.0.10", probe.Reach{Port: "open"}, "unknown good", "it has none"},
		{"the port is not known", "10.3.0.10", probe.Reach{Servers: dns}, "good unknown", "not tried"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &Plan{Desktop: "ws-1", User: "yamada.taro", Host: row.host, Expected: dns, Reach: &row.reach}
			p.judge()
			var got []string
			for _, f := range p.Findings {
				if f.Fact != "credentials" && f.Fact != "script" {
					got = append(got, string(f.Verdict))
				}
			}
			var b strings.Builder
			if err := (sheet{[]*Plan{p}}).Write(&b, report.English); err != nil || strings.Join(got, " ") != row.want || !strings.Contains(b.String(), row.says) {
				t.Errorf("want %s, saying %q; got %s, %v\n%s", row.want, row.says, got, err, b.String())
			}
		})
	}
}

func TestTheServerOfAPath(t *testing.T) {
	for path, want := range map[string]string{`\\files\sales`: "files", "//files.corp/sales/x": "files.corp", "10.3.0.10": "10.3.0.10", `\\`: ""} {
		if got := hostOf(path); got != want {
			t.Errorf("%s: want %q, got %q", path, want, got)
		}
	}
}

// TestAsWhomAndByWhichDrive has a way that is open, and what comes after it.
func TestAsWhomAndByWhichDrive(t *testing.T) {
	there := []probe.Script{{State: probe.ScriptThere, What: "/netlogon/drives.sh"}}
	for _, row := range []struct {
		name    string
		account *Account
		scripts []probe.Script
		silent  bool   // the desktop could not be asked
		want    string // verdicts of credentials and script
		bad     bool
		says    string
	}{
		{"all is well", &Account{"d-1", true, new(true)}, there, false, "good good", false, "yamada.taro is enabled in d-1; not asked: the password"},
		{"the script ran", &Account{"d-1", true, new(true)}, []probe.Script{{State: probe.ScriptThere}}, false, "good good", false, "logon script"},
		{"disabled", &Account{"d-1", true, new(false)}, there, false, "bad good", true, "next: tamachi diagnose login yamada.taro"},
		{"gone", &Account{"d-1", false, nil}, there, false, "bad good", true, "there is no user yamada.taro in d-1"},
		{"the directory does not say", &Account{"d-1", true, nil}, there, false, "unknown good", false, "not known whether yamada.taro is enabled"},
		{"the directory does not answer", nil, nil, false, "unknown unknown", false, "the desktop knows of none"},
		{"no script", &Account{"d-1", true, new(true)}, append(there, probe.Script{State: probe.ScriptMissing, What: "/x: no such file on the desktop"}), false, "good bad", true, "it is not there, so no drive is mapped: /x"},
		{"a script that failed", &Account{"d-1", true, new(true)}, []probe.Script{{State: probe.ScriptFailed, What: "it ended with exit status 3"}}, false, "good bad", true, "next: tamachi diagnose desktop ws-1"},
		{"a desktop that is stopped", &Account{"d-1", true, new(false)}, nil, true, "bad", true, "yamada.taro is disabled in d-1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &Plan{Desktop: "ws-1", User: "yamada.taro", Host: "10.3.0.10", Account: row.account, Scripts: row.scripts}
			if !row.silent {
				p.Reach = &probe.Reach{Port: "open"}
			}
			p.judge()
			var got []string
			for _, f := range p.Findings {
				if f.Fact == "credentials" || f.Fact == "script" {
					got = append(got, string(f.Verdict))
				}
			}
			var b strings.Builder
			if err := (sheet{[]*Plan{p}}).Write(&b, report.English); err != nil || strings.Join(got, " ") != row.want || p.Bad() != row.bad || !strings.Contains(b.String(), row.says) {
				t.Errorf("want %s, bad %v, saying %q; got %s, %v, %v\n%s", row.want, row.bad, row.says, got, p.Bad(), err, b.String())
			}
		})
	}
}
