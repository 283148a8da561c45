package desk_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// duty is a duty with its options, by names and values in turn.
func duty(name string, options ...string) map[string]any {
	values := []map[string]any{}
	for i := 0; i+1 < len(options); i += 2 {
		values = append(values, map[string]any{"Name": options[i], "Value": options[i+1]})
	}
	return map[string]any{"Duty": name, "Values": values}
}

// with is a duty and something besides.
func with(in map[string]any, key, value string) map[string]any {
	in[key] = value
	return in
}

// report is what a duty said.
func report(out map[string]any) map[string]any {
	r, _ := out["Report"].(map[string]any)
	return r
}

// TestADutyIsDoneForWhoeverAsks with their rights, in their language, and says
// what it says at a terminal.
func TestADutyIsDoneForWhoeverAsks(t *testing.T) {
	o := open(t)
	admin := o.Config()
	blind := o.hire("blind", `"workspaces:DescribeWorkspaces"`)
	nobody := o.hire("nobody", `"s3:ListAllMyBuckets"`)
	for _, row := range []struct {
		name  string
		cfg   aws.Config
		in    map[string]any
		fault string
		says  []string
	}{
		{"from outside, where nobody can look inside", admin, duty("diagnose desktop", "of", o.desktop), "", []string{"takeda.hanako", "is no managed node", "Command:tamachi diagnose desktop " + o.desktop}},
		{"in Japanese", admin, with(duty("diagnose desktop", "of", o.desktop), "Language", "ja"), "", []string{"マネージドノードではない"}},
		{"what may not be read is named", blind, duty("diagnose desktop", "of", o.desktop), "", []string{"DescribeWorkspaceSnapshots is denied to"}},
		{"who was meant", admin, duty("diagnose desktop", "of", "takeda.haneko"), "InvalidResourceStateException", []string{"did you mean takeda.hanako?"}},
		{"somebody who can sign in but has no password", admin, duty("diagnose login", "of", "takeda.hanako", "from", "203.0.113.9"), "", []string{"takeda.hanako is in", "Found:true", "reset-user-password", "--from=203.0.113.9"}},
		{"who was meant, of those in the directory", admin, with(duty("diagnose login", "of", "takeda.haneko"), "Language", "ja"), "", []string{"近い名前は takeda.hanako"}},
		{"whose rights do not reach", nobody, duty("diagnose login", "of", "takeda.hanako"), "AccessDeniedException", []string{"workspaces:DescribeWorkspaces"}},
		{"a share, from a desktop on which nothing runs", admin, duty("diagnose share", "user", "takeda.hanako", "path", `\\files\sales`), "", []string{"is no managed node"}},
		{"printing", admin, duty("diagnose printing", "user", "takeda.hanako"), "", []string{"takeda.hanako"}},
		{"no outage", admin, duty("diagnose outage"), "", []string{"Found:false"}},
		{"a path to nowhere", admin, duty("diagnose path", "from", "takeda.hanako", "to", "nowhere"), "InvalidResourceStateException", []string{"nowhere"}},
		{"the morning", admin, duty("morning"), "", []string{"1 desktop", "Command:tamachi morning"}},
		{"the evening", admin, with(duty("evening"), "Language", "ja"), "", []string{"1 台"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, fault := o.desk(row.cfg, "RunDuty", row.in)
			for _, want := range row.says {
				if fault != row.fault || !strings.Contains(fmt.Sprint(out), want) {
					t.Errorf("want %q %s, got %s %v", row.fault, want, fault, out)
				}
			}
		})
	}
}

