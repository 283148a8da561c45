package browser_test

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/e2e/browser"
	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/console"
)

// office is a plane with something to see on each page of the console.
type office struct {
	*apitest.Plane
	t         *testing.T
	directory string
	desktop   string // hanako's
	node      string
	getenv    func(string) string // of the desk
	plan      string
	late      late
	agreed    string // the language in which somebody did
}

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t}
	o.late.by.Store(int64(-sampled * time.Minute))
	o.Plane = apitest.Start(t, apitest.Options{Desk: o.desk(), Clock: &o.late})
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
	for range 3 {
		o.rings("disk-full")
	}
	o.maintained()
	o.used()
	activation, code := o.Activation()
	o.Hire(agent.Config{ActivationID: activation, ActivationCode: code})
	o.node = o.Online(1)[0]
	o.plan = o.proposes("cost sweep")
	return o
}

// rings makes an alarm in ALARM.
func (o *office) rings(name string) {
	o.t.Helper()
	watch := cloudwatch.NewFromConfig(o.Config())
	_, err := watch.PutMetricAlarm(o.t.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: new("Office"), MetricName: new("Disk"), Period: new(int32(60)), Dimensions: []cwtypes.Dimension{{Name: new("WorkspaceId"), Value: &o.desktop}}, EvaluationPeriods: new(int32(1)),
		Threshold: new(90.0), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold, Statistic: cwtypes.StatisticMaximum, TreatMissingData: new("ignore"),
	})
	o.must(err)
	_, err = watch.SetAlarmState(o.t.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: cwtypes.StateValueOk, StateReason: new("emptied")})
	o.must(err)
	_, err = watch.SetAlarmState(o.t.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: cwtypes.StateValueAlarm, StateReason: new("97 percent of the volume are in use")})
	o.must(err)
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

// enter opens the console in a browser and signs in with an access key.
func (o *office) enter(b browser.Options, key, secret string) visitor {
	o.t.Helper()
	v := visitor{start(o.t, b), o}
	v.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix})
	v.shown("input[name=accessKeyId]")
	v.fill("input[name=accessKeyId]", key)
	v.fill("input[name=secretAccessKey]", secret)
	v.hand(browser.Order{Do: "press", Key: "Enter"})
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

// shot is taken of each page once it is there; then the page is looked at with
// the eyes of those who do not see it.
func (v visitor) shot(name string) {
	v.o.t.Helper()
	if list := v.hand(browser.Order{Do: "axe"}).List; len(list) > 0 {
		v.o.t.Errorf("%s: %s", name, strings.Join(list, "\n\t"))
	}
	v.hand(browser.Order{Do: "shot", Path: out(v.o.t, "console-"+name+".png")})
}

// quiet is without complaints of the browser, such as what the pages' policy
// forbids.
func (v visitor) quiet() {
	v.o.t.Helper()
	if list := v.hand(browser.Order{Do: "complaints"}).List; len(list) > 0 {
		v.o.t.Errorf("the page complained: %q", list)
	}
}

// words are what the pages say in a language.
type words struct {
	lang, home, desktops, nodes, events, alarms, people, plans, approvals, cost string
	found, other, run, apply, done, third                                       string
}

// counted is how a language says that all steps are done.
func (w words) counted(steps int) string {
	if w.lang == "ja" {
		return fmt.Sprintf("%d 件中 %d 件が完了", steps, steps)
	}
	return fmt.Sprintf("%d of %d done", steps, steps)
}

var said = []words{
	{"ja", "ホーム", "デスクトップ", "ノード", "イベント履歴", "アラーム", "ユーザー", "計画", "承認", "コスト", "2 件中 1 件", "English", "実行", "実行", "1 件を受け付けました", "7 日間で 3 回目"},
	{"en", "Home", "Desktops", "Nodes", "Event history", "Alarms", "People", "Plans", "Approvals", "Cost", "1 of 2", "日本語", "Run", "Do it", "Accepted for 1", "3rd time in 7 days"},
}

// TestTheConsoleInTwoLanguages goes through every page as a team in Japan and
// one elsewhere see it.
func TestTheConsoleInTwoLanguages(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	a := o.Access()
	v := o.enter(browser.Options{Locale: "ja-JP", Height: 1500}, a.AccessKeyID, a.SecretAccessKey)
	for _, w := range said {
		v.shown(`html[lang=` + w.lang + `] h1:has-text("` + w.home + `")`)
		v.shown(`a[aria-label="` + w.desktops + `: 2"]`)
		v.shown(`a[aria-label$=": 1"][href*="waits=mine"], a[aria-label$=": 0"][href*="waits=mine"]`)
		v.shown(`li:has-text("97 percent of the volume") a:has-text("` + hanako + `")`) // whom it is about
		v.shown(`li b:has-text("` + w.third + `")`)
		v.shown(`li:has-text("corp.example.com")`) // maintenance
		v.shot("home-" + w.lang)
		v.keyboard(w)
		v.desktops(w)
		v.nodes(w)
		v.events(w)
		v.alarms(w)
		v.people(w)
		v.plans(w)
		v.cost(w)
		v.quiet()
		v.page("", w.home)
		v.click(`#top :text-is("` + w.other + `"):visible`)
	}
}

