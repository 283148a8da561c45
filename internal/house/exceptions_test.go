package house_test

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/spf13/cobra"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/calendar"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/exception"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/settings"
	"tamachi/internal/house"
	"tamachi/internal/notify/file"
)

const asked = `
people:
  tanabe: {mail: tanabe@example.com, aws: ["arn:aws:iam::*:user/desk"]}
  suzuki: {mail: suzuki@example.com, language: ja}
  sato: {mail: sato@example.com}
answers: {url: "http://desk.example.com/_tamachi/answers"}
language: en
work: {zone: UTC}
quiet: {from: "00:00", to: "00:00"}
approvals:
  printing exception: {reason: true, stages: [{name: general affairs, of: [suzuki]}, {name: security, of: [sato, tanabe]}]}
  wallpaper exception: {reason: true, expires: 24h, stages: [{of: [suzuki, sato]}]}
`

// bureau is a plane that serves its operator's desk, with time in the test's
// hand.
type bureau struct {
	*operator
	clk    *clock.Frozen
	outbox string
	world  account.World
}

func openBureau(t *testing.T) *bureau {
	t.Helper()
	dir := t.TempDir()
	b := &bureau{clk: clock.NewFrozen(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)), outbox: filepath.Join(dir, "outbox")}
	if err := os.WriteFile(filepath.Join(dir, "desk.yaml"), []byte(asked), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"XDG_STATE_HOME": dir, "TAMACHI_DESK": filepath.Join(dir, "desk.yaml"), "LC_ALL": "C"}
	b.world = account.World{Getenv: func(name string) string { return env[name] }, Clock: b.clk, Rand: rand.Reader, Location: time.UTC}
	ways := notice.Ways{Open: func(*settings.Settings) (notice.Senders, error) { return notice.Senders{File: file.New(b.outbox)}, nil }}
	b.world.Tell = notice.Tell(b.world, ways)
	takers := question.Takers{approval.Kind: approval.Taker(b.world)}
	o := openOn(t, apitest.Options{Desk: &house.Desk{World: b.world, Actions: change.Actions(), Answers: notice.Answers(b.world, ways, takers, func(string) {})}})
	b.operator = o.operator()
	return b
}

// want runs a command of the desk in the bureau's world.
func (b *bureau) want(code int, says string, command func(account.World, plan.Actions) *cobra.Command, args ...string) string {
	b.t.Helper()
	return b.operator.want(code, says, func(_ account.World, actions plan.Actions) *cobra.Command { return command(b.world, actions) }, change.Actions(), args...)
}

// link is the newest one that a person has.
func (b *bureau) link(person string) string {
	b.t.Helper()
	files, err := filepath.Glob(filepath.Join(b.outbox, "*.eml"))
	if err != nil {
		b.t.Fatal(err)
	}
	found, newest := "", time.Time{}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			b.t.Fatal(err)
		}
		m, err := mail.ReadMessage(f)
		if err != nil {
			b.t.Fatal(err)
		}
		text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
		if err != nil {
			b.t.Fatal(err)
		}
		f.Close()
		at, err := m.Header.Date()
		if err != nil {
			b.t.Fatal(err)
		}
		if strings.Contains(m.Header.Get("To"), person) && !at.Before(newest) {
			found, newest = regexp.MustCompile(`http://desk.example.com(\S+)`).FindStringSubmatch(string(text))[1], at
		}
	}
	if found == "" {
		b.t.Fatalf("nobody wrote to %s", person)
	}
	return found
}

// answers sends the form of a person's page on the plane.
func (b *bureau) answers(person, choice, reason string) int {
	b.t.Helper()
	out, err := http.PostForm(b.HTTP()+b.link(person), url.Values{"choice": {choice}, "reason": {reason}}) //nolint:noctx // a browser
	if err != nil {
		b.t.Fatal(err)
	}
	defer out.Body.Close()
	return out.StatusCode
}

func (b *bureau) member(group string) bool {
	b.t.Helper()
	out, fault := b.Post("ds-data", "/GroupMemberships/ListGroupMembers?DirectoryId="+b.directory, map[string]any{"SAMAccountName": group})
	if fault != "" {
		b.t.Fatal(fault)
	}
	all, _ := out["Members"].([]any)
	return len(all) == 1
}

