package cost

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/question"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

const askedPeople = `
people:
  away.aya: {mail: aya@example.com, language: ja}
  boss.hiro: {slack: U0BOSS, aws: ["arn:aws:iam::*:user/boss"]}
  helpdesk: {mail: helpdesk@example.com}
  director: {mail: director@example.com}
owner: helpdesk
escalate: [director]
`

// asker is a desk with a clock, whose posts are heard.
type asker struct {
	t     *testing.T
	world account.World
	clock *clock.Frozen
	heard map[string]notify.Post // by id: the same post is said once
	mute  bool
}

func newAsker(t *testing.T) *asker {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "desk.yaml")
	if err := os.WriteFile(file, []byte(askedPeople), 0o600); err != nil {
		t.Fatal(err)
	}
	a := &asker{t: t, clock: clock.NewFrozen(noon), heard: map[string]notify.Post{}}
	env := map[string]string{"XDG_STATE_HOME": dir, "TAMACHI_DESK": file}
	a.world = account.World{
		Getenv: func(k string) string { return env[k] }, Clock: a.clock, Location: time.UTC, Rand: strings.NewReader(strings.Repeat("x", 1000)),
		Tell: func(_ context.Context, p notify.Post) error {
			if a.mute {
				return errors.New("killed")
			}
			a.heard[p.ID] = p
			return nil
		},
	}
	return a
}

// sweep looks at the fleet of the tests, as it is at the clock's time.
func (a *asker) sweep(c *cloud) *Plan {
	a.t.Helper()
	r := rules(a.t)
	var err error
	if r.Rulings, err = rulings(a.world); err != nil {
		a.t.Fatal(err)
	}
	p, err := Sweep(a.t.Context(), EyesOf(c.account(), a.clock), r)
	if err != nil {
		a.t.Fatal(err)
	}
	return p
}

// ask asks about what a sweep found, and returns who heard what since.
func (a *asker) ask(p *Plan) ([]string, error) {
	a.t.Helper()
	conf, err := settings.Load(a.world.Getenv)
	if err != nil {
		a.t.Fatal(err)
	}
	before := maps.Clone(a.heard)
	err = (&asking{world: a.world, conf: conf, unused: 30 * day, out: io.Discard, lang: report.English}).everyone(a.t.Context(), p)
	var to []string
	for id, p := range a.heard {
		if _, known := before[id]; !known {
			to = append(to, p.To[0]+" "+strings.TrimSuffix(strings.TrimPrefix(p.What[0], "Is the desktop "), " still needed?"))
		}
	}
	slices.Sort(to)
	return to, err
}

// answer answers the newest question to somebody about a desktop.
func (a *asker) answer(person, desktop, choice string) error {
	a.t.Helper()
	desk, id := a.question(person, desktop)
	_, err := desk.Answer(a.t.Context(), id, person, question.Answer{Choice: choice, Via: question.Link, By: person})
	return err
}

func (a *asker) question(person, desktop string) (*question.Desk, string) {
	a.t.Helper()
	folder := folderOf(a.t, a.world)
	all, err := folder.About(KeepKind)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, r := range all {
		if r.Question.Person == person && r.Question.Subject == desktop {
			return &question.Desk{
				Folder: folder, Takers: question.Takers{KeepKind: Taker(a.world)}, Clock: a.clock, Log: func(string) {},
			}, r.Question.ID
		}
	}
	a.t.Fatalf("%s was not asked about %s", person, desktop)
	return nil, ""
}

func (p *Plan) says(desktop string) string {
	for i := range p.Rows {
		if r := &p.Rows[i]; r.ID == desktop {
			var why []string
			for _, l := range r.Why {
				why = append(why, l.In(report.English))
			}
			return string(r.Proposal) + " " + r.Saving + ": " + strings.Join(why, "; ")
		}
	}
	return ""
}

func wants(t *testing.T, p *Plan, desktop, want string) {
	t.Helper()
	if got := p.says(desktop); !strings.Contains(got, want) {
		t.Errorf("%s: want %q, got %q", desktop, want, got)
	}
}

