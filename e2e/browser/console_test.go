package browser_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/e2e/browser"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/console"
)

// office is a plane with something to see on each page of the console.
type office struct {
	*apitest.Plane
	t         *testing.T
	directory string
	desktop   string // hanako's
}

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{Plane: apitest.Start(t, apitest.Options{}), t: t}
	ctx := t.Context()
	made, err := directoryservice.NewFromConfig(o.Config()).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-Open-1"), Size: dstypes.DirectorySizeSmall,
	})
	o.must(err)
	o.directory = *made.DirectoryId
	desks := workspaces.NewFromConfig(o.Config())
	_, err = desks.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &o.directory})
	o.must(err)
	for _, user := range []string{hanako, guest} {
		if _, fault := o.Post("ds-data", "/Users/CreateUser?DirectoryId="+o.directory, map[string]any{"SAMAccountName": user}); fault != "" {
			t.Fatal(fault)
		}
		out, err := desks.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
			DirectoryId: &o.directory, BundleId: new("wsb-d12value0"), UserName: &user,
		}}})
		o.must(err)
		if user == hanako {
			o.desktop = *out.PendingRequests[0].WorkspaceId
		}
	}
	apitest.Eventually(t, "the desktops", func() bool {
		out, err := desks.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{})
		o.must(err)
		return out.Workspaces[0].State == types.WorkspaceStateAvailable && out.Workspaces[1].State == types.WorkspaceStateAvailable
	})
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// visitor is somebody at the console.
type visitor struct {
	hand
	o *office
}

// enter opens the console in a browser and signs in as the administrator.
func (o *office) enter(b browser.Options) visitor {
	o.t.Helper()
	v := visitor{start(o.t, b), o}
	v.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix})
	v.shown("input[name=accessKeyId]")
	a := o.Access()
	v.fill("input[name=accessKeyId]", a.AccessKeyID)
	v.fill("input[name=secretAccessKey]", a.SecretAccessKey)
	v.hand(browser.Order{Do: "press", Key: "Enter"})
	v.shown("#content h1")
	return v
}

func (v visitor) shown(selector string) {
	v.o.t.Helper()
	v.hand(browser.Order{Do: "shown", Selector: selector})
}

// page goes to a page by the menu's link, and waits for its heading.
func (v visitor) page(path, head string) {
	v.o.t.Helper()
	v.click(`nav a[href="` + console.Prefix + path + `"]`)
	v.shown(`#content h1:has-text("` + head + `")`)
}

func (v visitor) shot(name string) {
	v.o.t.Helper()
	v.hand(browser.Order{Do: "shot", Path: out(v.o.t, name)})
}

// content is without complaints of the browser, such as what the pages' policy
// forbids.
func (v visitor) content() {
	v.o.t.Helper()
	if list := v.hand(browser.Order{Do: "complaints"}).List; len(list) > 0 {
		v.o.t.Errorf("the page complained: %q", list)
	}
}

// TestTheConsoleInTwoLanguages goes through every page as a team in Japan and
// one elsewhere see it.
func TestTheConsoleInTwoLanguages(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for _, row := range []struct {
		name, locale, home, desktops, found string
	}{
		{"in Japanese", "ja-JP", "ホーム", "デスクトップ", "2 件中 1 件"},
		{"in English", "en-US", "Home", "Desktops", "1 of 2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			o.t = t
			v := o.enter(browser.Options{Locale: row.locale})
			v.shown(`h1:has-text("` + row.home + `")`)
			v.shown(`a[aria-label$=": 2"]`) // desktops
			v.shot("console-home-" + row.locale + ".png")

			v.page("desktops", row.desktops)
			v.shown(`tr:has-text("` + guest + `")`)
			v.fill("input[type=search]", "takeda Available")
			v.shown(`h1:has-text("` + row.found + `")`)
			v.shot("console-desktops-" + row.locale + ".png")
			v.hand(browser.Order{Do: "holds", Text: `location.search === '?q=takeda+Available'`})
			v.fill("input[type=search]", "nobody-at-all")
			v.shown(`table button`)
			v.content()
		})
	}
}

// TestTheConsoleRefusesAWrongKey says what the plane said.
func TestTheConsoleRefusesAWrongKey(t *testing.T) {
	t.Parallel()
	p := apitest.Start(t, apitest.Options{})
	do := hand(start(t, browser.Options{Phone: true}))
	do(browser.Order{Do: "open", URL: p.HTTP() + console.Prefix + "desktops"})
	do(browser.Order{Do: "shown", Selector: "input[name=accessKeyId]"})
	do.fill("input[name=accessKeyId]", p.Access().AccessKeyID)
	do.fill("input[name=secretAccessKey]", "wrong")
	do(browser.Order{Do: "press", Key: "Enter"})
	do(browser.Order{Do: "shown", Selector: "form [class*=alert]"})
	if got := do(browser.Order{Do: "text", Selector: "form"}).Text; !strings.Contains(got, "signature we calculated does not match") {
		t.Errorf("the page says %q", got)
	}
	do(browser.Order{Do: "shot", Path: out(t, "console-refused.png")})
}
