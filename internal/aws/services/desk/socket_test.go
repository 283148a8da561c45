package desk_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/doctor"
	"tamachi/internal/desk/people"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/house"
)

// office is a plane that serves a desk, with one desktop.
type office struct {
	*apitest.Plane
	t       *testing.T
	getenv  func(string) string
	desktop string
}

const rules = `people:
  tanabe.ken:
    aws: ["arn:aws:iam::*:user/administrator"]
  suzuki.ichiro:
    aws: ["arn:aws:iam::*:user/suzuki"]
approvals:
  cost sweep:
    stages:
      - {of: [tanabe.ken, suzuki.ichiro], need: 1}
`

func open(t *testing.T) *office {
	t.Helper()
	return openAt(t, clock.Real{})
}

func openAt(t *testing.T, c clock.Clock) *office {
	t.Helper()
	o := &office{t: t}
	home := t.TempDir()
	o.getenv = func(name string) string {
		return map[string]string{"HOME": home, "TAMACHI_DESK": filepath.Join(home, "desk.yaml")}[name]
	}
	o.must(os.WriteFile(filepath.Join(home, "desk.yaml"), []byte(rules), 0o600))
	o.Plane = apitest.Start(t, apitest.Options{Clock: c, Desk: &house.Desk{
		World:   account.World{Getenv: o.getenv, Clock: clock.Real{}, Location: time.UTC},
		Actions: plan.Join(change.Actions(), people.Actions(rand.Reader), doctor.Actions()),
	}})
	ctx := t.Context()
	directory := o.Corp()
	desks := workspaces.NewFromConfig(o.Config())
	if _, fault := o.Post("ds-data", "/Users/CreateUser?DirectoryId="+directory, map[string]any{"SAMAccountName": "takeda.hanako"}); fault != "" {
		t.Fatal(fault)
	}
	out, err := desks.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: &directory, BundleId: aws.String("wsb-d12value0"), UserName: aws.String("takeda.hanako"),
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAlwaysOn},
	}}})
	o.must(err)
	o.desktop = *out.PendingRequests[0].WorkspaceId
	apitest.Eventually(t, "the desktop", func() bool { return o.is().State == types.WorkspaceStateAvailable })
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) is() types.Workspace {
	o.t.Helper()
	out, err := workspaces.NewFromConfig(o.Config()).DescribeWorkspaces(o.t.Context(), &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{o.desktop}})
	o.must(err)
	return out.Workspaces[0]
}

// proposes writes a plan down, as a duty does.
func (o *office) proposes(duty string, places ...plan.Place) string {
	o.t.Helper()
	return o.proposesWith(duty, nil, places...)
}

// proposesWith does, with what the duty was made by.
func (o *office) proposesWith(duty string, facts json.RawMessage, places ...plan.Place) string {
	o.t.Helper()
	m := change.Mode{Desktop: o.desktop, Want: change.Billed{Mode: "AUTO_STOP", Minutes: 60}, Was: change.Billed{Mode: "ALWAYS_ON"}}
	do, err := plan.MoveOf(change.RunningMode, m)
	o.must(err)
	undo, err := plan.MoveOf(change.RunningMode, m.Back())
	o.must(err)
	p, err := plan.New(plan.Plan{
		Duty: duty, Made: time.Now(), By: "arn:aws:iam::" + o.Access().Account + ":user/administrator", Places: places, Facts: facts,
		Steps: []plan.Step{{Resource: o.desktop, Owner: "takeda.hanako", Do: do, Undo: &undo, CLI: m.CLI(), What: plan.Text{En: "to AUTO_STOP", Ja: "自動停止へ"}}},
	})
	o.must(err)
	s, err := shelf.In(o.getenv)
	o.must(err)
	o.must(plan.In(s).Save(p))
	return p.ID
}

func (o *office) own() plan.Place {
	a := o.Access()
	return plan.Place{Account: a.Account, Region: a.Region, Endpoint: a.HTTP}
}