// TestOwnersAreAsked goes from the question to the plan: a keep, a release, and
// silence that escalates and ends nothing.
func TestOwnersAreAsked(t *testing.T) {
	c, a := newCloud(t, fleet()), newAsker(t)
	p := a.sweep(c)

	// Killed between the question and the post: the same one goes out later.
	a.mute = true
	if _, err := a.ask(p); err == nil {
		t.Error("want it told that nobody could be written to")
	}
	a.mute = false
	to, err := a.ask(a.sweep(c))
	want := []string{"away.aya ws-c of away.aya", "boss.hiro ws-e of gone.goro", "helpdesk ws-i of never.sora"}
	if err != nil || !slices.Equal(to, want) {
		t.Fatalf("want %q, got %q, %v", want, to, err)
	}
	for _, one := range a.heard {
		if one.To[0] == "away.aya" && (one.Why[1] != "最終ログイン 2026-10-09、45 日前; 使われないまま ALWAYS_ON; 月 30.00 USD の費用" || len(one.Buttons) != 2) {
			t.Errorf("want the reason and two buttons, got %+v", one)
		}
	}

	// Asked again is not asked twice, and the sweep says that it was asked.
	a.clock.Advance(day)
	if to, err := a.ask(a.sweep(c)); err != nil || len(to) != 0 {
		t.Errorf("want nobody written to twice, got %q, %v", to, err)
	}
	wants(t, a.sweep(c), "ws-c", "away.aya asked on 2026-11-23, no answer yet")

	if err := a.answer("away.aya", "ws-c", keep); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	boss := question.Answer{Choice: release, Via: question.CLI, By: "arn:aws:iam::111122223333:user/boss"}
	if err := answerAs(t.Context(), a.world, &out, report.English, "ws-e", boss); err != nil || out.String() != "counted: boss.hiro, ws-e: release\n" {
		t.Errorf("got %q, %v", out.String(), err)
	}
	if err := answerAs(t.Context(), a.world, &out, report.English, "ws-e", boss); err == nil {
		t.Error("want one answer a person")
	}
	boss.By = "arn:aws:iam::111122223333:user/stranger"
	if err := answerAs(t.Context(), a.world, &out, report.English, "ws-i", boss); err == nil {
		t.Error("want nobody to answer for another one")
	}

	p = a.sweep(c)
	wants(t, p, "ws-c", "AUTO_STOP 24.00: last login 2026-10-09, 46 days ago; away.aya keeps it (2026-11-24)")
	wants(t, p, "ws-e", "release 30.00: gone.goro has left the company (HR); boss.hiro releases it (2026-11-24)")
	a.released(p)

	// Three days without an answer: the director is asked, and nothing is ended.
	a.clock.Advance(2 * day)
	to, err = a.ask(a.sweep(c))
	if err != nil || !slices.Equal(to, []string{"director ws-i of never.sora"}) {
		t.Fatalf("want the director asked, got %q, %v", to, err)
	}
	a.clock.Advance(14 * day)
	p = a.sweep(c)
	wants(t, p, "ws-i", "ask : nobody connected in 30 days or more; helpdesk, director asked since 2026-11-23, and nobody has answered")
	if err := a.answer("director", "ws-i", keep); err != nil {
		t.Fatal(err)
	}
	if err := a.answer("helpdesk", "ws-i", release); err == nil {
		t.Error("want what the director keeps kept")
	}
	wants(t, a.sweep(c), "ws-i", "keep")

	// A kept desktop that stays unused is asked about again a month later.
	a.clock.Advance(14 * day)
	to, err = a.ask(a.sweep(c))
	if err != nil || !slices.Contains(to, "away.aya ws-c of away.aya") || slices.Contains(to, "helpdesk ws-i of never.sora") {
		t.Errorf("want aya asked anew, got %q, %v", to, err)
	}
}

// released looks at the plan that ends what was released.
func (a *asker) released(found *Plan) {
	a.t.Helper()
	found.Caller = "arn:aws:iam::111122223333:user/tanabe"
	p, err := changes([]account.Place{{}}, []*Plan{found}, Wishes{Minutes: 60, Released: true})
	if err != nil {
		a.t.Fatal(err)
	}
	if p.Duty != ReleaseDuty || len(p.Steps) != 1 || p.Steps[0].Do.Action != change.TerminateDesktop || p.Steps[0].Undo != nil || p.Steps[0].Lost.En == "" {
		a.t.Errorf("want one desktop ended, with what is lost, got %+v", p.Steps)
	}
	p, err = changes([]account.Place{{}}, []*Plan{found}, Wishes{Minutes: 60})
	if err != nil || slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return s.Resource == "ws-e" }) {
		a.t.Errorf("want the other plan without it, got %+v, %v", p, err)
	}
}

func TestRulings(t *testing.T) {
	ask := func(key, person string, made int, choice string, at int) *question.Record {
		r := &question.Record{Question: &question.Question{
			ID: key + person, Subject: "ws-1", Key: key, Person: person, Made: noon.Add(time.Duration(made) * day), Expires: noon.Add(time.Duration(made+30) * day),
		}}
		if choice != "" {
			r.Answer = &question.Answer{Choice: choice, At: noon.Add(time.Duration(at) * day)}
		}
		return r
	}
	for _, row := range []struct {
		name  string
		all   []*question.Record
		login int // days
		now   int
		want  string // of a ruling that holds
		holds bool
	}{
		{"nobody was asked", nil, -40, 0, "", false},
		{"asked, no answer", []*question.Record{ask("1", "a", 0, "", 0)}, -40, 1, "", true},
		{"asked, and the questions are over", []*question.Record{ask("1", "a", 0, "", 0)}, -40, 30, "", false},
		{"released", []*question.Record{ask("1", "a", 0, release, 1)}, -40, 2, release, true},
		{"released, and then used", []*question.Record{ask("1", "a", 0, release, 1)}, 2, 3, "", false},
		{"two say two things: it is kept", []*question.Record{ask("1", "a", 0, keep, 2), ask("1", "b", 0, release, 1)}, -40, 3, keep, true},
		{"whatever the order", []*question.Record{ask("1", "a", 0, keep, 1), ask("1", "b", 0, release, 2)}, -40, 3, keep, true},
		{"kept a month ago", []*question.Record{ask("1", "a", 0, keep, 1)}, -40, 31, "", false},
		{"kept, asked anew, released", []*question.Record{ask("2", "a", 31, release, 32), ask("1", "a", 0, keep, 1)}, -40, 33, release, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := Rulings(row.all)["ws-1"]
			holds := r.holds(noon.Add(time.Duration(row.now)*day), noon.Add(time.Duration(row.login)*day), 30*day)
			if holds != row.holds || holds && r.Answer != row.want {
				t.Errorf("want %q %t, got %+v %t", row.want, row.holds, r, holds)
			}
		})
	}
}

func folderOf(t *testing.T, w account.World) question.Folder {
	t.Helper()
	s, err := shelf.In(w.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	return question.In(s)
}
