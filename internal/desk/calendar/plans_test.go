package calendar

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// A plan is in the calendar from when somebody begins it until nothing waits, and
// the night in which it was done stays.
func TestPlansWithAWindow(t *testing.T) {
	conf, err := settings.Read(strings.NewReader("work: {zone: Asia/Tokyo}\n"))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	zone := conf.Location()
	home := t.TempDir()
	s, err := shelf.In(func(name string) string { return map[string]string{"XDG_STATE_HOME": home}[name] })
	must(err)
	friday := time.Date(2026, 11, 27, 15, 0, 0, 0, zone)
	p, err := plan.New(plan.Plan{
		Duty: "image rollout", Made: friday, By: "arn:aws:iam::111122223333:user/x", Reason: "November.", Window: "22:00-06:00",
		Places: []plan.Place{{Account: "111122223333", Region: "ap-northeast-1"}},
		Steps:  []plan.Step{{Wave: 1, Resource: "ws-1", What: plan.Text{En: "a", Ja: "a"}, Why: plan.Text{En: "b", Ja: "b"}, Do: plan.Move{Action: "x:Y", Input: json.RawMessage("{}")}}},
	})
	must(err)
	folder := plan.In(s)
	must(folder.Save(p))
	look := func(now time.Time, want int) []Event {
		t.Helper()
		all, err := folder.List()
		must(err)
		events, err := plans(all, conf, now)
		must(err)
		if len(events) != want {
			t.Fatalf("want %d events, got %+v", want, events)
		}
		return events
	}
	look(friday, 0) // shown, and no more
	note := func(events ...plan.Event) {
		t.Helper()
		j, err := folder.Open(p.ID)
		must(err)
		must(j.Note(events...))
		must(j.Close())
	}
	note(plan.Event{At: friday, Kind: plan.KindApply})
	first := look(friday, 7)[0]
	night := time.Date(2026, 11, 27, 22, 0, 0, 0, zone)
	if !first.From.Equal(night) || !first.To.Equal(night.Add(8*time.Hour)) || first.What[0] != "Changes to desktops: image rollout, 1 step" || !strings.Contains(first.Why[1], "時間帯 22:00-06:00。November.") {
		t.Errorf("want the first night, got %+v", first)
	}
	within := night.Add(time.Hour)
	if again := look(within, 8)[0]; again != first {
		t.Errorf("want the night as it was while it is there, got %+v", again)
	}
	note(plan.Event{At: within, Kind: plan.KindStep, Step: 1, State: plan.Applied}, plan.Event{At: within, Kind: plan.KindEnd})
	if last := look(within.Add(time.Minute), 1)[0]; last != first {
		t.Errorf("want that night alone, got %+v", last)
	}
	look(within.Add(24*time.Hour), 0)
}
