package image

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/policy"
)

// fleet is a rollout to four desktops that could all take it.
func fleet(t *testing.T) (*Rollout, Rules) {
	t.Helper()
	conf, err := settings.Read(strings.NewReader("outbox: x\npeople: {b: {mail: b@x.example}}\nwork: {zone: Asia/Tokyo}\n"))
	if err != nil {
		t.Fatal(err)
	}
	r := &Rollout{
		At: noon, Image: "wsi-new", Name: "december", Bundle: "wsb-1", Was: "wsi-old", How: byRebuild, Master: "ws-9", by: "arn:aws:iam::1:user/x",
		place: plan.Place{Account: "111122223333", Region: "ap-northeast-1"}, conf: conf,
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		r.Seats = append(r.Seats, Seat{Desktop: "ws-" + name, User: name, Directory: "d-1", Bundle: "wsb-1", Image: "wsi-old", Standing: Current, State: "AVAILABLE", Snapshot: noon})
	}
	return r, Rules{Canaries: 1, Wave: 2, Stop: 3, Window: "off-hours", Topic: "desktops", Name: "december"}
}

// shape is a plan's steps in one line: wave, whose, and ! where it is vital.
func shape(p *plan.Plan) string {
	var out []string
	for _, s := range p.Steps {
		vital := ""
		if s.Vital {
			vital = "!"
		}
		_, verb, _ := strings.Cut(s.Do.Action, ":")
		out = append(out, string(rune('0'+s.Wave))+vital+s.Owner+"="+verb)
	}
	return strings.Join(out, " ")
}

func TestWhoGetsTheImageAndWhen(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Rollout, *Rules)
		want   string
		note   string
	}{
		{
			"all", func(*Rollout, *Rules) {},
			"0=Tell 1!=UpdateWorkspaceBundle 2!a=RebuildWorkspaces/Image 3b=RebuildWorkspaces/Image 3c=RebuildWorkspaces/Image 4d=RebuildWorkspaces/Image",
			"the canaries are not checked",
		},
		{
			"a canary that is named, and checked", func(r *Rollout, f *Rules) {
				f.Canary, r.list.Probes = []string{"B"}, []settings.ImageProbe{{Name: "x", Shell: "y"}}
			},
			"0=Tell 1!=UpdateWorkspaceBundle 2!b=RebuildWorkspaces/Image 3!b=Check 4a=RebuildWorkspaces/Image 4c=RebuildWorkspaces/Image 5d=RebuildWorkspaces/Image",
			"tamachi image rollout wsi-old --bundle wsb-1",
		},
		{
			"a canary whose name is wrong", func(r *Rollout, f *Rules) { f.Canary, r.Seats = []string{"x"}, r.Seats[:2] },
			"0=Tell 1!=UpdateWorkspaceBundle 2!a=RebuildWorkspaces/Image 3b=RebuildWorkspaces/Image", "x has no desktop of bundle wsb-1",
		},
		{
			"who is there is no canary", func(r *Rollout, _ *Rules) {
				r.Seats[0].Connected, r.Seats[1].State = true, "STOPPED"
				r.Seats = r.Seats[:3]
			},
			"0=Tell 1!=UpdateWorkspaceBundle 2!c=RebuildWorkspaces/Image 3b=RebuildWorkspaces/Image 3a=RebuildWorkspaces/Image", "",
		},
		{
			"migrate", func(r *Rollout, _ *Rules) { r.How, r.Seats = byMigrate, r.Seats[:1] },
			"0=Tell 1!=CreateWorkspaceBundle 2!a=MigrateWorkspace", "",
		},
		{
			"one alone", func(_ *Rollout, f *Rules) { f.Only = []string{"ws-c"} },
			"0=Tell 1!=UpdateWorkspaceBundle 2!c=RebuildWorkspaces/Image", "",
		},
		{"no snapshot", func(r *Rollout, _ *Rules) { r.Seats = r.Seats[:1]; r.Seats[0].Snapshot = time.Time{} }, "", "--anyway takes it"},
		{
			"no snapshot, anyway", func(r *Rollout, f *Rules) { r.Seats = r.Seats[:1]; r.Seats[0].Snapshot, f.Anyway = time.Time{}, true },
			"0=Tell 1!=UpdateWorkspaceBundle 2!a=RebuildWorkspaces/Image", "",
		},
		{"exempt by a tag", func(r *Rollout, f *Rules) { r.Seats[0].Exempt, f.Only = "tamachi:keep", []string{"a"} }, "", "ws-a of a is exempt by its tag tamachi:keep: left alone"},
		{"the master", func(r *Rollout, _ *Rules) { r.Seats, r.Master = r.Seats[:1], "ws-a" }, "", "is the image's master"},
		{"on its way", func(r *Rollout, _ *Rules) { r.Seats = r.Seats[:1]; r.Seats[0].State = "UPDATING" }, "", "is UPDATING: left out"},
		{"there already", func(r *Rollout, _ *Rules) { r.Seats = r.Seats[:1]; r.Seats[0].Image = "wsi-new" }, "", "1 desktop has wsi-new already"},
		{
			"the bundle has it, the desktop not yet", func(r *Rollout, _ *Rules) {
				r.Seats, r.Was = r.Seats[:1], "wsi-new"
				r.Seats[0].Image, r.Seats[0].Standing = "wsi-new", Earlier
			},
			"0=Tell 1!=UpdateWorkspaceBundle 2!a=RebuildWorkspaces/Image", "",
		},
		{
			"nobody can be told", func(r *Rollout, _ *Rules) { r.conf, r.Seats = settings.Default(), r.Seats[:1] },
			"1!=UpdateWorkspaceBundle 2!a=RebuildWorkspaces/Image", "nobody is told",
		},
		{
			"a window that is over", func(r *Rollout, f *Rules) { f.Window, r.Seats = "2020-01-01T00:00/2020-01-01T01:00", r.Seats[:1] },
			"0=Tell 1!=UpdateWorkspaceBundle 2!a=RebuildWorkspaces/Image", "does not open within 30 days",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, rules := fleet(t)
			row.change(r, &rules)
			p, err := r.propose(rules)
			if err != nil {
				t.Fatal(err)
			}
			var notes []string
			for _, n := range p.Notes {
				notes = append(notes, n.In(report.English))
				if n.In(report.Japanese) == "" {
					t.Errorf("want %s in Japanese", n.En)
				}
			}
			if shape(p) != row.want || !strings.Contains(strings.Join(notes, "\n"), row.note) {
				t.Errorf("want %s and %q, got %s and %v", row.want, row.note, shape(p), notes)
			}
			if p.Window != rules.Window || p.Stop != 3 {
				t.Errorf("want the window and the failures in the plan, got %q, %d", p.Window, p.Stop)
			}
			for _, s := range p.Steps {
				if strings.HasPrefix(s.Do.Action, "workspaces:R") && (s.Lost.Ja == "" || s.Undo != nil) || s.Do.Action == Migrate && s.Undo == nil {
					t.Errorf("want what is lost, and the way back of a migration, got %+v", s)
				}
			}
		})
	}
}