// TestExceptionsFromTheRequestToTheirEnd lets a person print and choose a
// wallpaper: asked for, agreed to by links that the plane serves, applied with
// the duty's own policy, and taken back when they are over.
func TestExceptionsFromTheRequestToTheirEnd(t *testing.T) {
	b := openBureau(t)
	for _, name := range []string{"Printing-Allowed", "Wallpaper-Free"} {
		if _, fault := b.Post("ds-data", "/Groups/CreateGroup?DirectoryId="+b.directory, map[string]any{"SAMAccountName": name}); fault != "" {
			t.Fatal(fault)
		}
	}
	if _, fault := b.Post("ds-data", "/Users/CreateUser?DirectoryId="+b.directory, map[string]any{"SAMAccountName": "yamada.taro"}); fault != "" {
		t.Fatal(fault)
	}
	policy, _ := b.run(exception.Command, change.Actions(), "grant", "--policy")
	b.may(policy)

	printing := []string{"grant", "printing", "yamada.taro", "--until", "2026-11-30", "--reason", "tax forms", "--yes"}
	b.want(1, "waits for suzuki", exception.Command, printing...)
	if code := b.answers("suzuki", "approve", ""); code != http.StatusOK {
		t.Fatalf("want suzuki's vote taken, got %d", code)
	}
	b.want(1, "waits for sato", exception.Command, printing...) // tanabe asked, so does not vote
	if b.member("Printing-Allowed") {
		t.Error("want nobody let out before all have agreed")
	}
	if code := b.answers("sato", "approve", "紙の提出がある"); code != http.StatusOK {
		t.Fatalf("want sato's vote taken, got %d", code)
	}
	b.want(0, "1 step done and verified", exception.Command, printing...)
	if !b.member("Printing-Allowed") {
		t.Error("want yamada let out")
	}

	wallpaper := []string{"grant", "wallpaper", "yamada.taro", "--until", "2026-11-27T18:00", "--reason", "a photo", "--yes"}
	b.clk.Advance(time.Minute)
	b.want(1, "waits for sato, suzuki", exception.Command, wallpaper...)
	if code := b.answers("suzuki", "refuse", ""); code != http.StatusBadRequest {
		t.Errorf("want a reason for a refusal, got %d", code)
	}
	b.clk.Advance(25 * time.Hour)
	if code := b.answers("sato", "approve", ""); code != http.StatusGone {
		t.Errorf("want no vote after a day, got %d", code)
	}
	b.want(1, "waits for sato, suzuki", exception.Command, wallpaper...) // asked for anew
	if code := b.answers("sato", "approve", ""); code != http.StatusOK {
		t.Errorf("want the vote about the new request, got %d", code)
	}
	b.want(0, "1 step done and verified", exception.Command, wallpaper...)

	b.clk.Advance(49 * time.Hour) // 27 November, 14:01
	b.want(0, "no exception is over", exception.Command, "end", "--yes")
	b.clk.Advance(4 * time.Hour)
	b.want(1, "over, to be ended", func(w account.World, a plan.Actions) *cobra.Command { return exception.Command(w, a) }, "list")
	b.want(0, "1 step done and verified", exception.Command, "end", "--yes")
	if b.member("Wallpaper-Free") || !b.member("Printing-Allowed") {
		t.Error("want the wallpaper taken back, and printing as it is")
	}
	b.clk.Advance(4 * 24 * time.Hour)
	b.want(0, "1 step done and verified", exception.Command, "end", "--yes")
	if b.member("Printing-Allowed") {
		t.Error("want printing taken back after its last day")
	}
	b.want(0, "ended", exception.Command, "list")
}

// TestTheCalendarOfMaintenance reads a plane with the policy that the calendar
// prints, and gives it out there.
func TestTheCalendarOfMaintenance(t *testing.T) {
	b := openBureau(t)
	update := func(w account.World, _ plan.Actions) *cobra.Command { return calendar.Command(w) }
	policy := b.want(0, "DescribeWorkspaces", update, "update", "--policy")
	b.may(policy)
	b.want(0, "0 events", update, "update")
	id := b.desktop()
	b.Becomes(id, types.WorkspaceStateAvailable)
	mode := func(on bool) {
		if _, err := b.workspaces().ModifyWorkspaceCreationProperties(t.Context(), &workspaces.ModifyWorkspaceCreationPropertiesInput{
			ResourceId: &b.directory, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{EnableMaintenanceMode: &on},
		}); err != nil {
			t.Fatal(err)
		}
	}
	mode(true)
	b.want(0, "9 events, 9 new or changed, 0 called off", update, "update")
	b.want(0, "9 events, 0 new or changed, 0 called off", update, "update")
	mode(false)
	b.want(0, "9 events, 0 new or changed, 9 called off", update, "update")
	b.want(0, "called off: AWS maintenance: ALWAYS_ON desktops of corp.example.com "+b.directory, update, "list")
	link := strings.TrimSpace(b.want(0, "/calendar/", update, "link"))
	out, err := http.Get(b.HTTP() + strings.TrimPrefix(link, "http://desk.example.com")) //nolint:noctx // a calendar program
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	feed, err := io.ReadAll(out.Body)
	if err != nil || strings.Count(string(feed), "STATUS:CANCELLED\r\n") != 9 || strings.Count(string(feed), "SEQUENCE:1\r\n") != 9 {
		t.Errorf("want nine events that are called off, got %v, %s", err, feed)
	}
	b.may(strings.ReplaceAll(policy, "workspaces:DescribeWorkspaceDirectories", "workspaces:DescribeTags"))
	b.want(1, "workspaces:DescribeWorkspaceDirectories", update, "update")
}