// TestWhatADutyDoesNotTake is refused: options that name files, accounts and
// credentials are the CLI's, and so is everything that nobody knows.
func TestWhatADutyDoesNotTake(t *testing.T) {
	o := open(t)
	admin := o.Config()
	blind := o.hire("blind", `"workspaces:*"`)
	const feed = "account\ntakeda.hanako\n"
	for _, row := range []struct {
		name, operation string
		cfg             aws.Config
		in              map[string]any
		fault, says     string
	}{
		{"a duty that is none", "RunDuty", admin, duty("backup"), "ValidationException", "no duty backup"},
		{"a command of the program that is none", "RunDuty", admin, duty("serve"), "ValidationException", "no duty serve"},
		{"a file of the plane's host", "PlanDuty", admin, with(duty("joiner", "hr", "/etc/passwd"), "Feed", feed), "ValidationException", "no option hr"},
		{"prices of the plane's host", "RunDuty", admin, duty("diagnose slow", "of", o.desktop, "prices", "/etc/passwd"), "ValidationException", "no option prices"},
		{"another's credentials", "RunDuty", admin, duty("morning", "profile", "default"), "ValidationException", "no option profile"},
		{"an option in the place of a name", "RunDuty", admin, duty("diagnose desktop", "of", "--policy"), "InvalidResourceStateException", "--policy"},
		{"two names for one", "RunDuty", admin, duty("diagnose desktop", "of", "a", "of", "b"), "ValidationException", "or not as often"},
		{"no name", "RunDuty", admin, duty("diagnose login"), "ValidationException", "want one user"},
		{"control characters", "RunDuty", admin, duty("diagnose login", "of", "a\x1b[2Jb\x00"), "ValidationException", "no name has"},
		{"a long name", "RunDuty", admin, duty("diagnose login", "of", strings.Repeat("a", 257)), "ValidationException", "256"},
		{"a port that is none", "RunDuty", admin, duty("diagnose path", "from", "a", "to", "b", "port", "many"), "ValidationException", "many"},
		{"an address that is none", "RunDuty", admin, duty("diagnose login", "of", "a", "from", "here"), "ValidationException", "want an IP address"},
		{"a change where one only looks", "RunDuty", admin, duty("joiner"), "ValidationException", "PlanDuty"},
		{"a change that there is not", "PlanDuty", admin, with(duty("diagnose desktop", "of", o.desktop), "Fix", "explode"), "ValidationException", "no such plan"},
		{"a plan of what changes nothing", "PlanDuty", admin, duty("diagnose login", "of", "takeda.hanako"), "ValidationException", "no such plan"},
		{"no feed", "PlanDuty", admin, duty("joiner"), "ValidationException", "no feed"},
		{"a feed for what reads none", "PlanDuty", admin, with(with(duty("diagnose slow", "of", o.desktop), "Fix", "resize"), "Feed", feed), "ValidationException", "reads no feed"},
		{"a feed of another encoding", "PlanDuty", admin, with(duty("joiner"), "Feed", "氏名\n\x00\n"), "ValidationException", "control characters"},
		{"a feed of columns that nobody knows", "PlanDuty", admin, with(duty("mover"), "Feed", "shoe size\n42\n"), "ValidationException", "shoe size"},
		{"a feed that is none", "PlanDuty", admin, with(duty("joiner"), "Feed", `{"people": [[[[`), "ValidationException", "HR feed"},
		{"plans by who may only look", "PlanDuty", blind, with(duty("diagnose desktop", "of", o.desktop), "Fix", "restart"), "AccessDeniedException", "tamachi:PlanDuty"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, fault := o.desk(row.cfg, row.operation, row.in)
			if fault != row.fault || !strings.Contains(fmt.Sprint(out), row.says) {
				t.Errorf("want %s %q, got %s %v", row.fault, row.says, fault, out)
			}
		})
	}
}