// desktops finds one, looks at it, and reboots it by a plan.
func (v visitor) desktops(w words) {
	v.o.t.Helper()
	v.page("desktops", w.desktops)
	v.shown(`tr:has-text("` + guest + `")`)
	v.fill("input[type=search]", "takeda Available")
	v.shown(`h1:has-text("` + w.found + `")`)
	v.shot("desktops-" + w.lang)
	v.hand(browser.Order{Do: "holds", Text: `location.search === '?q=takeda+Available'`})
	v.fill("input[type=search]", "nobody-at-all")
	v.shown(`table button`)
	v.fill("input[type=search]", "takeda")
	v.click(`td a:has-text("` + v.o.desktop + `")`)
	v.shown(`#content h1:has-text("` + hanako + `")`)
	v.shown(`ol.timeline li:has-text("AVAILABLE")`)
	v.shown(`[aria-label*="CPUUsage"] path, svg[aria-label*="CPUUsage"] path`)
	v.click("button[data-do=diagnose]")
	v.shown(`li[data-fix=rebuild] pre:has-text("--fix rebuild")`)
	v.shot("desktop-" + w.lang)
	v.click(`#content button[aria-haspopup=true]`)
	v.click(`[data-testid=reboot]`)
	v.shown(`[role=dialog] pre:has-text("tamachi desktop reboot ` + v.o.desktop + ` --apply")`)
	v.fill("[role=dialog] textarea", "frozen")
	v.shot("change-" + w.lang)
	v.click(`[role=dialog] button[data-do=go]`)
	v.shown(`#content h1:has-text("desktop reboot")`)
	v.carries("reboot-"+w.lang, 1, w)
}

// nodes runs a script on one and sees what it writes, and works in a shell.
func (v visitor) nodes(w words) {
	v.o.t.Helper()
	v.page("nodes", w.nodes)
	v.click(`tr:has-text("` + v.o.node + `") input[type=checkbox]`)
	v.fill("textarea", "echo 議事録-$((40+2))")
	v.click("button[data-do=run]")
	v.shown(`pre.output:has-text("議事録-42")`)
	v.shot("run-" + w.lang)
	v.click(`a[href$="nodes/` + v.o.node + `"]`)
	v.click("button[data-do=shell]")
	v.shown(`.terminal[data-phase=connected]`)
	v.hand(browser.Order{Do: "type", Text: "echo got-$((6*7))\n"})
	v.shown(`.terminal :text("got-42")`)
	v.shot("shell-" + w.lang)
}

// events finds who made the desktops.
func (v visitor) events(w words) {
	v.o.t.Helper()
	v.page("events", w.events)
	v.click(`#content form button[aria-haspopup]`)
	v.click(`[role=option]:has-text("EventName")`)
	v.fill("input[name=value]", "CreateWorkspaces")
	v.hand(browser.Order{Do: "press", Key: "Enter"})
	v.hand(browser.Order{Do: "holds", Text: `location.search.includes('by=EventName&value=CreateWorkspaces')`})
	v.click(`tr:has-text("CreateWorkspaces")`)
	v.shown(`pre.record:has-text("\"bundleId\": \"wsb-d12value0\"")`)
	v.shot("events-" + w.lang)
}

// alarms looks at what happened to one.
func (v visitor) alarms(w words) {
	v.o.t.Helper()
	v.page("alarms", w.alarms)
	v.click(`tr:has-text("disk-full")`)
	v.shown(`ol.timeline li`)
	v.shot("alarms-" + w.lang)
}

// people looks at one.
func (v visitor) people(w words) {
	v.o.t.Helper()
	v.page("people", w.people)
	v.click(`tr:has-text("` + hanako + `")`)
	v.shown(`:text("CN=` + hanako + `")`)
	v.shot("people-" + w.lang)
}

