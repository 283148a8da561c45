package people

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/policy"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// office is a directory with some people, one of them made of a slip.
func office(t *testing.T, feed string) *Facts {
	t.Helper()
	people, err := hr.Read(strings.NewReader(feed))
	if err != nil {
		t.Fatal(err)
	}
	f := &Facts{
		At: noon, Caller: "arn:aws:iam::111122223333:user/tanabe", Feed: people,
		Place:    plan.Place{Account: "111122223333", Region: "ap-northeast-1"},
		Location: Site{ID: "d-1", State: "REGISTERED", Stage: "Active", Service: "svc", Enabled: aws.Bool(true), Free: 100},
		Users:    map[string]dsdata.UserSummary{}, Groups: []string{"CAD", "Sales"}, Bundles: map[string]string{"wsb-1": "AVAILABLE"}, Computes: map[string]types.Compute{},
		Member: map[string][]string{"yamada.taro": {"Sales"}}, Desktops: map[string][]types.Workspace{}, Kept: map[string]string{},
	}
	for _, name := range []string{"yamada.taro", "takeda.haneko", "sato.kenji", "off.oto"} {
		f.Users[name] = dsdata.UserSummary{SAMAccountName: name, Enabled: name != "off.oto"}
		f.Names = append(f.Names, name)
	}
	for name, mode := range map[string]types.RunningMode{"yamada.taro": types.RunningModeAlwaysOn, "sato.kenji": types.RunningModeAutoStop} {
		f.Desktops[name] = []types.Workspace{{
			WorkspaceId: aws.String("ws-" + name), State: types.WorkspaceStateAvailable, WorkspaceProperties: &types.WorkspaceProperties{RunningMode: mode},
		}}
	}
	return f
}

// actions are a plan's moves in one line.
func actions(p *plan.Plan) string {
	var out []string
	for _, s := range p.Steps {
		_, verb, _ := strings.Cut(s.Do.Action, ":")
		out = append(out, s.Group+" "+verb)
	}
	return strings.Join(out, ", ")
}

func notes(p *plan.Plan, lang report.Lang) string {
	var out []string
	for _, n := range p.Notes {
		out = append(out, n.In(lang))
	}
	return strings.Join(out, "\n")
}

