package plan

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/shelf"
)

// ruled is a rule that agrees twice a month to what costs 20.3 more at most.
const ruled = `
people:
  tanabe: {aws: ["arn:aws:iam::*:user/tanabe"]}
  boss: {}
work: {zone: Asia/Tokyo}
approvals:
  cost sweep:
    stages: [{of: [boss]}]
    auto: {more: 20.3, times: 2}
`

func ruledDesk(t *testing.T, file string) (*Desk, *clock.Frozen) {
	t.Helper()
	home, now := t.TempDir(), clock.NewFrozen(morning)
	conf := filepath.Join(home, "desk.yaml")
	if err := os.WriteFile(conf, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"XDG_STATE_HOME": home, "TAMACHI_DESK": conf, "LC_ALL": "C"}
	return &Desk{
		World:   account.World{Getenv: func(name string) string { return env[name] }, Clock: now, Location: time.UTC},
		Streams: Streams{Out: new(bytes.Buffer), Err: new(bytes.Buffer)},
	}, now
}

func priced(t *testing.T, resource, amount string, change func(*Plan)) *Plan {
	t.Helper()
	all := steps(t, resource)
	if amount != "" {
		all[0].More = &More{amount, "USD"}
	}
	return planOf(t, change, all...)
}

func TestARuleAgreesInThePlaceOfPeople(t *testing.T) {
	own := func(p *Plan) { p.Steps[0].Owner = "Tanabe" }
	stranger := func(p *Plan) { p.By = "arn:aws:iam::123456789012:user/nobody" }
	for _, row := range []struct {
		name   string
		file   string
		before []string // resources that it agreed to in this month
		later  time.Duration
		amount string
		change func(*Plan)
		agrees bool
		says   string
	}{
		{"within", ruled, nil, 0, "20.30", nil, true, "agreed by the rule approvals.cost sweep.auto: 20.30 USD more a month, within 20.3; 1 of 2 this month"},
		{"the second", ruled, []string{"ws-7"}, 0, "1.00", nil, true, "2 of 2 this month"},
		{"above", ruled, nil, 0, "20.31", nil, false, "does not agree: 20.31 USD more a month for ws-1 is above 20.3"},
		{"a price that nobody knows", ruled, nil, 0, "", nil, false, "do not say what ws-1 costs more"},
		{"the third", ruled, []string{"ws-7", "ws-8"}, 0, "1.00", nil, false, "2 of 2 this month are agreed to already"},
		{"the third, in the next month there", ruled, []string{"ws-7", "ws-8"}, 8 * 24 * time.Hour, "1.00", nil, true, "1 of 2 this month"},
		{"the same desktop again", ruled, []string{"ws-1"}, 0, "1.00", nil, false, "ws-1 had its one of this month"},
		{"somebody's own", ruled, nil, 0, "1.00", own, false, "tanabe asks for themselves"},
		{"somebody's own, where the rule says so", strings.Replace(ruled, "times: 2", "times: 2, own: true", 1), nil, 0, "1.00", own, true, "agreed by the rule"},
		{"asked for by who knows whom", ruled, nil, 0, "1.00", stranger, false, "of nobody that arn:aws:iam::123456789012:user/nobody is theirs"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, now := ruledDesk(t, row.file)
			for _, resource := range row.before {
				if by, err := d.Permit(t.Context(), &Record{Plan: priced(t, resource, "1.00", func(p *Plan) { p.Made = p.Made.Add(-time.Minute) })}); err != nil {
					t.Fatal(by, err)
				}
			}
			now.Advance(row.later)
			r := &Record{Plan: priced(t, "ws-1", row.amount, row.change)}
			var said string
			for range 2 { // the second time by what was written down
				by, err := d.Permit(t.Context(), r)
				if (err == nil) != row.agrees {
					t.Fatalf("want agreed %t, got %q, %v", row.agrees, by, err)
				}
				if said = by; err != nil {
					said = err.Error()
				}
				if !strings.Contains(said, row.says) {
					t.Errorf("want it to say %q, got %q", row.says, said)
				}
			}
			shelves, err := shelf.In(d.World.Getenv)
			if err != nil {
				t.Fatal(err)
			}
			asked, err := approval.In(shelves).Of(r.Plan.Digest)
			if err != nil || asked == nil {
				t.Fatal(asked, err)
			}
			_, err = approval.In(shelves).Decide(asked.Request.ID, approval.Vote{Person: "boss", By: "boss", Via: approval.CLI, Agree: true}, now.Now())
			if closed := errors.Is(err, approval.ErrClosed); closed != row.agrees {
				t.Errorf("want the vote needless %t, got %v", row.agrees, err)
			}
		})
	}
}

func TestAPlanThatWaitsIsNotMadeTwice(t *testing.T) {
	d, now := ruledDesk(t, ruled)
	folder, err := d.Folder()
	if err != nil {
		t.Fatal(err)
	}
	p := priced(t, "ws-1", "99.00", nil)
	same := func(want string) {
		t.Helper()
		if id, err := d.Same(p.Duty, p.Steps[0].Do); id != want || err != nil {
			t.Errorf("want %q, got %q, %v", want, id, err)
		}
	}
	if err := folder.Save(p); err != nil {
		t.Fatal(err)
	}
	same("") // nobody was asked
	if _, err := d.Permit(t.Context(), &Record{Plan: p}); err == nil {
		t.Fatal("want it to wait for people")
	}
	same(p.ID)
	now.Advance(8 * 24 * time.Hour)
	same("") // the request is over
}