// desk makes a call, and tells what is in the answer at a path, or the error.
func (o *office) desk(cfg aws.Config, operation string, in map[string]any) (map[string]any, string) {
	o.t.Helper()
	return o.PostAs(cfg, "desk", "Desk."+operation, in)
}

// hire makes a user who may do some things.
func (o *office) hire(name, actions string) aws.Config {
	o.t.Helper()
	users, ctx := iam.NewFromConfig(o.Config()), o.t.Context()
	_, err := users.CreateUser(ctx, &iam.CreateUserInput{UserName: &name})
	o.must(err)
	_, err = users.PutUserPolicy(ctx, &iam.PutUserPolicyInput{
		UserName: &name, PolicyName: aws.String("desk"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + actions + `],"Resource":"*"}]}`),
	})
	o.must(err)
	key, err := users.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &name})
	o.must(err)
	cfg := o.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")
	return cfg
}

// asked is a call of the desk and what it is answered.
type asked struct {
	name, operation string
	in              map[string]any
	cfg             aws.Config
	fault, says     string
}

func (o *office) answers(t *testing.T, a asked) {
	t.Helper()
	out, fault := o.desk(a.cfg, a.operation, a.in)
	if fault != a.fault || !strings.Contains(fmt.Sprint(out), a.says) {
		t.Errorf("want %s %q, got %s %v", a.fault, a.says, fault, out)
	}
}