func TestJoiner(t *testing.T) {
	const whole = " CreateUser, %s ResetUserPassword/Enable, %s CreateWorkspaces"
	all := func(name string) string { return name + strings.ReplaceAll(whole, "%s", name) }
	for _, row := range []struct {
		name, feed string
		change     func(*Facts, *Rules)
		want, note string
	}{
		{"somebody new", "account\nono.yuki\n", nil, all("ono.yuki"), ""},
		{"an account made of kana", "surname,kana\n小野,オノ ユウキ\n", nil, all("ono.yuki"), ""},
		{
			"the story's slip against its kana", "account,kana\ntakeda.hanoko,タケダ ハナコ\n", nil,
			"", "the account takeda.hanoko is not how タケダ ハナコ is written; takeda.hanako?",
		},
		{"a slip against the mail address", "account,mail\nshimzu.rei,shimizu.rei@corp.example\n", nil, "", "differ by a slip"},
		{"an account that a slip made before", "account\ntakeda.hanako\n", nil, "", "takeda.hanako is not in the directory, but takeda.haneko is"},
		{"a name like that of somebody with a desktop", "account\nsato.kenjo\n", nil, all("sato.kenjo"), ""},
		{"all the same", "account\ntakeda.hanako\n", func(_ *Facts, r *Rules) { r.Anyway = true }, all("takeda.hanako"), ""},
		{"a group with a slip", "account,groups\nono.yuki,Sale\n", nil, "", "there is no group Sale; closest is Sales"},
		{"who is there lacks a group only", "account,groups\nyamada.taro,CAD;Sales\n", nil, "yamada.taro AddGroupMember", ""},
		{"who is there lacks nothing", "account\nyamada.taro\n", nil, "", ""},
		{"a disabled account", "account\noff.oto\n", nil, "", "the account off.oto is there, but disabled"},
		{"whose first day is far", "account,start\nono.yuki,2027-04-01\n", nil, "", ""},
		{"whose first day is near", "account,start\nono.yuki,2026-12-01\n", nil, all("ono.yuki"), ""},
		{"who has left", "account,state\nono.yuki,退職\n", nil, "", ""},
		{"no name to make an account of", "surname\n小野\n", nil, "", "no account, and no kana"},
		{"others are not asked for", "account\nono.yuki\nabe.shin\n", func(_ *Facts, r *Rules) { r.Only = []string{"Abe.Shin"} }, all("abe.shin"), ""},
		{"a name that the feed does not have", "account\nono.yuki\n", func(_ *Facts, r *Rules) { r.Only = []string{"ono.yuko"} }, "", "ono.yuko: the feed has no such account; closest is ono.yuki"},
		{"no bundle", "account\nono.yuki\n", func(_ *Facts, r *Rules) { r.Bundle = "" }, "", "no bundle"},
		{"pre-flight: the bundle is gone", "account,bundle\nono.yuki,wsb-9\n", nil, "", "there is no bundle wsb-9 that is AVAILABLE"},
		{"pre-flight: the service account is off", "account\nono.yuki\n", func(f *Facts, _ *Rules) { f.Location.Enabled = aws.Bool(false) }, "", "the account svc, by which desktops join d-1"},
		{"pre-flight: no addresses", "account\nono.yuki\nabe.shin\n", func(f *Facts, _ *Rules) { f.Location.Free = 1 }, "", "2 desktops to make, but 1 free addresses"},
		{
			"pre-flight: the quota of all desktops", "account\nono.yuki\nabe.shin\n",
			func(f *Facts, _ *Rules) {
				f.Quotas, f.Seats = map[string]float64{"WorkSpaces": 10}, map[types.Compute]int{"STANDARD": 8, "VALUE": 1}
			},
			"", `2 desktops to make and 9 there, but the quota "WorkSpaces" of this account and Region is 10`,
		},
		{
			"pre-flight: the quota is reached and not passed", "account\nono.yuki\nabe.shin\n",
			func(f *Facts, _ *Rules) {
				f.Quotas, f.Seats = map[string]float64{"WorkSpaces": 10}, map[types.Compute]int{"STANDARD": 8}
			},
			all("ono.yuki") + ", " + all("abe.shin"), "",
		},
		{
			"pre-flight: the quota of desktops with a graphics card", "account\nono.yuki\n",
			func(f *Facts, _ *Rules) {
				f.Quotas, f.Computes["wsb-1"] = map[string]float64{"WorkSpaces": 10, "Graphics.g4dn WorkSpaces": 0}, types.ComputeGraphicsG4dn
			},
			"", `1 desktop to make and 0 there, but the quota "Graphics.g4dn WorkSpaces"`,
		},
		{"pre-flight: not registered", "account\nono.yuki\n", func(f *Facts, _ *Rules) { f.Location.State = "ERROR" }, "", "is ERROR for desktops"},
		{"pre-flight: the directory is impaired", "account\nono.yuki\n", func(f *Facts, _ *Rules) { f.Location.Stage = "Impaired" }, "", "is Impaired"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, r := office(t, row.feed), Rules{Bundle: "wsb-1", Minutes: 60, Ahead: 14 * 24 * time.Hour}
			if row.change != nil {
				row.change(f, &r)
			}
			got, err := join(f, r)
			if err != nil {
				t.Fatal(err)
			}
			if actions(got.Plan) != row.want || !strings.Contains(notes(got.Plan, report.English), row.note) || (got.Held > 0) != (row.note != "") {
				t.Errorf("want %q and %q, got %q and %q, %d held", row.want, row.note, actions(got.Plan), notes(got.Plan, report.English), got.Held)
			}
			if !got.Plan.Together {
				t.Error("want each person to be one transaction")
			}
		})
	}
}

