package statemanager

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

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
		{"targets that cannot be read", func(in *ssm.CreateAssociationInput) { in.Targets[0].Key = aws.String("Colour") }, "InvalidTarget"},
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

func TestNodeStandsAsItsWorstAssociationDoes(t *testing.T) {
	r := newRoom(t, "mi-a", "mi-b")
	stands := func() (o Overall) {
		t.Helper()
		err := r.st.View(t.Context(), func(tx *store.Tx) (err error) {
			o, err = r.Overall(tx, store.In(account, region), "mi-a")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	if o := stands(); o.Status != "" || o.Counts != nil {
		t.Errorf("without associations: got %+v", o)
	}
	id := r.create()
	r.create(func(in *ssm.CreateAssociationInput) {
		in.AssociationName, in.Parameters = aws.String("other"), map[string][]string{"n": {"2"}}
	})
	r.says("mi-a", id, "Success")
	r.says("mi-b", id, "Failed")
	o := stands()
	if o.Status != "Pending" || !slices.Equal(o.Documents, []string{"state"}) || o.Counts["Success"] != 1 || !o.LastSuccess.Equal(r.clk.Now()) {
		t.Errorf("one done and one to do: got %+v", o)
	}
	r.says("mi-a", id, "Failed")
	if o := stands(); o.Status != "Failed" || o.Details != "Failed" {
		t.Errorf("one that failed: got %+v", o)
	}
}

func TestStoredForms(t *testing.T) {
	const one = "11111111-1111-4111-8111-111111111111"
	said := settings{
		Name: "keep", Document: "state", DocumentVersion: "1", Parameters: map[string][]string{"a": {"b"}}, Targets: []Target{{"InstanceIds", []string{"*"}}},
		Schedule: "cron(0 2 ? * SUN *)", Offset: 1, OnlyAtCron: true, MaxErrors: "1", MaxConcurrency: "10%", Severity: "HIGH", Sync: "AUTO",
		Calendars: []string{"freeze"}, Output: &output{Region: region, Bucket: "out", Prefix: "p"},
		Guard: &alarm.Guard{Alarms: []string{"stop"}, Ignore: true},
	}
	stopped := []alarm.Triggered{{Name: "stop", State: "ALARM"}}
	storetest.Golden(t, &associations, &association{
		ID: one, Version: 2, settings: said, InstanceID: "mi-a", Legacy: &legacyStatus{Name: "Pending", Message: "m", Info: "i", Date: morning},
		Created: morning, Updated: morning, Tags: map[string]string{"Floor": "3"},
	})
	storetest.Golden(t, &versions, &version{Association: one, Number: 2, Created: morning, settings: said})
	storetest.Golden(t, &standings, &standing{
		Association: one, Version: 2, Owed: true, Counts: map[string]int{"Success": 1}, LastRun: morning, LastSuccess: morning, Next: morning,
		Triggered: stopped,
	})
	storetest.Golden(t, &bindings, &binding{
		Association: one, Node: "mi-a", Version: 2, Details: pending, LastRun: morning, LastSuccess: morning, Execution: "e", Runs: 3, ErrorCode: "1", Summary: "s", OutputURL: "u",
	})
	storetest.Golden(t, &nudges, &nudge{Node: "mi-a", Command: one, Associations: []string{one}, Since: morning})
	storetest.Golden(t, &executions, &execution{
		ID: one, Association: one, Version: 2, Created: morning, Last: morning, Counts: map[string]int{"Pending": 1}, Total: 1, Held: 1, Free: true,
		Concurrency: "10%", Errors: "1", Guard: &alarm.Guard{Alarms: []string{"stop"}, Triggered: stopped},
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
