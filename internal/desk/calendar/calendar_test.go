package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

func find(all []Kept, uid string) *Kept {
	for i := range all {
		if all[i].UID == uid {
			return &all[i]
		}
	}
	return nil
}

func TestMerge(t *testing.T) {
	event := func(uid string, change func(*Event)) Event {
		e := Event{UID: uid, Source: "s", From: noon, To: noon.Add(time.Hour), What: [2]string{"a", "あ"}}
		if change != nil {
			change(&e)
		}
		return e
	}
	asked := map[string]bool{"s": true}
	before := noon.Add(-24 * time.Hour)
	one := merge(nil, []Event{event("x", nil), event("y", nil), event("z", nil)}, asked, before)
	if len(one) != 3 || one[0].Sequence != 0 || !one[0].Changed.Equal(before) {
		t.Fatalf("want three new ones, got %+v", one)
	}
	later := before.Add(time.Hour)
	two := merge(one, []Event{event("x", nil), event("y", func(e *Event) { e.To = noon.Add(2 * time.Hour) })}, asked, later)
	if x := find(two, "x"); x.Sequence != 0 || !x.Changed.Equal(before) {
		t.Errorf("want x as it was, got %+v", x)
	}
	if y := find(two, "y"); y.Sequence != 1 || !y.Changed.Equal(later) || y.Cancelled {
		t.Errorf("want y changed, got %+v", y)
	}
	if z := find(two, "z"); z == nil || !z.Cancelled || z.Sequence != 1 {
		t.Errorf("want z called off, got %+v", z)
	}
	three := merge(two, nil, nil, later)
	if !slices.Equal(three, two) {
		t.Errorf("want all as it was where nobody answered, got %+v", three)
	}
	if z := find(merge(two, []Event{event("z", nil)}, asked, later), "z"); z.Cancelled || z.Sequence != 2 {
		t.Errorf("want z back again, got %+v", z)
	}
	if x := find(merge(two, nil, asked, noon.Add(2*time.Hour)), "x"); x == nil || x.Cancelled {
		t.Errorf("want what is past to be kept as it was, got %+v", x)
	}
	if left := merge(two, nil, asked, noon.Add(40*24*time.Hour)); len(left) != 0 {
		t.Errorf("want all forgotten, got %+v", left)
	}
}

// cloud is an account with two directories.
type cloud struct {
	windows  []ssmtypes.MaintenanceWindowIdentity
	unknown  error
	enabled  bool
	desktops []types.Workspace
}

func (c *cloud) GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	return &sts.GetCallerIdentityOutput{Account: aws.String("111122223333")}, nil
}

func (c *cloud) DescribeWorkspaceDirectories(context.Context, *workspaces.DescribeWorkspaceDirectoriesInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspaceDirectoriesOutput, error) {
	of := func(id, name string, enabled bool) types.WorkspaceDirectory {
		return types.WorkspaceDirectory{DirectoryId: &id, DirectoryName: &name, WorkspaceCreationProperties: &types.DefaultWorkspaceCreationProperties{EnableMaintenanceMode: &enabled}}
	}
	return &workspaces.DescribeWorkspaceDirectoriesOutput{Directories: []types.WorkspaceDirectory{of("d-1", "corp.example.com", c.enabled), of("d-2", "lab.example.com", false)}}, nil
}

func (c *cloud) DescribeWorkspaces(context.Context, *workspaces.DescribeWorkspacesInput, ...func(*workspaces.Options)) (*workspaces.DescribeWorkspacesOutput, error) {
	return &workspaces.DescribeWorkspacesOutput{Workspaces: c.desktops}, nil
}

func (c *cloud) DescribeMaintenanceWindows(context.Context, *ssm.DescribeMaintenanceWindowsInput, ...func(*ssm.Options)) (*ssm.DescribeMaintenanceWindowsOutput, error) {
	return &ssm.DescribeMaintenanceWindowsOutput{WindowIdentities: c.windows}, c.unknown
}

func desktop(id, directory string, m types.RunningMode) types.Workspace {
	return types.Workspace{WorkspaceId: &id, DirectoryId: &directory, WorkspaceProperties: &types.WorkspaceProperties{RunningMode: m}}
}

