package morning

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

var update = flag.Bool("update", false, "write the golden files")

const (
	directoryID = "d-9067012345"
	bundleID    = "wsb-clj85qzj1"
	requestID   = "5d1f3a52-7c1b-4f57-9a6e-0d8f4f0f6b11"
)

var tokyo = time.FixedZone("JST", 9*60*60)

// at is a time of the story's morning, in Tokyo.
func at(clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", "2026-11-24 "+clock, tokyo)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// storyFacts is the first morning of the first source document: two desktops
// in ERROR since the night batch.
func storyFacts() *Facts {
	return &Facts{
		At: at("08:00:00"), Since: at("08:00:00").Add(-14 * time.Hour), History: at("08:00:00").Add(-history),
		Account: "111122223333", Caller: "arn:aws:iam::111122223333:user/administrator", Region: "ap-northeast-1",
		Endpoint: "http://127.0.0.1:4566",
		Desktops: []Desktop{
			failedDesktop("ws-c8wvb67py", "nakamura.yuri"),
			failedDesktop("ws-b1kd02x8f", "fujita.kouhei"),
			{ID: "ws-a00000001", Directory: directoryID, User: "yamada.taro", State: "AVAILABLE", Request: requestFor("yamada.taro")},
		},
		Directories: []Directory{{ID: directoryID, Name: "office.tamachi.example", Stage: "Active", Registration: "REGISTERED"}},
		Events: []Event{
			{
				ID: "e-create", Name: "CreateWorkspaces", Time: at("02:14:05"), By: "office-night", RequestID: requestID,
				Desktops: []string{"ws-c8wvb67py", "ws-b1kd02x8f"},
				Asked:    []Target{{directoryID, "fujita.kouhei"}, {directoryID, "nakamura.yuri"}},
			},
			accountEvent("DisableUser", "02:14:04", "office-night"),
			accountEvent("ResetUserPassword", "02:14:09", "office-night"),
		},
		Accounts:  []DirectoryUser{{directoryID, "svc-workspaces", Enabled}},
		Connected: map[string]Usage{"ws-a00000001": {State: "CONNECTED", Last: at("07:55:00")}},
	}
}

func accountEvent(name, clock, by string) Event {
	return Event{ID: "e-" + name + clock, Name: name, Time: at(clock), By: by, Directory: directoryID, User: "svc-workspaces"}
}

func requestFor(user string) Request {
	return Request{
		Directory: directoryID, User: user, Bundle: bundleID, RunningMode: "AUTO_STOP", AutoStopMinutes: 60,
		ComputeType: "STANDARD", RootGiB: 80, UserGiB: 50,
	}
}

func failedDesktop(id, user string) Desktop {
	return Desktop{
		ID: id, Directory: directoryID, User: user, State: "ERROR", ErrorCode: "DomainJoin.ServiceAccountRefused",
		ErrorMessage: "joining directory " + directoryID + " failed: bind as svc-workspaces refused: LDAP Result Code 49",
		Request:      requestFor(user),
	}
}

func unansweredProblem(action string, kind account.Kind) Unanswered {
	p := &account.Problem{Kind: kind, Action: action}
	if kind == account.Denied {
		p.Code = "AccessDeniedException"
		p.Message = "User: arn:aws:iam::111122223333:user/tanabe is not authorized to perform: " + action
	}
	return Unanswered{p}
}

// golden compares text with a file of testdata, which -update rewrites.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "_")+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// write prints something in both languages, one below the other.
func write(t *testing.T, show func(*strings.Builder, report.Lang) error) string {
	t.Helper()
	var b strings.Builder
	for _, l := range []report.Lang{report.English, report.Japanese} {
		fmt.Fprintf(&b, "--- %s\n", l)
		if err := show(&b, l); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}
