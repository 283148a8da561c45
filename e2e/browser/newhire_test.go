package browser_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/e2e/browser"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/setup"
	"tamachi/internal/id"
	"tamachi/internal/notify/file"
	"tamachi/internal/webaccess"
)

const hanako = "takeda.hanako"

// TestANewHireComesFromTheMail follows the link of the invitation, sets a
// password and signs in with it; types Japanese on a real desktop; goes home, so
// that it stops; and comes back, which wakes it.
func TestANewHireComesFromTheMail(t *testing.T) {
	t.Parallel()
	w := hire(t)
	link := w.mail(`http\S+/invitation/#\S+`)
	do := start(t, browser.Options{Locale: "ja-JP"})
	do(browser.Order{Do: "open", URL: link})
	do(browser.Order{Do: "status", Is: "ready"})
	set := func(password, again, status string) string {
		t.Helper()
		do(browser.Order{Do: "fill", Selector: "#password", Text: password})
		do(browser.Order{Do: "fill", Selector: "#again", Text: again})
		do(browser.Order{Do: "click", Selector: "form#form button"})
		return do(browser.Order{Do: "status", Is: status}).Text
	}
	set("Correct-Horse-7", "Correct-Horse-8", "differ")
	set("short", "short", "weak-short")
	do(browser.Order{Do: "shot", Path: out(t, "invitation.png")})
	if got := set("Correct-Horse-7", "Correct-Horse-7", "done"); !strings.Contains(got, "設定しました") {
		t.Errorf("when the password is set: got %q", got)
	}
	do(browser.Order{Do: "click", Selector: "#signin"})
	do(browser.Order{Do: "status", Is: "ready"}) // the registration code is there already
	do(browser.Order{Do: "fill", Selector: "#user", Text: hanako})
	do(browser.Order{Do: "fill", Selector: "#password", Text: "Correct-Horse-7"})
	do(browser.Order{Do: "click", Selector: "form#form button"})
	do(browser.Order{Do: "status", Is: "connected"}) // straight to the only desktop
	do(browser.Order{Do: "pixels"})
	w.types(do)

	do(browser.Order{Do: "open", URL: link}) // which leaves the desktop
	do(browser.Order{Do: "status", Is: "used"})
	w.stops()

	desktop := w.plane.HTTP() + webaccess.Prefix + "workspace/" + w.desktop + "/"
	do(browser.Order{Do: "open", URL: desktop})
	if got := do(browser.Order{Do: "status", Is: "stopped"}).Text; !strings.Contains(got, "停止しています") {
		t.Errorf("the page of a stopped desktop: got %q", got)
	}
	do(browser.Order{Do: "shot", Path: out(t, "stopped.png")})
	do(browser.Order{Do: "shown", Selector: "#start"})
	began := time.Now()
	do(browser.Order{Do: "click", Selector: "#start"})
	do(browser.Order{Do: "status", Is: "connected"})
	do(browser.Order{Do: "pixels"})
	t.Logf("from the wish to the first picture of the woken desktop: %s", time.Since(began))
	if text, err := os.ReadFile(w.written()); err != nil || string(text) != "議事録を読む\n" {
		t.Errorf("what was written before the desktop stopped: %q, %v", text, err)
	}
	do(browser.Order{Do: "shot", Path: out(t, "woken.png")})
}

// moved is the machine's clock, set forward by the test.
type moved struct{ by atomic.Int64 }

func (c *moved) Now() time.Time { return clock.Real{}.Now().Add(time.Duration(c.by.Load())) }

// workplace is a plane over real desktops, with one of a new hire.
type workplace struct {
	t       *testing.T
	plane   *apitest.Plane
	clock   *moved
	local   *local.Provider
	outbox  string
	desktop string
}

// hire makes a person with a mail address, and a desktop for them.
func hire(t *testing.T) *workplace {
	t.Helper()
	w := &workplace{t: t, clock: new(moved), outbox: filepath.Join(t.TempDir(), "outbox")}
	w.plane = apitest.Start(t, apitest.Options{Clock: w.clock, Desktops: w.provider(), Notices: file.New(w.outbox)})
	ctx := t.Context()
	made, err := directoryservice.NewFromConfig(w.plane.Config()).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-Open-1"), Size: dstypes.DirectorySizeSmall,
	})
	w.must(err)
	w.plane.Do("ds-data", "CreateUser", &directoryservicedata.CreateUserInput{DirectoryId: made.DirectoryId, SAMAccountName: new(hanako), EmailAddress: new("hanako@example.com")})
	desks := workspaces.NewFromConfig(w.plane.Config())
	_, err = desks.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: made.DirectoryId})
	w.must(err)
	out, err := desks.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: made.DirectoryId, BundleId: new("wsb-d12value0"), UserName: new(hanako),
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop, RunningModeAutoStopTimeoutInMinutes: new(int32(60))},
	}}})
	w.must(err)
	if len(out.PendingRequests) != 1 {
		t.Fatalf("create a desktop: %+v", out.FailedRequests)
	}
	w.desktop = *out.PendingRequests[0].WorkspaceId
	return w
}