// TestAPlanIsAgreedToAndApplied goes the way of a plan from the console: shown,
// asked for, agreed to by who may, applied with the caller's rights, seen done.
func TestAPlanIsAgreedToAndApplied(t *testing.T) {
	o := open(t)
	admin := o.Config()
	suzuki := o.hire("suzuki", `"workspaces:Describe*","tamachi:DecideRequest"`)
	id := o.proposes("cost sweep", o.own())
	abroad := o.proposes("people", o.own(), plan.Place{Account: "999988887777", Region: "us-east-1", Role: "Desk", Endpoint: o.Access().HTTP})
	o.proposes("of AWS itself", plan.Place{Account: o.Access().Account, Region: "us-east-1"})

	out, fault := o.desk(admin, "ListPlans", map[string]any{})
	if list, _ := out["Plans"].([]any); fault != "" || len(list) != 2 {
		t.Fatalf("want the two plans of this plane, got %v %s", out, fault)
	}
	out, fault = o.desk(admin, "DescribePlan", map[string]any{"PlanId": id})
	if text := fmt.Sprint(out); fault != "" || !strings.Contains(text, "modify-workspace-properties") || !strings.Contains(text, "AUTO_STOP") {
		t.Fatalf("want the step with its command, got %s %s", text, fault)
	}
	for _, row := range []asked{
		{"a plan that waits is not applied, but asked for", "ApplyPlan", map[string]any{"PlanId": id}, admin, "InvalidResourceStateException", "waits for suzuki.ichiro"},
		{"one of other accounts is left to the CLI", "ApplyPlan", map[string]any{"PlanId": abroad, "Language": "ja"}, admin, "InvalidResourceStateException", "tamachi plan apply " + abroad},
		{"nor is there one that is not there", "ApplyPlan", map[string]any{"PlanId": "p-0000000000"}, admin, "ResourceNotFoundException", "There is no plan"},
		{"who may only look applies nothing", "ApplyPlan", map[string]any{"PlanId": id}, suzuki, "AccessDeniedException", "tamachi:ApplyPlan"},
		{"a plan that is not there", "DescribePlan", map[string]any{"PlanId": "p-0000000000"}, admin, "ResourceNotFoundException", ""},
		{"a page after nothing", "ListPlans", map[string]any{"NextToken": "nonsense"}, admin, "ValidationException", ""},
		{"a page of requests after nothing", "ListRequests", map[string]any{"NextToken": "nonsense"}, admin, "ValidationException", ""},
		{"a request that is not there", "DescribeRequest", map[string]any{"RequestId": "a-0000000000"}, admin, "ResourceNotFoundException", ""},
		{"a desktop that is not there", "RunDuty", duty("diagnose desktop", "of", "ws-000000000"), admin, "InvalidResourceStateException", "ws-000000000"},
	} {
		t.Run(row.name, func(t *testing.T) { o.answers(t, row) })
	}

	out, fault = o.desk(suzuki, "ListRequests", map[string]any{})
	list, _ := out["Requests"].([]any)
	if fault != "" || len(list) != 1 || out["Person"] != "suzuki.ichiro" {
		t.Fatalf("want the one request, got %v %s", out, fault)
	}
	request := list[0].(map[string]any)
	if request["Mine"] != true || request["PlanId"] != id {
		t.Errorf("want it to wait for suzuki, got %v", request)
	}
	vote := map[string]any{"RequestId": request["RequestId"], "Agree": true, "Reason": "nobody uses them at night"}
	if out, fault := o.desk(admin, "DecideRequest", vote); fault != "AccessDeniedException" || !strings.Contains(fmt.Sprint(out), "asked for themselves") {
		t.Errorf("who asks votes: got %v %s", out, fault)
	}
	if out, fault := o.desk(suzuki, "DecideRequest", vote); fault != "" {
		t.Fatalf("the vote: %v %s", out, fault)
	}
	out, fault = o.desk(admin, "DescribeRequest", map[string]any{"RequestId": request["RequestId"]})
	if text := fmt.Sprint(out); fault != "" || !strings.Contains(text, "APPROVED") || !strings.Contains(text, "nobody uses them at night") || !strings.Contains(text, "console") {
		t.Errorf("want the vote to be seen, got %s %s", text, fault)
	}
	if out, fault := o.desk(suzuki, "DecideRequest", vote); fault != "InvalidResourceStateException" {
		t.Errorf("a second vote: got %v %s", out, fault)
	}

	if out, fault := o.desk(admin, "ApplyPlan", map[string]any{"PlanId": id}); fault != "" {
		t.Fatalf("apply: %v %s", out, fault)
	}
	apitest.Eventually(t, "the plan to be done", func() bool {
		out, _ := o.desk(admin, "DescribePlan", map[string]any{"PlanId": id})
		p, _ := out["Plan"].(map[string]any)
		return p["Done"] == 1.0 && p["Running"] == false
	})
	if got := o.is().WorkspaceProperties.RunningMode; got != types.RunningModeAutoStop {
		t.Errorf("want the desktop to stop by itself, got %s", got)
	}
}

// TestMaintenanceIsTold of directories that have it, to who may see them.
func TestMaintenanceIsTold(t *testing.T) {
	o := open(t)
	desks := workspaces.NewFromConfig(o.Config())
	_, err := desks.ModifyWorkspaceCreationProperties(t.Context(), &workspaces.ModifyWorkspaceCreationPropertiesInput{
		ResourceId: o.is().DirectoryId, WorkspaceCreationProperties: &types.WorkspaceCreationProperties{EnableMaintenanceMode: aws.Bool(true)},
	})
	o.must(err)
	out, fault := o.desk(o.Config(), "ListMaintenance", map[string]any{})
	list, _ := out["Maintenance"].([]any)
	if fault != "" || len(list) != 2 || !strings.Contains(fmt.Sprint(list), "ALWAYS_ON") || !strings.Contains(fmt.Sprint(list), "corp.example.com") {
		t.Errorf("want a night for each mode, got %v %s", out, fault)
	}
	blind := o.hire("blind", `"workspaces:DescribeWorkspaces"`)
	if out, fault := o.desk(blind, "ListMaintenance", map[string]any{}); fault != "AccessDeniedException" || !strings.Contains(fmt.Sprint(out), "DescribeWorkspaceDirectories") {
		t.Errorf("without rights: got %v %s", out, fault)
	}
}