func TestLook(t *testing.T) {
	c := &cloud{enabled: true, desktops: []types.Workspace{desktop("ws-1", "d-1", "AUTO_STOP"), desktop("ws-2", "d-1", "AUTO_STOP"), desktop("ws-3", "d-2", "ALWAYS_ON")}}
	c.windows = []ssmtypes.MaintenanceWindowIdentity{{WindowId: aws.String("mw-1"), Name: aws.String("patches"), Enabled: true, Duration: aws.Int32(2), NextExecutionTime: aws.String("2026-11-25T02:00Z")}}
	eyes := Eyes{c, c, c, "ap-northeast-1"}
	got, err := eyes.look(t.Context(), time.UTC, noon)
	if err != nil || len(got.problems) != 0 || len(got.asked) != 2 {
		t.Fatalf("want both asked, got %+v, %v", got, err)
	}
	// From 24 November (21:00 in Tokyo) on: to the 29th, then 14 from 21
	// December on, and those from 18 January to the 62nd day, the 24th.
	if n := len(got.events); n != 6+14+7+1 {
		t.Fatalf("want 28 events, got %d: %+v", n, got.events)
	}
	first := got.events[0]
	if first.UID != "auto_stop-111122223333-ap-northeast-1-desktops-20261124@tamachi" || first.From.UTC().Format(time.RFC3339) != "2026-11-23T15:00:00Z" ||
		first.What[1] != "AWS メンテナンス: corp.example.com d-1 の AUTO_STOP デスクトップ" || !strings.Contains(first.Why[0], "Asia/Tokyo") {
		t.Errorf("want the night in Tokyo of the one directory that wants it, got %+v", first)
	}
	if last := got.events[len(got.events)-1]; last.UID != "window-111122223333-ap-northeast-1-windows-mw-1-20261125T0200Z@tamachi" || last.What[0] != "Maintenance window patches" {
		t.Errorf("want the window, got %+v", last)
	}
	c.enabled, c.unknown = false, errors.New("no answer")
	got, err = eyes.look(t.Context(), time.UTC, noon)
	if err != nil || len(got.events) != 0 || len(got.problems) != 1 || !slices.Equal(got.asked, []string{"111122223333 ap-northeast-1 desktops"}) {
		t.Errorf("want no nights, and the windows not known, got %+v, %v", got, err)
	}
}

func TestFeed(t *testing.T) {
	dir := t.TempDir()
	s, err := shelf.In(func(string) string { return dir })
	if err != nil {
		t.Fatal(err)
	}
	f := &Feed{Shelf: s, Random: rand.Reader, Settings: settings.Default(), Log: func(string) {}}
	server := httptest.NewServer(f)
	defer server.Close()
	name, err := f.Name()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(subject, shelf.Target{}, []Kept{kept("a@tamachi", "off")}); err != nil {
		t.Fatal(err)
	}
	get := func(method, path, tag string) (*http.Response, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", tag)
		out, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Body.Close()
		b, err := io.ReadAll(out.Body)
		if err != nil {
			t.Fatal(err)
		}
		return out, string(b)
	}
	out, body := get(http.MethodGet, Path+name+"?lang=ja", "")
	if events, err := strict(body); err != nil || len(events) != 1 || events[0]["SUMMARY"] != "offの予定" || out.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Errorf("want the calendar, got %v, %v, %v", events, err, out.Header)
	}
	if again, _ := get(http.MethodGet, Path+name+"?lang=ja", out.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("want 304 where nothing changed, got %d", again.StatusCode)
	}
	for _, path := range []string{Path, Path + "x.ics", Path + name[1:], Path + strings.ToLower(name) + "x"} {
		if out, _ := get(http.MethodGet, path, ""); out.StatusCode != http.StatusNotFound {
			t.Errorf("%s: want 404, got %d", path, out.StatusCode)
		}
	}
	if out, _ := get(http.MethodPost, Path+name, ""); out.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("want no POST, got %d", out.StatusCode)
	}
	if err := s.ForgetSecret(subject); err != nil {
		t.Fatal(err)
	}
	if out, _ := get(http.MethodGet, Path+name, ""); out.StatusCode != http.StatusNotFound {
		t.Errorf("want the old address to lead nowhere, got %d", out.StatusCode)
	}
}

func TestMessagesAreWhole(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}
