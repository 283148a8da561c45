package browser_test

import (
	"encoding/base32"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/e2e/browser"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/clock"
	"tamachi/internal/proof"
	"tamachi/internal/webaccess"
)

// lodge is a plane on a clock of ours, with a directory and one person.
type lodge struct {
	*apitest.Plane
	t         *testing.T
	clk       *clock.Frozen
	directory string
	code      string
}

const (
	guest = "fujita.kouhei"
	first = "Correct-Horse-7"
)

func openLodge(t *testing.T) *lodge {
	t.Helper()
	clk := clock.NewFrozen(time.Date(2101, 4, 1, 8, 0, 0, 0, time.UTC)) // the browser ends cookies by the machine's clock
	l := &lodge{Plane: apitest.Start(t, apitest.Options{Clock: clk}), t: t, clk: clk}
	made := l.Do("ds", "CreateDirectory", &directoryservice.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-123"), Size: dstypes.DirectorySizeSmall,
	}).(*directoryservice.CreateDirectoryOutput)
	l.directory = *made.DirectoryId
	l.Do("workspaces", "RegisterWorkspaceDirectory", &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &l.directory})
	found := l.Do("workspaces", "DescribeWorkspaceDirectories", &workspaces.DescribeWorkspaceDirectoriesInput{}).(*workspaces.DescribeWorkspaceDirectoriesOutput)
	l.code = *found.Directories[0].RegistrationCode
	l.Do("ds-data", "CreateUser", &directoryservicedata.CreateUserInput{DirectoryId: &l.directory, SAMAccountName: new(guest)})
	l.Do("ds", "ResetUserPassword", &directoryservice.ResetUserPasswordInput{DirectoryId: &l.directory, UserName: new(guest), NewPassword: new(first)})
	return l
}

// hand fills a form in the way a person does.
type hand func(browser.Order) browser.Answer

func (do hand) fill(selector, text string) {
	do(browser.Order{Do: "fill", Selector: selector, Text: text})
}
func (do hand) click(selector string) { do(browser.Order{Do: "click", Selector: selector}) }

// says waits for a status, and returns its sentence.
func (do hand) says(status string) string { return do(browser.Order{Do: "status", Is: status}).Text }

func (do hand) signIn(l *lodge, password string) {
	do.fill("#code", l.code)
	do.fill("#user", guest)
	do.fill("#password", password)
	do.click("form#form button")
}

func (do hand) change(next, again, status string) string {
	do.fill("#next", next)
	do.fill("#again", again)
	do.click("form#change button[type=submit]")
	return do.says(status)
}

// TestPeopleChangeTheirPasswordsOnThePage: one that has expired, and one of
// which they are tired, on a phone and in Japanese.
func TestPeopleChangeTheirPasswordsOnThePage(t *testing.T) {
	t.Parallel()
	l := openLodge(t)
	l.clk.Advance(43 * 24 * time.Hour)
	do := hand(start(t, browser.Options{Locale: "ja-JP", Phone: true}))
	do(browser.Order{Do: "open", URL: l.HTTP() + webaccess.Prefix})
	do.says("ready")
	do.signIn(l, first)
	do.says("stale")
	do(browser.Order{Do: "shot", Path: out(t, "stale.png")})
	do.change("Correct-Horse-8", "Correct-Horse-9", "differ")
	do.change("Ab1", "Ab1", "weak-short")
	do.change("Fujita.Kouhei-8", "Fujita.Kouhei-8", "weak-name")
	if got := do.change(first, first, "weak-used"); got != "このパスワードは以前に使われています。別のパスワードにしてください。" {
		t.Errorf("the same again: the page says %q", got)
	}
	do(browser.Order{Do: "shot", Path: out(t, "weak.png")})
	do.change("Correct-Horse-8", "Correct-Horse-8", "chosen")

	do.click("#tochange")
	do.says("change")
	do.fill("#old", "Correct-Horse-8")
	do.change("Correct-Horse-9", "Correct-Horse-9", "toosoon")
	do(browser.Order{Do: "shot", Path: out(t, "change.png")})
	do.click("form#change .cancel")
	do.says("chosen")
	l.clk.Advance(25 * time.Hour)
	do.click("#tochange")
	do.fill("#old", "Correct-Horse-8")
	do.change("Correct-Horse-9", "Correct-Horse-9", "over") // a working day is over
	do.signIn(l, "Correct-Horse-8")
	do.says("chosen")
	do.click("#tochange")
	do.fill("#old", "Correct-Horse-1")
	do.change("Correct-Horse-9", "Correct-Horse-9", "wrongformer")
	do.fill("#old", "Correct-Horse-8")
	do.change("Correct-Horse-9", "Correct-Horse-9", "changed")
	do.click("#signout")
	do.says("ready")
	do.signIn(l, "Correct-Horse-9")
	do.says("chosen")
}

// TestPeopleSetUpAnAppOnThePage: their directory asks for a second factor from
// now on.
func TestPeopleSetUpAnAppOnThePage(t *testing.T) {
	t.Parallel()
	l := openLodge(t)
	rule := "REQUIRED"
	l.Do("tamachi", "UpdateDirectorySignIn", &tamachi.UpdateDirectorySignInInput{DirectoryId: &l.directory, SecondFactor: &rule})
	do := hand(start(t, browser.Options{Locale: "ja-JP", Phone: true}))
	do(browser.Order{Do: "open", URL: l.HTTP() + webaccess.Prefix})
	do.says("ready")
	do.signIn(l, first)
	do.says("scan")
	do(browser.Order{Do: "shown", Selector: "#picture[src]"})
	do(browser.Order{Do: "shot", Path: out(t, "scan.png")})
	key := do(browser.Order{Do: "text", Selector: "#key"}).Text
	seed, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(key, " ", ""))
	if err != nil || len(seed) != proof.SeedBytes {
		t.Fatalf("the key for who types: got %q, %v", key, err)
	}
	do.fill("#firstcode", "000000")
	do.click("form#enrol button[type=submit]")
	do.says("wrongcode")
	do.fill("#firstcode", proof.Code(seed, proof.StepOf(l.clk.Now())))
	do.click("form#enrol button[type=submit]")
	do.says("chosen")
	do.click("#toenrol")
	do.says("app")
	do.fill("#sure", first)
	do.click("form#enrol button[type=submit]")
	do.says("hasfactor")
	do.click("form#enrol .cancel")
	do.says("chosen")
	do.click("#signout")
	do.says("ready")
	do.signIn(l, first)
	do.says("code")
}