func TestMover(t *testing.T) {
	got, err := move(office(t, "account,groups\nyamada.taro,CAD\nsato.kenji,Sales\nnobody,CAD\n"), Rules{})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got.Plan.Steps, func(a, b plan.Step) int { return strings.Compare(a.Do.Action, b.Do.Action) })
	if want := "yamada.taro AddGroupMember, sato.kenji AddGroupMember, yamada.taro RemoveGroupMember"; actions(got.Plan) != want {
		t.Errorf("want %s, got %s", want, actions(got.Plan))
	}
}

// TestMoverOfSomebodyWhoIsNotThere says so of those who were named.
func TestMoverOfSomebodyWhoIsNotThere(t *testing.T) {
	f := office(t, "account,groups\nyamada.taro,CAD\nono.yuki,CAD\n")
	for _, row := range []struct {
		only []string
		held int
		note string
	}{
		{nil, 0, ""},
		{[]string{"yamada.taro"}, 0, ""},
		{[]string{"yamada.taro", "ono.yuki"}, 1, "ono.yuki is not in the directory; tamachi joiner makes it"},
		{[]string{"yamada.taro", "zz.top"}, 1, "zz.top: the feed has no such account; closest is -"},
	} {
		got, err := move(f, Rules{Only: row.only})
		if err != nil || got.Held != row.held || !strings.Contains(notes(got.Plan, report.English), row.note) || !strings.Contains(actions(got.Plan), "yamada.taro AddGroupMember") {
			t.Errorf("%v: want %d held, %q, and the rest done, got %+v, %q, %v", row.only, row.held, row.note, got, notes(got.Plan, report.English), err)
		}
	}
}

func TestMoverOfDesktops(t *testing.T) {
	for _, row := range []struct{ name, line, owner, want, note string }{
		{"another bundle", "yamada.taro,wsb-1,", "", "yamada.taro MigrateWorkspace/User", ""},
		{"a bundle that is not there", "yamada.taro,wsb-9,", "", "", "there is no bundle wsb-9 that is AVAILABLE"},
		{"no bundle said", "yamada.taro,,", "", "", ""},
		{"a manager", "yamada.taro,,boss.hiro", "", "yamada.taro CreateTags", ""},
		{"another manager, and a bundle", "yamada.taro,wsb-1,boss.hiro", "old.boss", "yamada.taro CreateTags, yamada.taro MigrateWorkspace/User", ""},
		{"the same manager", "yamada.taro,,Boss.Hiro", "boss.hiro", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := office(t, "account,bundle,manager\n"+row.line+"\n")
			f.Owners = map[string]string{"ws-yamada.taro": row.owner}
			got, err := move(f, Rules{})
			if err != nil {
				t.Fatal(err)
			}
			if actions(got.Plan) != row.want || !strings.Contains(notes(got.Plan, report.English), row.note) {
				t.Errorf("want %q, %q, got %q, %q", row.want, row.note, actions(got.Plan), notes(got.Plan, report.English))
			}
			for _, s := range got.Plan.Steps {
				if s.Undo == nil {
					t.Errorf("want a way back of %s", s.What.En)
				}
			}
		})
	}
}

func TestMigration(t *testing.T) {
	w := func(bundle string, state types.WorkspaceState) types.Workspace {
		return types.Workspace{WorkspaceId: aws.String("ws-" + bundle), BundleId: aws.String(bundle), State: state}
	}
	for _, row := range []struct {
		name  string
		found []types.Workspace
		want  plan.State
		fails bool
	}{
		{"of the old bundle", []types.Workspace{w("a", types.WorkspaceStateStopped)}, plan.Todo, false},
		{"asked for, and both are there", []types.Workspace{w("a", types.WorkspaceStateMaintenance), w("b", types.WorkspaceStatePending)}, plan.Moving, false},
		{"the new one is ready before the old one is gone", []types.Workspace{w("b", types.WorkspaceStateAvailable), w("a", types.WorkspaceStateMaintenance)}, plan.Moving, false},
		{"the new one alone", []types.Workspace{w("b", types.WorkspaceStateAvailable)}, plan.Done, false},
		{"the new one is broken", []types.Workspace{w("b", types.WorkspaceStateError)}, plan.Drifted, true},
		{"another bundle", []types.Workspace{w("c", types.WorkspaceStateAvailable)}, plan.Drifted, false},
		{"none", nil, plan.Drifted, false},
	} {
		if got := compareMigrated(row.found, migration{From: "a", Into: "b"}); got.State != row.want || got.Failed != row.fails {
			t.Errorf("%s: want %s, got %+v", row.name, row.want, got)
		}
	}
}