// proposed is the plan that a duty has made.
func (o *office) proposed(cfg aws.Config, in map[string]any) string {
	o.t.Helper()
	out, fault := o.desk(cfg, "PlanDuty", in)
	id, _ := report(out)["PlanId"].(string)
	if fault != "" || id == "" {
		o.t.Fatalf("%s: want a plan, got %v %s", in["Duty"], out, fault)
	}
	return id
}

// carriedOut applies a plan and waits until it is done.
func (o *office) carriedOut(id string) {
	o.t.Helper()
	if out, fault := o.desk(o.Config(), "ApplyPlan", map[string]any{"PlanId": id}); fault != "" {
		o.t.Fatalf("apply: %v %s", out, fault)
	}
	apitest.Eventually(o.t, "the plan to be done", func() bool {
		out, _ := o.desk(o.Config(), "DescribePlan", map[string]any{"PlanId": id})
		p, _ := out["Plan"].(map[string]any)
		return p["Done"] == p["Steps"] && p["Running"] == false
	})
}

// TestAChangeOfDesktopsIsAPlan that is shown with what is lost and whom it
// concerns, and applied.
func TestAChangeOfDesktopsIsAPlan(t *testing.T) {
	o := open(t)
	admin := o.Config()
	o.must(os.WriteFile(o.getenv("TAMACHI_DESK"), []byte(strings.Replace(rules, "cost sweep", "desktop terminate", 1)), 0o600))
	looker := o.hire("looker", `"workspaces:Describe*"`)
	blind := o.hire("blind", `"tamachi:PlanDuty"`)
	of := func(verb string, more ...string) map[string]any {
		return duty("desktop "+verb, append(more, "of", o.desktop)...)
	}
	for _, row := range []struct {
		name        string
		in          map[string]any
		cfg         aws.Config
		fault, says string
	}{
		{"who may only look proposes nothing", of("reboot"), looker, "AccessDeniedException", "tamachi:PlanDuty"},
		{"nor who may not look", of("reboot"), blind, "AccessDeniedException", "DescribeWorkspaces"},
		{"there is no such change", of("explode"), admin, "ValidationException", "no duty desktop explode"},
		{"what loses files wants a reason", of("rebuild"), admin, "ValidationException", "say why"},
		{"in Japanese too", with(of("terminate"), "Language", "ja"), admin, "ValidationException", "理由が必要"},
		{"a time that AWS does not take", of("auto-stop", "minutes", "90"), admin, "ValidationException", "multiple of 60"},
		{"no desktops", duty("desktop stop"), admin, "ValidationException", "want desktops or users"},
		{"nothing for a name", duty("desktop stop", "of", ""), admin, "ValidationException", "no option of"},
		{"a plan that is carried out at once", of("reboot", "apply", "true"), admin, "ValidationException", "no option apply"},
		{"what is so already", of("start"), admin, "", "is so already"},
		{"what AWS would refuse", of("stop"), admin, "", "ALWAYS_ON"},
		{"a desktop that is not there", duty("desktop reboot", "of", "ws-000000000"), admin, "", "no desktop ws-000000000"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, fault := o.desk(row.cfg, "PlanDuty", row.in)
			if fault != row.fault || !strings.Contains(fmt.Sprint(out), row.says) || report(out)["PlanId"] != nil {
				t.Errorf("want %s %q and no plan, got %s %v", row.fault, row.says, fault, out)
			}
		})
	}

	id := o.proposed(admin, with(of("auto-stop", "minutes", "120"), "Reason", "used by day only"))
	out, fault := o.desk(admin, "DescribePlan", map[string]any{"PlanId": id})
	for _, want := range []string{"desktop auto-stop", "used by day only", "takeda.hanako", "AUTO_STOP", "modify-workspace-properties", "never used"} {
		if text := fmt.Sprint(out); fault != "" || !strings.Contains(text, want) {
			t.Errorf("want %q in the plan, got %s %s", want, text, fault)
		}
	}
	o.carriedOut(id)
	if p := o.is().WorkspaceProperties; p.RunningMode != types.RunningModeAutoStop || aws.ToInt32(p.RunningModeAutoStopTimeoutInMinutes) != 120 {
		t.Errorf("want it changed, got %+v", p)
	}
	o.carriedOut(o.proposed(admin, of("stop")))
	if s := o.is().State; s != types.WorkspaceStateStopped {
		t.Errorf("want it stopped, got %s", s)
	}

	id = o.proposed(admin, with(of("terminate"), "Reason", "left"))
	out, _ = o.desk(admin, "DescribePlan", map[string]any{"PlanId": id})
	if text := fmt.Sprint(out["Approvers"]); !strings.Contains(text, "suzuki.ichiro") || !strings.Contains(fmt.Sprint(out), "for good") {
		t.Errorf("want it said who must agree and what is lost, got %v", out)
	}
	if out, fault := o.desk(admin, "ApplyPlan", map[string]any{"PlanId": id}); fault != "InvalidResourceStateException" || !strings.Contains(fmt.Sprint(out), "suzuki.ichiro") {
		t.Errorf("want it to wait for who must agree, got %v %s", out, fault)
	}
	if s := o.is().State; s != types.WorkspaceStateStopped {
		t.Errorf("want it left alone, got %s", s)
	}
}