// reader hires one who may only look at desktops.
func (o *office) reader() *iamtypes.AccessKey {
	o.t.Helper()
	users := iam.NewFromConfig(o.Config())
	_, err := users.CreateUser(o.t.Context(), &iam.CreateUserInput{UserName: new("reader")})
	o.must(err)
	_, err = users.PutUserPolicy(o.t.Context(), &iam.PutUserPolicyInput{
		UserName: new("reader"), PolicyName: new("desktops"),
		PolicyDocument: new(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"workspaces:Describe*","Resource":"*"}]}`),
	})
	o.must(err)
	key, err := users.CreateAccessKey(o.t.Context(), &iam.CreateAccessKeyInput{UserName: new("reader")})
	o.must(err)
	return key.AccessKey
}

// TestTheConsoleOfWhoMayLittle shows what is allowed, and says what is not and
// why; on a phone.
func TestTheConsoleOfWhoMayLittle(t *testing.T) {
	t.Parallel()
	o := &office{Plane: apitest.Start(t, apitest.Options{}), t: t}
	key := o.reader()
	v := o.enter(browser.Options{Phone: true}, *key.AccessKeyId, "wrong")
	v.shown("form [class*=alert]")
	if got := v.hand(browser.Order{Do: "text", Selector: "form"}).Text; !strings.Contains(got, "signature we calculated does not match") {
		t.Errorf("a wrong key: the page says %q", got)
	}
	v.shot("refused")
	v.fill("input[name=secretAccessKey]", *key.SecretAccessKey)
	v.hand(browser.Order{Do: "press", Key: "Enter"})
	v.shown(`a[aria-label="Desktops: 0"]`)
	v.shown(`:text("is not authorized to perform: cloudwatch:DescribeAlarms")`)
	v.shot("denied")
	v.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "cost"})
	v.shown(`#content :text("This plane serves no desk")`)
	v.shot("cost-deskless")
	v.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "images"})
	v.shown(`#content :text("This plane serves no desk")`)
	v.shown(`#content :text("There are no images of your own")`)
	v.shot("images-deskless")
	_, err := iam.NewFromConfig(o.Config()).DeleteUserPolicy(t.Context(), &iam.DeleteUserPolicyInput{UserName: new("reader"), PolicyName: new("desktops")})
	o.must(err)
	v.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "cost"})
	v.shown(`#content :text("is not authorized to perform: workspaces:DescribeWorkspaces")`)
	v.shot("cost-denied")
	v.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "images"})
	v.shown(`#content :text("is not authorized to perform: workspaces:DescribeWorkspaceImages")`)
	v.shot("images-denied")
}

// TestAPersonComesToTheConsole by the password of their directory, with a role
// that trusts it.
func TestAPersonComesToTheConsole(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	roles := iam.NewFromConfig(o.Config())
	_, err := roles.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: new("Desk"), AssumeRolePolicyDocument: new(`{"Version":"2012-10-17","Statement":[{
"Effect":"Allow","Principal":{"Service":"ds.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"],"Condition":{"StringEquals":{"aws:RequestTag/User":"` + guest + `"}}}]}`)})
	o.must(err)
	_, err = roles.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: new("Desk"), PolicyArn: new("arn:aws:iam::aws:policy/ReadOnlyAccess")})
	o.must(err)
	_, err = directoryservice.NewFromConfig(o.Config()).ResetUserPassword(t.Context(), &directoryservice.ResetUserPasswordInput{DirectoryId: &o.directory, UserName: new(guest), NewPassword: new(first)})
	o.must(err)
	found, err := workspaces.NewFromConfig(o.Config()).DescribeWorkspaceDirectories(t.Context(), &workspaces.DescribeWorkspaceDirectoriesInput{})
	o.must(err)
	v := visitor{start(t, browser.Options{Locale: "ja-JP", Phone: true}), o}
	v.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "?role=Desk&code=" + url.QueryEscape(*found.Directories[0].RegistrationCode)})
	v.shown("input[name=user]")
	v.fill("input[name=user]", guest)
	v.fill("input[name=password]", "Wrong-Horse-1")
	v.hand(browser.Order{Do: "press", Key: "Enter"})
	v.shown(`form :text("パスワード、または登録コードが違います")`)
	v.shot("person-refused")
	v.fill("input[name=password]", first)
	v.hand(browser.Order{Do: "press", Key: "Enter"})
	v.shown(`a[aria-label="デスクトップ: 2"]`)
	v.shot("person-home")
	v.click(`a[aria-label="デスクトップ: 2"]`)
	v.click(`td a:has-text("` + o.desktop + `")`)
	v.shown(`ol.timeline li:has-text("AVAILABLE"), :text("DescribeDesktopHistory")`)
	v.shot("person-desktop")
	o.must(os.WriteFile(o.getenv("TAMACHI_DESK"), []byte(deskRules), 0o600))
	v.hand(browser.Order{Do: "open", URL: o.HTTP() + console.Prefix + "cost"})
	v.shown(`#content :text("価格表 (prices) がない")`)
	v.shown(`table.sums tfoot td:text-is("–")`)
	v.shown(`#content a[href$="plans/` + o.plan + `"]`)
	v.hand(browser.Order{Do: "holds", Text: `document.documentElement.scrollWidth <= innerWidth`})
	v.shot("person-cost")
}
