package agent

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestWhenAnAssociationIsDue(t *testing.T) {
	before := func(d time.Duration) *float64 { s := float64(noon.Add(-d).UnixMilli()) / 1000; return &s }
	done := func(sum string, ago time.Duration) *ran {
		return &ran{Checksum: sum, Began: noon.Add(-ago), Ended: noon.Add(-ago), Status: statusSuccess}
	}
	for _, row := range []struct {
		name  string
		b     bound
		r     *ran
		begun time.Duration // of the agent, before now
		want  bool
	}{
		{"released", bound{DetailedStatus: "Pending", Checksum: "a"}, nil, 0, true},
		{"released anew", bound{DetailedStatus: "Pending", Checksum: "b", LastExecutionDate: before(time.Hour)}, done("a", time.Hour), 0, true},
		{"this release has run, and the plane does not know yet", bound{DetailedStatus: "Pending", Checksum: "a"}, done("a", time.Minute), 0, false},
		{"never run", bound{DetailedStatus: "Success", Checksum: "a"}, nil, 0, true},
		{"has run, without a schedule", bound{DetailedStatus: "Success", Checksum: "a", LastExecutionDate: before(time.Hour)}, done("a", time.Hour), 0, false},
		{"was cut off", bound{DetailedStatus: "InProgress", Checksum: "a", LastExecutionDate: before(time.Hour)}, &ran{Checksum: "a", Began: noon.Add(-time.Hour)}, 0, true},
		{"a rate has passed", bound{DetailedStatus: "Success", ScheduleExpression: "rate(30 minutes)", LastExecutionDate: before(30 * time.Minute)}, nil, 0, true},
		{"a rate has not", bound{DetailedStatus: "Success", ScheduleExpression: "rate(30 minutes)", LastExecutionDate: before(29 * time.Minute)}, nil, 0, false},
		{"a rate counts from the node's own run", bound{DetailedStatus: "Success", Checksum: "a", ScheduleExpression: "rate(30 minutes)", LastExecutionDate: before(time.Hour)}, done("a", time.Minute), 0, false},
		{"a cron time has come", bound{DetailedStatus: "Success", ScheduleExpression: "cron(0 12 * * ? *)", LastExecutionDate: before(time.Hour)}, nil, time.Hour, true},
		{"a cron time that passed while the agent was away", bound{DetailedStatus: "Success", ScheduleExpression: "cron(0 11 * * ? *)", LastExecutionDate: before(5 * time.Hour)}, nil, time.Minute, false},
		{"a schedule that cannot be read", bound{DetailedStatus: "Success", ScheduleExpression: "often", LastExecutionDate: before(time.Hour)}, nil, 0, false},
	} {
		k := openKeeper(t.TempDir())
		k.begun = noon.Add(-row.begun)
		row.b.AssociationId = "one"
		if row.r != nil {
			k.runs["one"] = row.r
		}
		if got := k.due(&row.b, noon); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}

func TestKeeperRemembersAcrossARestart(t *testing.T) {
	folder := t.TempDir()
	k := openKeeper(folder)
	k.runs["one"] = &ran{Checksum: "a", Began: noon, Ended: noon, Status: statusFailed, Summary: "s"}
	if err := writeFile(k.path, k.runs); err != nil {
		t.Fatal(err)
	}
	again := openKeeper(folder)
	if again.runs["one"] == nil || *again.runs["one"] != *k.runs["one"] {
		t.Fatalf("after a restart: %v", again.runs)
	}
	if err := os.WriteFile(filepath.Join(folder, "associations.json"), []byte("spoiled"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again = openKeeper(folder); len(again.runs) != 0 {
		t.Errorf("a spoiled file: %v", again)
	}
}

func TestRefreshAsksForWhatItNames(t *testing.T) {
	for _, row := range []struct {
		name string
		ids  any
		want string
	}{
		{"one", []any{"one"}, "one"},
		{"nothing is everything", []any{}, everything},
		{"an empty text is everything", []any{""}, everything},
	} {
		k := openKeeper(t.TempDir())
		out := runRefresh(t.Context(), &agent{keeper: k}, &task{Inputs: map[string]any{"associationIds": row.ids}})
		asked, stale := k.taken()
		if out.Status != statusSuccess || !asked[row.want] || len(asked) != 1 || !stale {
			t.Errorf("%s: %v, asked %v, stale %v", row.name, out.Status, asked, stale)
		}
		if asked, stale = k.taken(); len(asked) != 0 || stale {
			t.Errorf("%s: asked twice", row.name)
		}
	}
}