// TestAPlanWaitsForItsWindowAndItsTurn from the console as from a terminal.
func TestAPlanWaitsForItsWindowAndItsTurn(t *testing.T) {
	o := open(t)
	write := func(p plan.Plan) string {
		do, err := plan.MoveOf(change.RunningMode, change.Mode{Desktop: o.desktop, Want: change.Billed{Mode: "AUTO_STOP", Minutes: 60}, Was: change.Billed{Mode: "ALWAYS_ON"}})
		o.must(err)
		p.Duty, p.Made, p.By, p.Places = "image rollout", time.Now(), "arn:aws:iam::"+o.Access().Account+":user/administrator", []plan.Place{o.own()}
		p.Steps = []plan.Step{{Resource: o.desktop, Do: do, Wave: 1}}
		made, err := plan.New(p)
		o.must(err)
		s, err := shelf.In(o.getenv)
		o.must(err)
		o.must(plan.In(s).Save(made))
		return made.ID
	}
	soon := time.Now().UTC().Add(48 * time.Hour)
	windowed := write(plan.Plan{Window: soon.Format("2006-01-02T15:04") + "/" + soon.Add(time.Hour).Format("2006-01-02T15:04")})
	if out, fault := o.desk(o.Config(), "ApplyPlan", map[string]any{"PlanId": windowed}); fault != "" {
		t.Fatalf("apply: %v %s", out, fault)
	}
	var out map[string]any
	apitest.Eventually(t, "the plan to rest", func() bool {
		out, _ = o.desk(o.Config(), "DescribePlan", map[string]any{"PlanId": windowed})
		p, _ := out["Plan"].(map[string]any)
		return p["Running"] == false
	})
	if p, _ := out["Plan"].(map[string]any); p["Done"] != 0.0 || out["OpensAt"] == nil {
		t.Errorf("want nothing done before the window opens, and when that is; got %v", out)
	}
	if got := o.is().WorkspaceProperties.RunningMode; got != types.RunningModeAlwaysOn {
		t.Errorf("want the desktop left alone, got %s", got)
	}
	second := write(plan.Plan{After: &plan.After{Plan: windowed}})
	if out, fault := o.desk(o.Config(), "ApplyPlan", map[string]any{"PlanId": second}); fault != "InvalidResourceStateException" || !strings.Contains(fmt.Sprint(out), windowed) {
		t.Errorf("want it refused before its turn, got %v %s", out, fault)
	}
}