// TestARepairIsPlannedAndApplied: the plan is kept and nothing is done until it
// is applied, by the caller's rights.
func TestARepairIsPlannedAndApplied(t *testing.T) {
	o := open(t)
	admin := o.Config()
	out, fault := o.desk(admin, "PlanDuty", with(with(duty("diagnose desktop", "of", "takeda.hanako"), "Fix", "restart"), "Reason", "no icons"))
	id, _ := report(out)["PlanId"].(string)
	if fault != "" || id == "" || !strings.Contains(fmt.Sprint(out), "--fix=restart '--reason=no icons'") {
		t.Fatalf("want a plan, and the same as a command, got %v %s", out, fault)
	}
	if out, fault := o.desk(admin, "DescribePlan", map[string]any{"PlanId": id}); fault != "" || !strings.Contains(fmt.Sprint(out), "no icons") || !strings.Contains(fmt.Sprint(out), "Begun:false") {
		t.Fatalf("want it kept, and nothing begun, got %v %s", out, fault)
	}
	if out, fault := o.desk(admin, "ApplyPlan", map[string]any{"PlanId": id}); fault != "" {
		t.Fatalf("ApplyPlan: %v %s", out, fault)
	}
	o.applied(id)
	if out, fault := o.desk(admin, "PlanDuty", duty("diagnose outage")); fault != "" || report(out)["PlanId"] != nil {
		t.Errorf("nothing to reboot: want no plan, got %v %s", out, fault)
	}
	if out, fault := o.desk(admin, "PlanDuty", duty("morning")); fault != "" || report(out)["PlanId"] != nil {
		t.Errorf("nothing to recreate: want no plan, got %v %s", out, fault)
	}
}

func (o *office) applied(id string) {
	o.t.Helper()
	apitest.Eventually(o.t, "the plan", func() bool {
		out, fault := o.desk(o.Config(), "DescribePlan", map[string]any{"PlanId": id})
		p, _ := out["Plan"].(map[string]any)
		if fault != "" || p["Failed"] != 0.0 {
			o.t.Fatalf("the plan: %v %s", out, fault)
		}
		return p["Done"] == p["Steps"] && p["Running"] == false
	})
}

// TestAFeedIsComparedAndApplied from the console: a slip is caught, whoever is
// right is made, and what is in the trail has no names of the feed.
func TestAFeedIsComparedAndApplied(t *testing.T) {
	o := open(t)
	admin := o.Config()
	const feed = "\ufeffアカウント,姓,名,フリガナ\nono.yuuki,小野,勇気,オノ ユウキ\ntakeda.haneko,武田,花子,タケダ ハナコ\n"
	join := with(duty("joiner", "bundle", "wsb-d12value0"), "Feed", feed)
	out, fault := o.desk(admin, "PlanDuty", with(join, "Language", "ja"))
	id, _ := report(out)["PlanId"].(string)
	if text := fmt.Sprint(out); fault != "" || id == "" || !strings.Contains(text, "takeda.hanako では?") || !strings.Contains(text, "小野") {
		t.Fatalf("want a plan of the one and a doubt about the other, got %s %s", text, fault)
	}
	if out, fault := o.desk(admin, "ApplyPlan", map[string]any{"PlanId": id}); fault != "" {
		t.Fatalf("ApplyPlan: %v %s", out, fault)
	}
	o.applied(id)
	found, err := workspaces.NewFromConfig(admin).DescribeWorkspaces(t.Context(), &workspaces.DescribeWorkspacesInput{})
	o.must(err)
	if len(found.Workspaces) != 2 {
		t.Errorf("want a desktop of the newcomer besides, got %d", len(found.Workspaces))
	}
	seen, fault := o.PostAs(admin, "cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents", map[string]any{
		"LookupAttributes": []any{map[string]any{"AttributeKey": "EventName", "AttributeValue": "PlanDuty"}},
	})
	if text := fmt.Sprint(seen); fault != "" || !strings.Contains(text, "PlanDuty") || strings.Contains(text, "takeda.haneko") {
		t.Errorf("want the call in the trail without the feed, got %s %s", text, fault)
	}
	if out, fault := o.desk(admin, "PlanDuty", duty("leaver", "of", "ono.yuuki")); fault != "" || report(out)["PlanId"] == nil {
		t.Errorf("a leaver by name: want a plan, got %v %s", out, fault)
	}
}