func TestWhatIsSeenOfARebuild(t *testing.T) {
	b := types.WorkspaceBundle{BundleId: aws.String("wsb-1"), ImageId: aws.String("wsi-2"), LastUpdatedTime: aws.Time(noon.Add(500 * time.Millisecond))}
	in := Renewal{Desktop: "ws-1", Bundle: "wsb-1", Image: "wsi-2"}
	for _, row := range []struct {
		name  string
		state types.WorkspaceState
		built time.Time
		busy  bool
		want  plan.State
	}{
		{"as it was", types.WorkspaceStateAvailable, noon.Add(-time.Hour), false, plan.Todo},
		{"never seen in the trail", types.WorkspaceStateStopped, time.Time{}, false, plan.Todo},
		{"in use", types.WorkspaceStateAvailable, time.Time{}, true, plan.Later},
		{"being rebuilt", types.WorkspaceStateRebuilding, time.Time{}, true, plan.Moving},
		{"rebuilt in the second of the change", types.WorkspaceStateAvailable, noon, true, plan.Done},
		{"rebuilt and broken", types.WorkspaceStateError, noon.Add(time.Minute), false, plan.Moving},
		{"broken before", types.WorkspaceStateError, time.Time{}, false, plan.Todo},
		{"going", types.WorkspaceStateTerminating, time.Time{}, false, plan.Drifted},
	} {
		w := types.Workspace{WorkspaceId: aws.String("ws-1"), BundleId: aws.String("wsb-1"), State: row.state}
		if got := compareRebuilt(in, w, b, row.built, row.busy); got.State != row.want || got.Failed != (row.name == "rebuilt and broken") {
			t.Errorf("%s: want %s, got %+v", row.name, row.want, got)
		}
	}
	if got := compareRebuilt(Renewal{"ws-1", "wsb-1", "wsi-3"}, types.Workspace{BundleId: aws.String("wsb-1")}, b, time.Time{}, false); got.State != plan.Drifted {
		t.Errorf("want a bundle with another image left alone, got %+v", got)
	}
}