// provider is the local one, over a folder of the test and the small image.
func (w *workplace) provider() desktops.Provider {
	t := w.t
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("real desktops are made of namespaces, mounts and a bridge: run this as root")
	}
	folder, err := os.MkdirTemp("", "tamachi-newhire-") // others walk through it: desktops run programs of it
	w.must(err)
	w.must(os.Chmod(folder, 0o755))
	program := filepath.Join(folder, "tamachi")
	build := exec.Command("go", "build", "-o", program, "tamachi/cmd/tamachi")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, text)
	}
	port, err := net.Listen("tcp", "127.0.0.1:0") // its number is free on the bridge as well
	w.must(err)
	_, number, err := net.SplitHostPort(port.Addr().String())
	w.must(err)
	w.must(port.Close())
	n, err := strconv.Atoi(number)
	w.must(err)
	o := local.Options{Base: setup.Base{
		Dir: filepath.Join(folder, "desktops"), Exe: program, PlanePort: n, Images: []string{"small"}, Clock: w.clock, IDs: id.Random(),
	}}
	w.local, err = local.Open(t.Context(), o)
	w.must(err)
	t.Cleanup(func() { // the plane has closed its provider, and desktops outlive that
		ctx := context.WithoutCancel(t.Context())
		p, err := local.Open(ctx, o)
		w.must(err)
		if err := errors.Join(p.Purge(ctx), p.Close(), os.RemoveAll(folder)); err != nil {
			t.Errorf("remove the desktops: %v", err)
		}
	})
	return w.local
}

func (w *workplace) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// mail waits for one in the outbox and finds something in its text.
func (w *workplace) mail(pattern string) (found string) {
	w.t.Helper()
	apitest.Eventually(w.t, "the mail", func() bool {
		letters, err := filepath.Glob(filepath.Join(w.outbox, "*.eml"))
		if err != nil || len(letters) == 0 {
			return false
		}
		text, err := os.ReadFile(letters[0])
		w.must(err)
		if found = regexp.MustCompile(pattern).FindString(plain(string(text))); found == "" {
			w.t.Fatalf("the mail does not have %s:\n%s", pattern, text)
		}
		return true
	})
	return found
}

// plain undoes the form in which a mail carries its text.
func plain(mail string) string {
	_, body, _ := strings.Cut(strings.ReplaceAll(mail, "\r\n", "\n"), "\n\n")
	text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\n", ""))
	if err != nil {
		return mail
	}
	return string(text)
}

// types writes Japanese into a file, by the input method of the browser's
// machine.
func (w *workplace) types(do func(browser.Order) browser.Answer) {
	w.t.Helper()
	do(browser.Order{Do: "tap", X: 300, Y: 300}) // the terminal
	do(browser.Order{Do: "click", Selector: "#compose"})
	do(browser.Order{Do: "type", Text: "cat > ~/written\n"})
	apitest.Eventually(w.t, "the file that will hold the text", func() bool { return w.written() != "" })
	do(browser.Order{Do: "compose", Is: "ぎじろく", Text: "議事録"})
	do(browser.Order{Do: "compose", Is: "を", Text: "を読む"})
	do(browser.Order{Do: "press", Key: "Enter"})
	do(browser.Order{Do: "press", Key: "Control+d"})
	content(w.t, w.written(), "議事録を読む\n")
}

// written is the file in the home of the person, seen from the host; "" while
// there is none.
func (w *workplace) written() string {
	d, err := w.local.Inspect(w.t.Context(), w.desktop)
	w.must(err)
	found, err := filepath.Glob(fmt.Sprintf("/proc/%d/root/home/*/written", d.PID))
	w.must(err)
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// stops sees that the desktop is left alone for its hour, and then stopped.
func (w *workplace) stops() {
	w.t.Helper()
	state := func() types.Workspace {
		out := w.plane.Do("workspaces", "DescribeWorkspaces", &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{w.desktop}})
		return out.(*workspaces.DescribeWorkspacesOutput).Workspaces[0]
	}
	apitest.Eventually(w.t, "the end of the stream", func() bool {
		out := w.plane.Do("workspaces", "DescribeWorkspacesConnectionStatus", &workspaces.DescribeWorkspacesConnectionStatusInput{WorkspaceIds: []string{w.desktop}})
		return out.(*workspaces.DescribeWorkspacesConnectionStatusOutput).WorkspacesConnectionStatus[0].ConnectionState == types.ConnectionStateDisconnected
	})
	w.clock.by.Add(int64(59 * time.Minute))
	w.must(w.plane.Upkeep(w.t.Context()))
	if got := state(); got.State != types.WorkspaceStateAvailable {
		w.t.Fatalf("after 59 minutes: %s, want AVAILABLE", got.State)
	}
	w.clock.by.Add(int64(2 * time.Minute))
	w.must(w.plane.Upkeep(w.t.Context()))
	apitest.Eventually(w.t, "the desktop to stop", func() bool { return state().State == types.WorkspaceStateStopped })
}
