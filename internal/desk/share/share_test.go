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
				got = append(got, string(f.Verdict))
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
