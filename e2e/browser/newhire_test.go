package browser_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/e2e/browser"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/aws/services/directoryservicedata"
)

// TestANewHireComesFromTheMail follows the link of the invitation, sets a
// password, and signs in with it.
func TestANewHireComesFromTheMail(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	invite(t, p)
	apitest.Eventually(t, "the mail", func() bool { return len(p.Mails.Sent()) == 1 })
	link := regexp.MustCompile(`http\S+/invitation/#\S+`).FindString(p.Mails.Sent()[0].Text)
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
	do(browser.Order{Do: "fill", Selector: "#user", Text: "takeda.hanako"})
	do(browser.Order{Do: "fill", Selector: "#password", Text: "Correct-Horse-7"})
	do(browser.Order{Do: "click", Selector: "form#form button"})
	do(browser.Order{Do: "status", Is: "connected"}) // straight to the only desktop
	do(browser.Order{Do: "open", URL: link})
	do(browser.Order{Do: "status", Is: "used"})
}

// invite makes a person with a mail address, and a desktop for them.
func invite(t *testing.T, p *apitest.Plane) {
	t.Helper()
	ctx, name := t.Context(), "takeda.hanako"
	made, err := directoryservice.NewFromConfig(p.Config()).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-Open-1"), Size: dstypes.DirectorySizeSmall,
	})
	if err != nil {
		t.Fatal(err)
	}
	a := p.Access()
	_, err = p.Gate().Do(ctx, &api.Call{
		Caller: p.Administrator(), Account: a.Account, Region: a.Region, RequestID: "11111111-1111-4111-8111-111111111113", Time: time.Now(),
		Service: "ds-data", Operation: "CreateUser",
	}, &directoryservicedata.CreateUserInput{DirectoryId: made.DirectoryId, SAMAccountName: &name, EmailAddress: new("hanako@example.com")})
	if err != nil {
		t.Fatal(err)
	}
	desks := workspaces.NewFromConfig(p.Config())
	if _, err := desks.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: made.DirectoryId}); err != nil {
		t.Fatal(err)
	}
	out, err := desks.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{
		{DirectoryId: made.DirectoryId, BundleId: new("wsb-d12value0"), UserName: &name},
	}})
	if err != nil || len(out.PendingRequests) != 1 {
		t.Fatalf("create a desktop: %v, %+v", err, out)
	}
}