// TestTheMorningTellsOfOnesOwnAccount alone: requests and notes of other accounts
// lie on the same shelf.
func TestTheMorningTellsOfOnesOwnAccount(t *testing.T) {
	o := open(t)
	conf, err := settings.Load(o.getenv)
	o.must(err)
	s, err := shelf.In(o.getenv)
	o.must(err)
	for account, title := range map[string]string{o.Access().Account: "of this account", "999988887777": "of another account"} {
		rule, _ := conf.Approval("cost sweep", 1)
		q, err := approval.New(approval.Request{
			Subject: "exception " + account, Digest: strings.Repeat("0", 64-len(account)) + account, Duty: "cost sweep",
			Title: approval.Title{En: title, Ja: title}, By: "arn:aws:iam::" + account + ":user/tanabe", Evidence: json.RawMessage(`{}`),
		}, rule, conf, time.Now())
		o.must(err)
		o.must(approval.In(s).Save(q))
	}
	for _, name := range []string{"morning", "evening"} {
		out, fault := o.desk(o.Config(), "RunDuty", duty(name))
		if text := fmt.Sprint(out); fault != "" || !strings.Contains(text, "of this account") || strings.Contains(text, "of another account") {
			t.Errorf("%s: want the one request, got %s %s", name, text, fault)
		}
	}
}

// TestAPlanIsTakenBack by a plan that is shown and applied as any other: of the
// visitor's account, by who may make plans, of what has a way back.
func TestAPlanIsTakenBack(t *testing.T) {
	o := open(t)
	admin := o.Config()
	looker := o.hire("looker", `"workspaces:Describe*"`)
	abroad := o.proposes("people", o.own(), plan.Place{Account: "999988887777", Region: "us-east-1", Role: "Desk", Endpoint: o.Access().HTTP})
	of := func(id string) map[string]any { return duty("plan undo", "of", id) }
	id := o.proposed(admin, with(duty("desktop auto-stop", "of", o.desktop), "Reason", "by day only"))
	for _, row := range []struct {
		name        string
		cfg         aws.Config
		in          map[string]any
		fault, says string
	}{
		{"nothing was done yet", admin, of(id), "InvalidResourceStateException", "nothing"},
		{"in Japanese", admin, with(of(id), "Language", "ja"), "InvalidResourceStateException", "元に戻せるものはありません"},
		{"who may only look", looker, of(id), "AccessDeniedException", "tamachi:PlanDuty"},
		{"a plan that is not there", admin, of("p-0000000000"), "ResourceNotFoundException", "There is no plan"},
		{"a path", admin, of("../../etc/passwd"), "ResourceNotFoundException", "There is no plan"},
		{"one of other accounts", admin, of(abroad), "InvalidResourceStateException", "tamachi plan undo " + abroad},
		{"none", admin, duty("plan undo"), "ValidationException", "want: tamachi plan undo"},
		{"another verb", admin, duty("plan apply", "of", id), "ValidationException", "no duty plan apply"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, fault := o.desk(row.cfg, "PlanDuty", row.in)
			if fault != row.fault || !strings.Contains(fmt.Sprint(out), row.says) {
				t.Errorf("want %s %q, got %s %v", row.fault, row.says, fault, out)
			}
		})
	}
	o.carriedOut(id)
	out, _ := o.desk(admin, "DescribePlan", map[string]any{"PlanId": id})
	if text := fmt.Sprint(out); !strings.Contains(text, "Changed:true") {
		t.Errorf("want it said that the step has changed something, got %s", text)
	}
	back := o.proposed(admin, with(of(id), "Reason", "the owner wants it back"))
	out, _ = o.desk(admin, "DescribePlan", map[string]any{"PlanId": back})
	for _, want := range []string{"Undoes:" + id, "the owner wants it back", "Changed:false", "ALWAYS_ON"} {
		if text := fmt.Sprint(out); !strings.Contains(text, want) {
			t.Errorf("want %q in the plan, got %s", want, text)
		}
	}
	o.carriedOut(back)
	if got := o.is().WorkspaceProperties.RunningMode; got != types.RunningModeAlwaysOn {
		t.Errorf("want it as it was, got %s", got)
	}
}