func TestWhatIsSeenOfAMigration(t *testing.T) {
	w := func(id, bundle string, s types.WorkspaceState) types.Workspace {
		return types.Workspace{WorkspaceId: &id, BundleId: &bundle, State: s}
	}
	old := w("ws-1", "wsb-1", types.WorkspaceStateAvailable)
	for _, row := range []struct {
		name string
		all  []types.Workspace
		into string
		busy bool
		want plan.State
	}{
		{"as it was", []types.Workspace{old}, "wsb-2", false, plan.Todo},
		{"in use", []types.Workspace{old}, "wsb-2", true, plan.Later},
		{"no new bundle", []types.Workspace{old}, "", false, plan.Drifted},
		{"nobody", nil, "wsb-2", false, plan.Drifted},
		{"on the way", []types.Workspace{w("ws-1", "wsb-1", types.WorkspaceStateMaintenance), w("ws-2", "wsb-2", types.WorkspaceStatePending)}, "wsb-2", false, plan.Moving},
		{"the old one is not gone yet", []types.Workspace{old, w("ws-2", "wsb-2", types.WorkspaceStateAvailable)}, "wsb-2", false, plan.Moving},
		{"over", []types.Workspace{w("ws-2", "wsb-2", types.WorkspaceStateAvailable)}, "wsb-2", true, plan.Done},
		{"the new one failed", []types.Workspace{old, w("ws-2", "wsb-2", types.WorkspaceStateError)}, "wsb-2", false, plan.Moving},
		{"another bundle", []types.Workspace{w("ws-3", "wsb-3", types.WorkspaceStateAvailable)}, "wsb-2", false, plan.Drifted},
	} {
		got := compareMigrated(row.all, "wsb-1", row.into, map[string]bool{"ws-1": row.busy})
		if got.State != row.want || got.Failed != (row.name == "the new one failed") {
			t.Errorf("%s: want %s, got %+v", row.name, row.want, got)
		}
	}
}

func TestStandings(t *testing.T) {
	b := types.WorkspaceBundle{BundleId: aws.String("wsb-1"), CreationTime: aws.Time(noon), LastUpdatedTime: aws.Time(noon)}
	later := b
	later.LastUpdatedTime = aws.Time(noon.Add(time.Hour))
	for _, row := range []struct {
		name       string
		b          types.WorkspaceBundle
		built, now time.Time
		want       Standing
	}{
		{"a bundle that never changed", b, time.Time{}, noon.Add(1000 * time.Hour), Current},
		{"made after the change", later, noon.Add(2 * time.Hour), noon.Add(3 * time.Hour), Current},
		{"not made since", later, time.Time{}, noon.Add(3 * time.Hour), Earlier},
		{"changed longer ago than the trail knows", later, time.Time{}, noon.Add(100 * 24 * time.Hour), Unclear},
		{"a bundle that is gone", types.WorkspaceBundle{}, time.Time{}, noon, Unclear},
	} {
		if got := stand(row.b, row.built, row.now); got != row.want {
			t.Errorf("%s: want %s, got %s", row.name, row.want, got)
		}
	}
}

// TestPoliciesNameWhatIsDone holds the policy to the actions of the plans.
func TestPoliciesNameWhatIsDone(t *testing.T) {
	table := Actions(clock.Real{})
	p, err := policy.Parse(rolloutPolicy(table, true))
	if err != nil {
		t.Fatal(err)
	}
	for name := range table {
		read, write := table.Permissions(name)
		for _, a := range append(read, write...) {
			if p.Evaluate(a, "*") != policy.Allow {
				t.Errorf("%s: want %s allowed", name, a)
			}
		}
	}
	for _, text := range []string{checkPolicy(), whoPolicy(), rolloutPolicy(table, false)} {
		if p, err := policy.Parse(text); err != nil || p.Evaluate("workspaces:RebuildWorkspaces", "*") == policy.Allow {
			t.Errorf("want a policy that changes nothing, got %s, %v", text, err)
		}
	}
}

func TestReachable(t *testing.T) {
	conf := settings.Default()
	conf.People["a"] = settings.Person{Mail: "a@x.example"}
	if notice.Reachable(conf, notice.Told{Topic: "desktops", To: []string{"a"}}) {
		t.Error("want nobody reached without a relay")
	}
	conf.Mail.Relay = "smtp://x"
	if !notice.Reachable(conf, notice.Told{To: []string{"a"}}) || notice.Reachable(conf, notice.Told{To: []string{"b"}}) {
		t.Error("want who has an address reached by mail, and nobody else")
	}
}

func FuzzBuilt(f *testing.F) {
	f.Add(`{"requestParameters":{"rebuildWorkspaceRequests":[{"workspaceId":"ws-1"}]},"responseElements":{"failedRequests":[{"workspaceId":"ws-1"}]}}`)
	f.Add(`{"responseElements":{"pendingRequests":[{"workspaceId":"ws-1"}],"targetWorkspaceId":"ws-2"}}`)
	f.Add(`{"responseElements":null}`)
	f.Fuzz(func(t *testing.T, record string) {
		for _, id := range built(record) {
			if len(id) > len(record) {
				t.Errorf("%q is not of %s", id, record)
			}
		}
	})
}
