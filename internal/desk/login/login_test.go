package login

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/report"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
	for _, step := range steps {
		if facts[step.name].En == "" {
			t.Errorf("%s: want a name for people, got none", step.name)
		}
	}
}

// wellKnown is somebody who can sign in.
func wellKnown() *Facts {
	on := true
	return &Facts{
		Asked: Asked{User: "takeda.hanako"}, Region: "ap-northeast-1",
		Directories: []Directory{{ID: "d-1", Registration: "REGISTERED", Stage: "Active", Code: "WSnrt+ABC123", Devices: map[string]string{}}},
		Desktops:    []Desktop{{ID: "ws-1", Directory: "d-1", State: "AVAILABLE", RunningMode: "AUTO_STOP"}},
		Users:       []User{{Directory: "d-1", Present: true, Enabled: &on}},
	}
}

func TestTheWayStopsAtTheFirstFactThatIsNotSo(t *testing.T) {
	off, at := false, time.Date(2026, 7, 14, 9, 0, 0, 0, time.UTC)
	rows := []struct {
		name    string
		change  func(*Facts)
		fact    string // where it stops; "" nowhere
		says    string
		advises string
	}{
		{"all is well", func(*Facts) {}, "", "", ""},
		{"no directory at all", func(f *Facts) { f.Directories, f.Desktops = nil, nil }, "desktop", "no directory is registered for desktops in ap-northeast-1", "--region"},
		{"a directory that is not registered", func(f *Facts) { f.Directories, f.Desktops, f.Asked.Directory = nil, nil, "d-9" }, "desktop", "d-9 is not registered", "register-workspace-directory"},
		{"no desktop, and the name is misspelt", func(f *Facts) { f.Desktops, f.Names = nil, []string{"takeda.haneko"} }, "desktop", "closest is takeda.haneko", "UserName=takeda.hanako"},
		{"a registration that failed", func(f *Facts) { f.Directories[0].Registration, f.Directories[0].Error = "ERROR", "no subnet" }, "directory", "ERROR no subnet", "register"},
		{"an impaired directory", func(f *Facts) { f.Directories[0].Stage, f.Directories[0].StageReason = "Impaired", "DNS" }, "directory", "d-1 is Impaired DNS", "describe-directories"},
		{"no such user", func(f *Facts) { f.Users[0].Present, f.Names = false, []string{"takeda.haneko"} }, "user", "no such user: takeda.hanako in d-1; closest is takeda.haneko", "create-user"},
		{"a user who was deleted", func(f *Facts) {
			f.Users[0].Present, f.Changes = false, []Change{{"DeleteUser", "d-1", at, "sato"}}
		}, "user", "DeleteUser at 2026-07-14 09:00Z by sato", "create-user"},
		{"an account that was switched off", func(f *Facts) {
			f.Users[0].Enabled, f.Changes = &off, []Change{{"DisableUser", "d-1", at, "sato"}}
		}, "enabled", "disabled; DisableUser at 2026-07-14 09:00Z by sato", "reset-user-password"},
		{"an account that never had a password", func(f *Facts) {
			f.Users[0].Enabled, f.Changes = &off, []Change{{"CreateUser", "d-1", at, "batch"}}
		}, "enabled", "no password was set since", "reset-user-password"},
		{"another registration code", func(f *Facts) { f.Asked.Code = "WSnrt+ABC124" }, "code", "WSnrt+ABC124 is not the registration code", "use WSnrt+ABC123"},
		{"the code in small letters", func(f *Facts) { f.Asked.Code = "wsnrt+abc123" }, "", "", ""},
		{"an address outside", func(f *Facts) {
			f.Directories[0].Groups, f.Asked.From = []Group{{ID: "wsipg-1", Rules: []string{"10.0.0.0/8"}}}, "203.0.113.9"
		}, "address", "203.0.113.9 is in no IP access group of the directory; only from 10.0.0.0/8", "authorize-ip-rules --group-id wsipg-1"},
		{"an address inside", func(f *Facts) {
			f.Directories[0].Groups, f.Asked.From = []Group{{ID: "wsipg-1", Rules: []string{"10.0.0.0/8"}}}, "::ffff:10.1.2.3"
		}, "", "", ""},
		{"a group without rules", func(f *Facts) {
			f.Directories[0].Groups, f.Asked.From = []Group{{ID: "wsipg-1"}}, "10.1.2.3"
		}, "address", "10.1.2.3 is in no", "authorize"},
		{"a device that is refused", func(f *Facts) { f.Directories[0].Devices["web"], f.Asked.Device = "DENY", "web" }, "device", "web is refused", "=ALLOW"},
		{"a desktop that sleeps", func(f *Facts) { f.Desktops[0].State = "STOPPED" }, "", "", ""},
		{"a desktop that stays stopped", func(f *Facts) { f.Desktops[0].State, f.Desktops[0].RunningMode = "STOPPED", "MANUAL" }, "state", "STOPPED MANUAL", "start-workspaces"},
		{"a desktop in ERROR", func(f *Facts) { f.Desktops[0].State, f.Desktops[0].Error = "ERROR", "join refused" }, "state", "reason: join refused", "tamachi morning"},
		{"a desktop in maintenance", func(f *Facts) { f.Desktops[0].State = "ADMIN_MAINTENANCE" }, "state", "ADMIN_MAINTENANCE", "modify-workspace-state"},
		{"one of two desktops leads in", func(f *Facts) {
			f.Desktops = append(f.Desktops, Desktop{ID: "ws-2", Directory: "d-1", State: "ERROR"})
		}, "", "", ""},
		{"nothing is known of the account", func(f *Facts) { f.Users = nil }, "", "", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := wellKnown()
			row.change(f)
			p := judge(f)
			if p.Blocked() != (row.fact != "") {
				t.Fatalf("blocked: want %v, got %v", row.fact != "", p.Blocked())
			}
			if row.fact == "" {
				return
			}
			stop := slices.IndexFunc(p.Ways[0].Findings, func(found Finding) bool { return found.Verdict == Bad })
			if got := p.Ways[0].Findings[stop].Fact; got != row.fact {
				t.Errorf("stops: want at %s, got %s", row.fact, got)
			}
			for _, later := range p.Ways[0].Findings[stop+1:] {
				if later.Verdict != Untried {
					t.Errorf("%s after it: want untried, got %s", later.Fact, later.Verdict)
				}
			}
			var out strings.Builder
			if err := p.Write(&out, report.English); err != nil || !strings.Contains(out.String(), row.says) || !strings.Contains(out.String(), row.advises) {
				t.Errorf("want it to say %q and %q, got %v\n%s", row.says, row.advises, err, out.String())
			}
			if b, err := json.Marshal(p); err != nil || !strings.Contains(string(b), `"verdict":"bad"`) {
				t.Errorf("JSON: got %v %s", err, b)
			}
		})
	}
}
