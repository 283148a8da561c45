package statemanager

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const (
	account = "111122223333"
	region  = "ap-northeast-1"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// room is the room over a store in memory, with nodes, documents and calendars
// of the test.
type room struct {
	*Service
	t      *testing.T
	clk    *clock.Frozen
	nodes  []Node
	closed map[string]bool // calendars
}

func newRoom(t *testing.T, machines ...string) *room {
	t.Helper()
	r := &room{t: t, clk: clock.NewFrozen(morning), closed: map[string]bool{}}
	st, err := store.Open(t.Context(), store.Options{Clock: r.clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	r.Service = New(st, id.Seeded(1), r.clk, Ports{Nodes: fleet{r}, Documents: shelf{}, Calendars: calendars{r}, Parameters: values{}})
	for _, m := range machines {
		r.join(m, nil)
	}
	return r
}

func (r *room) join(id string, tags map[string]string) {
	r.nodes = append(slices.DeleteFunc(r.nodes, func(n Node) bool { return n.ID == id }), Node{ID: id, Platform: "Linux", Tags: tags})
	slices.SortStableFunc(r.nodes, func(a, b Node) int { return strings.Compare(a.ID, b.ID) })
}

func (r *room) leave(id string) {
	r.nodes = slices.DeleteFunc(r.nodes, func(n Node) bool { return n.ID == id })
}

type fleet struct{ *room }

func (f fleet) CheckTargets(targets []Target) error {
	if strings.HasPrefix(targets[0].Key, "resource-groups:") {
		return errors.New("there are no resource groups here")
	}
	return nil
}

func (f fleet) Targets(_ *store.Tx, _ store.Scope, targets []Target) ([]Node, error) {
	out := slices.Clone(f.nodes)
	for _, t := range targets {
		out = slices.DeleteFunc(out, func(n Node) bool {
			if isIDs(t.Key) {
				return !slices.Contains(t.Values, n.ID) && !slices.Contains(t.Values, "*")
			}
			return !slices.Contains(t.Values, n.Tags[strings.TrimPrefix(t.Key, "tag:")])
		})
	}
	return out, nil
}

func (f fleet) Resolve(_ *store.Tx, _ store.Scope, id string) (Node, bool, error) {
	i := slices.IndexFunc(f.nodes, func(n Node) bool { return n.ID == id })
	if i < 0 {
		return Node{}, false, nil
	}
	return f.nodes[i], true, nil
}

type shelf struct{}

func (shelf) Document(_ *store.Tx, _ store.Scope, name, version string) (Document, error) {
	d := Document{Name: name, Version: "1", Type: "Command", Schema: "2.2", JSON: []byte(`{}`), Sha256: "hash", Platforms: []string{"Linux"}}
	switch {
	case name == "missing":
		return d, &types.InvalidDocument{Message: new("Document with name missing does not exist.")}
	case version == "9":
		return d, &types.InvalidDocumentVersion{Message: new("no such version")}
	case name == "old":
		d.Schema = "1.2"
	case name == "windows":
		d.Schema, d.Platforms = "1.2", []string{"Windows"}
	case name == "runbook":
		d.Type = "Automation"
	}
	return d, nil
}

func (shelf) CheckParameters(_ Document, given map[string][]string) error {
	if given["bad"] != nil {
		return &types.InvalidParameters{Message: new("no parameter bad")}
	}
	return nil
}

func (shelf) Check(context.Context, string, string) ([]api.Check, error) { return nil, nil }

type calendars struct{ *room }

func (c calendars) Open(_ *store.Tx, _ store.Scope, name string) (bool, error) {
	return !c.closed[name], nil
}

type values struct{}

func (values) Value(_ *store.Tx, _ store.Scope, name string) (string, bool, error) {
	return "from the store", name == "/desk/greeting", nil
}

func (values) Check(_ context.Context, action, name string) ([]api.Check, error) {
	return []api.Check{{Action: action, Resource: name}}, nil
}

func (r *room) ctx() context.Context {
	return api.WithCall(r.t.Context(), &api.Call{
		Caller: api.Caller{Type: api.IAMUser, Account: account}, Account: account, Region: region, Time: r.clk.Now(),
	})
}

// create makes an association and lets it be matched; change may alter the
// request, whose targets are all nodes.
func (r *room) create(change ...func(*ssm.CreateAssociationInput)) string {
	r.t.Helper()
	id, err := r.tryCreate(change...)
	if err != nil {
		r.t.Fatal(err)
	}
	r.match(id)
	return id
}

func (r *room) tryCreate(change ...func(*ssm.CreateAssociationInput)) (string, error) {
	in := &ssm.CreateAssociationInput{Name: aws.String("state"), Targets: []types.Target{{Key: aws.String("InstanceIds"), Values: []string{"*"}}}}
	for _, f := range change {
		f(in)
	}
	out, err := r.CreateAssociation(r.ctx(), in)
	if err != nil {
		return "", err
	}
	return *out.AssociationDescription.AssociationId, nil
}

func (r *room) match(id string) {
	r.t.Helper()
	for more := true; more; {
		var err error
		if more, err = r.Match(r.t.Context(), account, region, id); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *room) once(id string) {
	r.t.Helper()
	if _, err := r.StartAssociationsOnce(r.ctx(), &ssm.StartAssociationsOnceInput{AssociationIds: []string{id}}); err != nil {
		r.t.Fatal(err)
	}
}

// pendings lists the nodes that are to run an association now, as their own
// lists tell them.
func (r *room) pendings(id string) string {
	r.t.Helper()
	var out []string
	for _, n := range r.nodes {
		for _, a := range r.lists(n.ID) {
			if *a.AssociationId == id && *a.DetailedStatus == "Pending" {
				out = append(out, n.ID)
			}
		}
	}
	return strings.Join(out, " ")
}

func (r *room) lists(node string) []InstanceAssociationSummary {
	r.t.Helper()
	out, err := r.ListInstanceAssociations(r.ctx(), &ListInstanceAssociationsInput{InstanceId: &node})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.Associations
}

func (r *room) says(node, id, status string) {
	r.t.Helper()
	_, err := r.UpdateInstanceAssociationStatus(r.ctx(), &UpdateInstanceAssociationStatusInput{
		AssociationId: &id, InstanceId: &node, ExecutionResult: &InstanceAssociationExecutionResult{Status: &status},
	})
	if err != nil {
		r.t.Fatalf("%s says %s: %v", node, status, err)
	}
}

// runs lets a node run an association to an end.
func (r *room) runs(node, id, status string) {
	r.t.Helper()
	r.says(node, id, "InProgress")
	r.clk.Advance(time.Second)
	r.says(node, id, status)
}

func (r *room) due() time.Time {
	r.t.Helper()
	next, err := r.Due(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return next
}

// rounds lists the executions of an association, newest first.
func (r *room) rounds(id string) []types.AssociationExecution {
	r.t.Helper()
	out, err := r.DescribeAssociationExecutions(r.ctx(), &ssm.DescribeAssociationExecutionsInput{AssociationId: &id})
	if err != nil {
		r.t.Fatal(err)
	}
	return out.AssociationExecutions
}

func (r *room) overview(id string) string {
	r.t.Helper()
	out, err := r.DescribeAssociation(r.ctx(), &ssm.DescribeAssociationInput{AssociationId: &id})
	if err != nil {
		r.t.Fatal(err)
	}
	o := out.AssociationDescription.Overview
	return fmt.Sprint(*o.Status, " ", *o.DetailedStatus, " ", o.AssociationStatusAggregatedCount)
}

func (r *room) want(what, got, want string) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func codeOf(err error) string {
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fault.ErrorCode()
	}
	return fmt.Sprint(err)
}

func TestNeverMoreThanMaxConcurrencyAndAnEndAfterMaxErrors(t *testing.T) {
	r := newRoom(t, "mi-a", "mi-b", "mi-c", "mi-d", "mi-e")
	id := r.create(func(in *ssm.CreateAssociationInput) {
		in.MaxConcurrency, in.MaxErrors = aws.String("2"), aws.String("1")
	})
	r.want("released at first", r.pendings(id), "mi-a mi-b")
	r.says("mi-a", id, "InProgress")
	r.want("under way counts", r.pendings(id), "mi-b")
	r.says("mi-a", id, "Success")
	r.want("one ended, one more begins", r.pendings(id), "mi-b mi-c")
	r.says("mi-a", id, "Success") // said twice
	r.want("a word said twice releases nobody", r.pendings(id), "mi-b mi-c")
	r.runs("mi-c", id, "Failed")
	r.want("one error is allowed", r.pendings(id), "mi-b mi-d")
	r.runs("mi-b", id, "Failed")
	r.want("the second leaves the rest out", r.pendings(id), "mi-d")
	r.runs("mi-d", id, "Success")
	r.want("all together", r.overview(id), "Failed Failed map[Associated:1 Failed:2 Success:2]")
	rounds := r.rounds(id)
	r.want("the round", *rounds[0].Status+" "+*rounds[0].ResourceCountByStatus, "Failed {Success=2, Failed=2, Skipped=1}")
	if len(rounds) != 1 {
		t.Errorf("%d rounds", len(rounds))
	}
}

func TestRoundOverManyNodesIsReleasedInSteps(t *testing.T) {
	r := newRoom(t)
	for i := range 3*step + 1 {
		r.join(fmt.Sprintf("mi-%04d", i), nil)
	}
	id := r.create()
	released := func() (n int) {
		_, nudged, _, err := r.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(nudged)
	}
	if n := released(); n < step || n > 2*step {
		t.Errorf("%d released at first", n)
	}
	r.due()
	if n := released(); n != 3*step+1 {
		t.Errorf("%d released in the end", n)
	}
	r.want("all of them", *r.rounds(id)[0].ResourceCountByStatus, fmt.Sprintf("{Pending=%d}", 3*step+1))
}

func TestNodeThatIsNeverHeardHoldsUpTheOthersForAnHour(t *testing.T) {
	r := newRoom(t, "mi-a", "mi-b")
	id := r.create(func(in *ssm.CreateAssociationInput) {
		in.MaxConcurrency, in.MaxErrors = aws.String("1"), aws.String("1")
	})
	if next := r.due(); !next.Equal(morning.Add(time.Hour)) {
		t.Errorf("wants to be called at %s", next)
	}
	r.clk.Advance(59 * time.Minute)
	r.due()
	r.want("not yet", r.pendings(id), "mi-a")
	r.clk.Advance(time.Minute)
	r.due()
	r.want("its turn went on", r.pendings(id), "mi-b")
	r.runs("mi-a", id, "Success") // it was alive after all
	r.runs("mi-b", id, "Success")
	r.want("both", r.overview(id), "Success Success map[Success:2]")
}

func TestNodeThatComesLaterIsConfiguredAtOnce(t *testing.T) {
	r := newRoom(t, "mi-a")
	id := r.create(func(in *ssm.CreateAssociationInput) {
		in.Targets = []types.Target{{Key: aws.String("tag:Floor"), Values: []string{"3"}}}
	})
	r.want("nobody has the tag", r.overview(id), "Pending Creating map[]")
	match := func(node string) {
		t.Helper()
		if err := r.MatchNode(t.Context(), account, region, node); err != nil {
			t.Fatal(err)
		}
	}
	r.join("mi-a", map[string]string{"Floor": "3"})
	match("mi-a")
	r.want("tagged", r.pendings(id), "mi-a")
	r.runs("mi-a", id, "Success")
	r.join("mi-b", map[string]string{"Floor": "3"})
	match("mi-b")
	match("mi-b")
	r.want("registered", r.pendings(id), "mi-b")
	if len(r.rounds(id)) != 2 {
		t.Errorf("%d rounds, want one for each that came", len(r.rounds(id)))
	}
	r.join("mi-a", nil)
	match("mi-a")
	r.want("the tag is gone", fmt.Sprint(len(r.lists("mi-a"))), "0")
	r.leave("mi-b")
	match("mi-b")
	r.want("the node is gone", r.overview(id), "Pending Creating map[]")
	if _, err := r.Match(t.Context(), account, region, id); err != nil {
		t.Fatal(err)
	}
}

func TestChangeRunsAtOnceAndASecondRoundWaitsForTheFirst(t *testing.T) {
	r := newRoom(t, "mi-a", "mi-b")
	id := r.create()
	r.says("mi-a", id, "InProgress")
	first := *r.lists("mi-a")[0].Checksum
	if _, err := r.UpdateAssociation(r.ctx(), &ssm.UpdateAssociationInput{AssociationId: &id, Parameters: map[string][]string{"a": {"b"}}}); err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(time.Second)
	r.match(id)
	r.want("the idle node begins anew, the other ends first", r.pendings(id), "mi-b")
	r.says("mi-a", id, "Success")
	r.want("then it is its turn", r.pendings(id), "mi-a mi-b")
	if first == *r.lists("mi-a")[0].Checksum {
		t.Error("the checksum is the same after a change")
	}
	r.runs("mi-a", id, "Success")
	r.runs("mi-b", id, "Success")
	rounds := r.rounds(id)
	r.want("the first round", *rounds[1].ResourceCountByStatus, "{Success=1, Skipped=1}")
	r.want("the second round", *rounds[0].ResourceCountByStatus, "{Success=2}")
	before := *r.lists("mi-a")[0].Checksum
	r.once(id)
	r.want("once more", r.pendings(id), "mi-a mi-b")
	if before == *r.lists("mi-a")[0].Checksum {
		t.Error("the checksum is the same after a release")
	}
}

func TestScheduleThatThePlaneKeeps(t *testing.T) {
	r := newRoom(t, "mi-a")
	id := r.create(func(in *ssm.CreateAssociationInput) {
		in.ScheduleExpression, in.ApplyOnlyAtCronInterval = aws.String("cron(0 2 ? * SUN *)"), true
		in.ScheduleOffset = aws.Int32(1)
	})
	r.want("not at once", fmt.Sprint(len(r.lists("mi-a"))), "0")
	// Sunday the 22nd at 2 is over; the next is the 29th, and a day later.
	if next := r.due(); !next.Equal(time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)) {
		t.Errorf("next %s", next)
	}
	r.clk.Advance(8 * 24 * time.Hour)
	r.due()
	r.want("due", r.pendings(id), "mi-a")
	if r.lists("mi-a")[0].ScheduleExpression != nil {
		t.Error("the node is told a schedule that the plane keeps")
	}
	r.runs("mi-a", id, "Success")
	r.due()
	r.want("once", r.pendings(id), "")
}

func TestClosedCalendarWithholds(t *testing.T) {
	r := newRoom(t, "mi-a")
	r.closed["freeze"] = true
	gated := func(in *ssm.CreateAssociationInput) { in.CalendarNames = []string{"freeze"} }
	now := r.create(gated)
	hourly := r.create(gated, func(in *ssm.CreateAssociationInput) { in.ScheduleExpression = aws.String("rate(1 hour)") })
	r.want("closed", r.pendings(now)+r.pendings(hourly), "")
	r.clk.Advance(time.Hour)
	r.due()
	r.want("still closed at a time of the schedule", r.pendings(now)+r.pendings(hourly), "")
	r.closed["freeze"] = false
	r.clk.Advance(time.Minute)
	r.due()
	r.want("open: what was owed begins", r.pendings(now), "mi-a")
	r.want("open: the schedule waits for its time", r.pendings(hourly), "")
	r.clk.Advance(time.Hour)
	r.due()
	r.want("open at a time of the schedule", r.pendings(hourly), "mi-a")
}

func TestRunsThatNodesBeginAreOneRound(t *testing.T) {
	r := newRoom(t, "mi-a", "mi-b")
	id := r.create(func(in *ssm.CreateAssociationInput) { in.ScheduleExpression = aws.String("rate(30 minutes)") })
	r.runs("mi-a", id, "Success")
	r.runs("mi-b", id, "Success")
	if s := r.lists("mi-a")[0].ScheduleExpression; s == nil || *s != "rate(30 minutes)" {
		t.Errorf("the node is told the schedule %v", s)
	}
	for range 2 {
		r.clk.Advance(30 * time.Minute)
		r.runs("mi-a", id, "Success")
		r.clk.Advance(time.Minute)
		r.runs("mi-b", id, "Failed")
	}
	rounds := r.rounds(id)
	if len(rounds) != 3 || *rounds[0].ResourceCountByStatus != "{Success=1, Failed=1}" || *rounds[1].ResourceCountByStatus != "{Success=1, Failed=1}" {
		t.Errorf("rounds: %d, %v", len(rounds), *rounds[0].ResourceCountByStatus)
	}
	r.want("together", r.overview(id), "Failed Failed map[Failed:1 Success:1]")
}

func TestNudgesAreRemovedByALook(t *testing.T) {
	r := newRoom(t, "mi-a")
	id := r.create()
	o, err := r.Nudge(t.Context(), account, region, "mi-a")
	if err != nil || o.State != nodes.Waiting || !strings.Contains(string(o.Job.Content), id) || !strings.HasSuffix(o.Job.ID, ".mi-a") {
		t.Fatalf("nudge %v, %v", o, err)
	}
	_, nudged, _, err := r.Begin(t.Context())
	if err != nil || len(nudged) != 1 {
		t.Fatalf("%v, %v", nudged, err)
	}
	r.lists("mi-a")
	if o, err = r.Nudge(t.Context(), account, region, "mi-a"); err != nil || o.State != nodes.Over {
		t.Errorf("after the look: %v, %v", o.State, err)
	}
	if _, err := r.DeleteAssociation(r.ctx(), &ssm.DeleteAssociationInput{AssociationId: &id}); err != nil {
		t.Fatal(err)
	}
	r.want("deleted", fmt.Sprint(len(r.lists("mi-a"))), "0")
	r.match(id)
	all, _, _, err := r.Begin(t.Context())
	if err != nil || len(all) != 0 {
		t.Errorf("something is left: %v, %v", all, err)
	}
	if o, _ := r.Nudge(t.Context(), account, region, "mi-a"); o.State != nodes.Waiting || strings.Contains(string(o.Job.Content), id) {
		t.Errorf("the node is not told that it is gone: %s", o.Job.Content)
	}
}

func TestWhatIsNoAssociationIsRefused(t *testing.T) {
	r := newRoom(t, "mi-a")
	r.create()
	for _, row := range []struct {
		name   string
		change func(*ssm.CreateAssociationInput)
		want   string
	}{
		{"a document that does not exist", func(in *ssm.CreateAssociationInput) { in.Name = aws.String("missing") }, "InvalidDocument"},
		{"a version that does not exist", func(in *ssm.CreateAssociationInput) { in.DocumentVersion = aws.String("9") }, "InvalidDocumentVersion"},
		{"a runbook", func(in *ssm.CreateAssociationInput) { in.Name = aws.String("runbook") }, "InvalidDocument"},
		{"a parameter that the document has not", func(in *ssm.CreateAssociationInput) { in.Parameters = map[string][]string{"bad": {"x"}} }, "InvalidParameters"},
		{"no targets", func(in *ssm.CreateAssociationInput) { in.Targets = nil }, "InvalidTarget"},
		{"resource groups", func(in *ssm.CreateAssociationInput) { in.Targets[0].Key = aws.String("resource-groups:Name") }, "InvalidTarget"},
		{"a node and targets", func(in *ssm.CreateAssociationInput) { in.Name, in.InstanceId = aws.String("old"), aws.String("mi-a") }, "ValidationException"},
		{"a node with a new document", func(in *ssm.CreateAssociationInput) { in.InstanceId, in.Targets = aws.String("mi-a"), nil }, "InvalidDocument"},
		{"a node that does not exist", func(in *ssm.CreateAssociationInput) {
			in.Name, in.InstanceId, in.Targets = aws.String("old"), aws.String("mi-x"), nil
		}, "InvalidInstanceId"},
		{"a node of another platform", func(in *ssm.CreateAssociationInput) {
			in.Name, in.InstanceId, in.Targets = aws.String("windows"), aws.String("mi-a"), nil
		}, "UnsupportedPlatformType"},
		{"a schedule that is none", func(in *ssm.CreateAssociationInput) { in.ScheduleExpression = aws.String("cron(1 2)") }, "InvalidSchedule"},
		{"a rate too fast", func(in *ssm.CreateAssociationInput) { in.ScheduleExpression = aws.String("rate(29 minutes)") }, "InvalidSchedule"},
		{"months", func(in *ssm.CreateAssociationInput) { in.ScheduleExpression = aws.String("cron(0 2 ? JAN SUN *)") }, "InvalidSchedule"},
		{"only at a rate", func(in *ssm.CreateAssociationInput) {
			in.ScheduleExpression, in.ApplyOnlyAtCronInterval = aws.String("rate(1 day)"), true
		}, "InvalidSchedule"},
		{"an offset without only", func(in *ssm.CreateAssociationInput) {
			in.ScheduleExpression, in.ScheduleOffset = aws.String("cron(0 2 ? * SUN *)"), aws.Int32(1)
		}, "InvalidSchedule"},
		{"only without a schedule", func(in *ssm.CreateAssociationInput) { in.ApplyOnlyAtCronInterval = true }, "InvalidSchedule"},
		{"target maps", func(in *ssm.CreateAssociationInput) { in.TargetMaps = []map[string][]string{{"a": {"b"}}} }, "InvalidTargetMaps"},
		{"target locations", func(in *ssm.CreateAssociationInput) { in.TargetLocations = []types.TargetLocation{{}} }, "InvalidTarget"},
		{"alarms", func(in *ssm.CreateAssociationInput) { in.AlarmConfiguration = &types.AlarmConfiguration{} }, "InvalidParameters"},
		{"an automation's parameter", func(in *ssm.CreateAssociationInput) { in.AutomationTargetParameterName = aws.String("x") }, "InvalidParameters"},
		{"a duration", func(in *ssm.CreateAssociationInput) { in.Duration = aws.Int32(1) }, "InvalidParameters"},
		{"a reserved tag", func(in *ssm.CreateAssociationInput) {
			in.Tags = []types.Tag{{Key: aws.String("aws:x"), Value: aws.String("")}}
		}, "InvalidTag"},
		{"the same again", func(in *ssm.CreateAssociationInput) { in.AssociationName = aws.String("other") }, "AssociationAlreadyExists"},
	} {
		if _, err := r.tryCreate(row.change); codeOf(err) != row.want {
			t.Errorf("%s: %v, want %s", row.name, err, row.want)
		}
	}
}

func TestRecordsOfAnotherScopeAreNotSeen(t *testing.T) {
	r := newRoom(t, "mi-a")
	id := r.create()
	for _, scope := range []store.Scope{{Account: "999988887777", Region: region}, {Account: account, Region: "eu-west-1"}} {
		err := r.st.View(t.Context(), func(tx *store.Tx) error {
			_, err := find(tx, scope, id)
			return err
		})
		if codeOf(err) != "AssociationDoesNotExist" {
			t.Errorf("%v sees it: %v", scope, err)
		}
	}
}

func TestStoredForms(t *testing.T) {
	const one = "11111111-1111-4111-8111-111111111111"
	said := settings{
		Name: "keep", Document: "state", DocumentVersion: "1", Parameters: map[string][]string{"a": {"b"}}, Targets: []Target{{"InstanceIds", []string{"*"}}},
		Schedule: "cron(0 2 ? * SUN *)", Offset: 1, OnlyAtCron: true, MaxErrors: "1", MaxConcurrency: "10%", Severity: "HIGH", Sync: "AUTO",
		Calendars: []string{"freeze"}, Output: &output{Region: region, Bucket: "out", Prefix: "p"},
	}
	storetest.Golden(t, &associations, &association{
		ID: one, Version: 2, settings: said, InstanceID: "mi-a", Legacy: &legacyStatus{Name: "Pending", Message: "m", Info: "i", Date: morning},
		Created: morning, Updated: morning, Tags: map[string]string{"Floor": "3"},
	})
	storetest.Golden(t, &versions, &version{Association: one, Number: 2, Created: morning, settings: said})
	storetest.Golden(t, &standings, &standing{
		Association: one, Version: 2, Owed: true, Counts: map[string]int{"Success": 1}, LastRun: morning, LastSuccess: morning, Next: morning,
	})
	storetest.Golden(t, &bindings, &binding{
		Association: one, Node: "mi-a", Version: 2, Details: pending, LastRun: morning, Execution: "e", Runs: 3, ErrorCode: "1", Summary: "s", OutputURL: "u",
	})
	storetest.Golden(t, &nudges, &nudge{Node: "mi-a", Command: one, Associations: []string{one}, Since: morning})
	storetest.Golden(t, &executions, &execution{
		ID: one, Association: one, Version: 2, Created: morning, Last: morning, Counts: map[string]int{"Pending": 1}, Total: 1, Held: 1, Free: true,
		Concurrency: "10%", Errors: "1",
	})
	storetest.Golden(t, &targets, &target{
		Execution: "e", Association: one, Node: "mi-a", Version: 2, Details: pending, Held: true, Released: morning, Last: morning, Output: "u",
	})
}

// A node is known by its own name only, in the check and in the record.
func TestNodesSpeakForThemselves(t *testing.T) {
	r := newRoom(t, "mi-a", "mi-b")
	id := r.create(func(in *ssm.CreateAssociationInput) { in.Targets[0].Values = []string{"mi-a"} })
	list := &ListInstanceAssociationsInput{InstanceId: aws.String("mi-b")}
	say := &UpdateInstanceAssociationStatusInput{
		AssociationId: &id, InstanceId: aws.String("mi-b"), ExecutionResult: &InstanceAssociationExecutionResult{Status: aws.String("Success")},
	}
	for name, check := range map[string]func() ([]api.Check, error){
		"list":   func() ([]api.Check, error) { return r.listInstanceAssociationsChecks(r.ctx(), list) },
		"status": func() ([]api.Check, error) { return r.updateInstanceAssociationStatusChecks(r.ctx(), say) },
		"old form": func() ([]api.Check, error) {
			return r.updateAssociationStatusChecks(r.ctx(), &ssm.UpdateAssociationStatusInput{Name: aws.String("state"), InstanceId: aws.String("mi-b")})
		},
	} {
		checks, err := check()
		if err != nil || len(checks) == 0 {
			t.Fatalf("%s: %v, %v", name, checks, err)
		}
		for _, c := range checks {
			if c.Keys[api.KeyNode] != "mi-b" {
				t.Errorf("%s: the check is about the node %q", name, c.Keys[api.KeyNode])
			}
		}
	}
	if _, err := r.UpdateInstanceAssociationStatus(r.ctx(), say); codeOf(err) != "AssociationDoesNotExist" {
		t.Errorf("a node that it is not meant for says how it went: %v", err)
	}
	list.InstanceId = aws.String("mi-x")
	if _, err := r.ListInstanceAssociations(r.ctx(), list); codeOf(err) != "InvalidInstanceId" {
		t.Errorf("the list of no node: %v", err)
	}
}

func TestParametersOfParameterStoreAreFilledIn(t *testing.T) {
	r := newRoom(t, "mi-a")
	refer := func(name string) func(in *ssm.CreateAssociationInput) {
		return func(in *ssm.CreateAssociationInput) {
			in.Parameters = map[string][]string{"commands": {"echo {{ ssm:" + name + " }}"}}
		}
	}
	r.create(refer("/desk/greeting"))
	r.want("the node's list", r.lists("mi-a")[0].Parameters["commands"][0], "echo from the store")
	if _, err := r.tryCreate(refer("/desk/nothing")); codeOf(err) != "InvalidParameters" {
		t.Errorf("a reference to nothing: %v", err)
	}
	in := &ssm.CreateAssociationInput{Name: aws.String("state")}
	refer("/desk/greeting")(in)
	checks, err := r.createAssociationChecks(r.ctx(), in)
	if err != nil || len(checks) != 1 || checks[0].Action != "ssm:GetParameters" {
		t.Errorf("checks %v, %v", checks, err)
	}
}

func TestListsGoOnWhereTheyEnded(t *testing.T) {
	r := newRoom(t, "mi-a")
	want := map[string]bool{}
	for i := range 7 {
		want[r.create(func(in *ssm.CreateAssociationInput) {
			in.AssociationName = aws.String(fmt.Sprintf("keep-%d", i))
			in.Parameters = map[string][]string{"n": {fmt.Sprint(i)}}
		})] = true
	}
	var token *string
	seen := map[string]bool{}
	for range 4 {
		out, err := r.ListInstanceAssociations(r.ctx(), &ListInstanceAssociationsInput{InstanceId: aws.String("mi-a"), MaxResults: aws.Int32(2), NextToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range out.Associations {
			seen[*a.AssociationId] = true
		}
		token = out.NextToken
	}
	if token != nil || len(seen) != len(want) {
		t.Errorf("seen %d of %d, token %v", len(seen), len(want), token)
	}
	token, seen = nil, map[string]bool{}
	for range 4 {
		out, err := r.ListAssociations(r.ctx(), &ssm.ListAssociationsInput{MaxResults: aws.Int32(2), NextToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range out.Associations {
			seen[*a.AssociationId] = true
		}
		token = out.NextToken
	}
	if token != nil || len(seen) != len(want) {
		t.Errorf("listed %d of %d, token %v", len(seen), len(want), token)
	}
}

// FuzzAssociations: no request and no word of a node brings the room to panic,
// and what was accepted is listed.
func FuzzAssociations(f *testing.F) {
	f.Add("state", "InstanceIds", "*", "rate(1 hour)", "10%", "1", "Success", int32(0))
	f.Add("old", "tag:Floor", "3", "cron(0 2 ? * SUN#1 *)", "100%", "0", "Failed", int32(3))
	f.Fuzz(func(t *testing.T, document, key, value, plan, concurrency, errors, status string, offset int32) {
		r := newRoom(t, "mi-a", "mi-b")
		id, err := r.tryCreate(func(in *ssm.CreateAssociationInput) {
			in.Name, in.Targets = &document, []types.Target{{Key: &key, Values: []string{value}}}
			in.ScheduleExpression, in.MaxConcurrency, in.MaxErrors, in.ScheduleOffset = &plan, &concurrency, &errors, &offset
			in.ApplyOnlyAtCronInterval = offset > 0
		})
		if err != nil {
			if strings.HasPrefix(codeOf(err), "<") {
				t.Fatal(err)
			}
			return
		}
		r.match(id)
		for _, n := range r.nodes {
			for range r.lists(n.ID) {
				_, err := r.UpdateInstanceAssociationStatus(r.ctx(), &UpdateInstanceAssociationStatusInput{
					AssociationId: &id, InstanceId: &n.ID, ExecutionResult: &InstanceAssociationExecutionResult{Status: &status},
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		r.due()
		r.overview(id)
	})
}
