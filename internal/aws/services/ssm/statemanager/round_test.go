package statemanager

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/nodes"
)

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