func TestLeaver(t *testing.T) {
	f := office(t, "account,state\nyamada.taro,退職\nsato.kenji,在籍\n")
	got, err := leave(f, Rules{Keep: 30})
	if err != nil {
		t.Fatal(err)
	}
	want := "yamada.taro DisableUser, yamada.taro ModifyWorkspaceProperties/RunningMode, yamada.taro StopWorkspaces, yamada.taro CreateTags"
	if actions(got.Plan) != want {
		t.Errorf("want %s, got %s", want, actions(got.Plan))
	}
	for _, s := range got.Plan.Steps {
		if s.Undo == nil {
			t.Errorf("want a way back of %s", s.What.En)
		}
	}
	got, err = leave(f, Rules{Keep: 30, Only: []string{"sato.kenji", "yamada.tora"}})
	if err != nil || actions(got.Plan) != "sato.kenji DisableUser, sato.kenji StopWorkspaces, sato.kenji CreateTags" || got.Held != 1 ||
		!strings.Contains(notes(got.Plan, report.Japanese), "yamada.taro") {
		t.Errorf("want who is named, and the slip named, got %s, %s, %v", actions(got.Plan), notes(got.Plan, report.Japanese), err)
	}
	for kept, want := range map[string]string{"": "", "2026-11-23": "", "2026-11-22": "yamada.taro TerminateWorkspaces", "soon": ""} {
		f.Kept["ws-yamada.taro"] = kept
		got, err := terminate(f, Rules{})
		if err != nil || actions(got.Plan) != want || want != "" && (got.Plan.Steps[0].Lost.En == "" || got.Plan.Steps[0].Undo != nil) {
			t.Errorf("kept until %q: want %q, got %q, %v", kept, want, actions(got.Plan), err)
		}
	}
}

// TestPoliciesNameWhatIsDone holds the policies to the actions of the plans.
func TestPoliciesNameWhatIsDone(t *testing.T) {
	table := plan.Join(Actions(nil), change.Actions())
	for _, v := range []*verb{joiner(), mover(), leaver()} {
		p, err := policy.Parse(v.ApplyPolicy())
		if err != nil {
			t.Fatal(err)
		}
		read, write := table.Permissions(v.moves...)
		for _, a := range slices.Concat(read, write) {
			if p.Evaluate(a, "*") != policy.Allow {
				t.Errorf("%s: want %s allowed", v.use, a)
			}
		}
		if _, err := policy.Parse(v.ReadPolicy()); err != nil {
			t.Error(err)
		}
	}
}

func TestSeats(t *testing.T) {
	w := func(bundle string, state types.WorkspaceState) []types.Workspace {
		return []types.Workspace{{WorkspaceId: aws.String("ws-1"), BundleId: &bundle, State: state}}
	}
	for _, row := range []struct {
		name  string
		found []types.Workspace
		want  plan.State
	}{
		{"none", nil, plan.Todo},
		{"on its way", w("wsb-1", types.WorkspaceStatePending), plan.Moving},
		{"ready", w("wsb-1", types.WorkspaceStateAvailable), plan.Done},
		{"failed", w("wsb-1", types.WorkspaceStateError), plan.Drifted},
		{"another one", w("wsb-2", types.WorkspaceStateAvailable), plan.Drifted},
	} {
		if got := seeSeat(row.found, seat{Bundle: "wsb-1"}); got.State != row.want {
			t.Errorf("%s: want %s, got %+v", row.name, row.want, got)
		}
	}
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}
