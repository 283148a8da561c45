package image

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Duty is the name of the rollouts' plans.
const Duty = "image rollout"

// The ways of a new image to a desktop.
const (
	byRebuild = "rebuild"
	byMigrate = "migrate"
)

// Rules are how a rollout goes.
type Rules struct {
	How      string   // rebuild or migrate
	Name     string   // of the new bundle, for migrate
	Only     []string // desktops and users; none is all of the bundle
	Canary   []string // desktops and users that are first; none is chosen
	Canaries int      // how many are chosen
	Wave     int      // desktops at a time
	Stop     int      // failures
	Window   string
	Anyway   bool // those without a snapshot too
	Reason   string
	Topic    string // of the notice
}

// Rollout is what a plan is made from; it is kept with it.
type Rollout struct {
	At     time.Time `json:"at"`
	Image  string    `json:"image"`
	Name   string    `json:"name"`
	Bundle string    `json:"bundle"`
	Was    string    `json:"was"` // the bundle's image
	How    string    `json:"how"`
	Master string    `json:"master,omitempty"`
	Seats  []Seat    `json:"desktops"`

	bundle types.WorkspaceBundle
	by     string
	place  plan.Place
	list   settings.Acceptance
	conf   *settings.Settings
}

// draft is a plan in the making.
type draft struct {
	*Rollout
	Rules
	steps []plan.Step
	notes []plan.Text
	wave  int
	err   error
}

// propose makes the plan of a rollout. It has no steps where all desktops have the
// image.
func (r *Rollout) propose(rules Rules) (*plan.Plan, error) {
	d := &draft{Rollout: r, Rules: rules}
	canaries, rest := d.sorted(d.chosen())
	if len(canaries) > 0 {
		d.announce(append(slices.Clone(canaries), rest...))
		d.newBundle()
		d.next()
		for _, s := range canaries {
			d.seat(s, true)
		}
		d.trials(canaries)
		for wave := range slices.Chunk(rest, d.Wave) {
			d.next()
			for _, s := range wave {
				d.seat(s, false)
			}
		}
		if d.Rollout.How == byRebuild {
			d.note(text.WayBack, "image", d.Was, "bundle", d.Bundle)
		}
	}
	facts, err := json.Marshal(r)
	if err = cmp.Or(d.err, err); err != nil {
		return nil, err
	}
	return plan.New(plan.Plan{
		Duty: Duty, Made: r.At, By: r.by, Reason: d.Reason, Places: []plan.Place{r.place}, Facts: facts, Notes: d.notes, Steps: d.steps,
		Window: d.Window, Stop: d.Stop, Patience: 3 * time.Hour, // AWS takes up to an hour or more for a rebuild
	})
}

func (d *draft) note(m report.Message, pairs ...any) {
	d.notes = append(d.notes, plan.Say(m, pairs...))
}

func (d *draft) next() { d.wave++ }

// chosen are the desktops that get the image, and notes about those that do not.
func (d *draft) chosen() []Seat {
	var out []Seat
	already := 0
	for _, s := range d.Seats {
		who := []any{"desktop", s.Desktop, "user", s.User, "state", s.State}
		switch {
		case len(d.Only) > 0 && !s.named(d.Only):
		case s.Desktop == d.Master:
			d.note(text.IsMaster, who...)
		case s.Exempt != "":
			d.note(text.IsExempt, append(who, "tag", s.Exempt)...)
		case s.Image == d.Image && s.Standing == Current:
			already++
		case !slices.Contains(resting, types.WorkspaceState(s.State)):
			d.note(text.NotResting, who...)
		case s.Snapshot.IsZero() && !d.Anyway:
			d.note(text.NoSnapshot, who...)
		default:
			out = append(out, s)
		}
	}
	if already > 0 {
		d.note(text.Already, "n", already, "image", d.Image)
	}
	for _, n := range append(slices.Clone(d.Only), d.Canary...) {
		if !slices.ContainsFunc(d.Seats, func(s Seat) bool { return s.named([]string{n}) }) {
			d.note(text.NotOfBundle, "name", n, "bundle", d.Bundle)
		}
	}
	return out
}

func (s *Seat) named(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return n == s.Desktop || strings.EqualFold(n, s.User) })
}

// sorted takes the canaries out: those that are named, else such as run and are
// not in use, so that something can be seen of them soon.
func (d *draft) sorted(all []Seat) (canaries, rest []Seat) {
	rank := func(s Seat) int {
		switch {
		case len(d.Canary) > 0 && s.named(d.Canary):
			return 0
		case s.State == string(types.WorkspaceStateAvailable) && !s.Connected:
			return 1
		case !s.Connected:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(all, func(a, b Seat) int { return cmp.Compare(rank(a), rank(b)) })
	n := min(d.Canaries, len(all))
	if len(d.Canary) > 0 {
		n = 0
		for n < len(all) && rank(all[n]) == 0 {
			n++
		}
		n = max(n, min(1, len(all))) // never all at once because a name was wrong
	}
	return all[:n], all[n:]
}

func (d *draft) add(s plan.Step, action string, input any, undo string, back any) {
	do, err := plan.MoveOf(action, input)
	s.Do, s.Wave = do, d.wave
	if undo != "" && err == nil {
		var m plan.Move
		if m, err = plan.MoveOf(undo, back); err == nil {
			s.Undo = &m
		}
	}
	d.err = cmp.Or(d.err, err)
	d.steps = append(d.steps, s)
}

// announce tells the people concerned, before anything and at any time. What
// begins within twelve hours does not wait for the morning.
func (d *draft) announce(all []Seat) {
	w, err := settings.ParseWindow(d.Window)
	if err != nil {
		d.err = err
		return
	}
	opens := d.conf.Opens(w, d.At)
	if opens.IsZero() {
		d.note(text.NeverOpen, "window", d.Window)
	}
	t := notice.Told{Topic: d.Topic, Urgent: opens.Sub(d.At) < 12*time.Hour}
	for _, s := range all {
		if _, known := d.conf.People[s.User]; known {
			t.To = append(t.To, s.User)
		}
	}
	if !notice.Reachable(d.conf, t) {
		d.note(text.NobodyTold)
		return
	}
	pairs := []any{"n", len(all), "name", d.Rollout.Name, "time", opens.In(d.conf.Location()).Format("2006-01-02 15:04 MST")}
	both := func(m report.Message) [2]string {
		return [2]string{m.In(report.English, pairs...), m.In(report.Japanese, pairs...)}
	}
	t.What, t.Why, t.Do = both(text.TellWhat), both(text.TellWhy), both(text.TellDo)
	if d.Reason != "" {
		t.Why = [2]string{d.Reason, d.Reason}
	}
	d.add(plan.Step{
		Resource: fmt.Sprintf("%d", len(all)), What: plan.Say(text.Tell, "n", len(all)), Why: plan.Text{En: t.What[0], Ja: t.What[1]},
	}, notice.TellAction, t, "", nil)
}

// newBundle gives the bundle the image, or makes one like it with the image.
func (d *draft) newBundle() {
	d.next()
	why := plan.Say(text.WhyBundle, "was", d.Was)
	if d.Rollout.How == byRebuild {
		swap := Swap{Bundle: d.Bundle, Image: d.Image, Was: d.Was}
		back := Swap{Bundle: d.Bundle, Image: d.Was, Was: d.Image}
		d.add(plan.Step{
			Resource: d.Bundle, Vital: true, What: plan.Say(text.SwapImage, "image", d.Image, "name", d.Rollout.Name), Why: why, CLI: swap.CLI(),
		}, UpdateBundle, swap, UpdateBundle, back)
		return
	}
	n := newLike(d.Rules.Name, d.bundle, d.Image)
	d.add(plan.Step{
		Resource: n.Name, Vital: true, What: plan.Say(text.MakeBundle, "image", d.Image, "name", n.Name), Why: why, CLI: n.CLI(),
	}, CreateBundle, n, DeleteBundle, n)
}

// seat gives one desktop the image.
func (d *draft) seat(s Seat, canary bool) {
	why := plan.Say(text.WhyWave, "wave", d.wave)
	if canary {
		why = plan.Say(text.WhyCanary)
	}
	step := plan.Step{Resource: s.Desktop, Owner: s.User, Vital: canary, Why: why}
	if d.Rollout.How == byRebuild {
		step.What, step.Lost = plan.Say(text.RebuildIt, "image", d.Image), plan.Say(text.LostByRebuild)
		step.CLI = plan.Shell("aws", "workspaces", "rebuild-workspaces", "--rebuild-workspace-requests", s.Desktop)
		d.add(step, Rebuild, Renewal{Desktop: s.Desktop, Bundle: d.Bundle, Image: d.Image}, "", nil)
		return
	}
	m := Move{Directory: s.Directory, User: s.User, From: Which{ID: d.Bundle}, Into: Which{Name: d.Rules.Name}}
	step.What, step.Lost = plan.Say(text.MigrateIt, "name", d.Rules.Name), plan.Say(text.LostByMigrate)
	step.CLI = plan.Shell("aws", "workspaces", "migrate-workspace", "--source-workspace-id", s.Desktop, "--bundle-id", "wsb-...")
	d.add(step, Migrate, m, Migrate, m.Back())
}

// trials checks the canaries by the acceptance list, where it asks something that
// a desktop can answer.
func (d *draft) trials(canaries []Seat) {
	if len(d.list.Programs) == 0 && len(d.list.Probes) == 0 && len(d.list.Antivirus.Any) == 0 {
		d.note(text.NoList)
		return
	}
	d.next()
	for _, s := range canaries {
		d.add(plan.Step{
			Resource: s.Desktop, Owner: s.User, Vital: true, What: plan.Say(text.TryCanary), Why: plan.Say(text.WhyTry),
		}, CheckCanary, Trial{Directory: s.Directory, User: s.User, Want: d.list}, "", nil)
	}
}

// named is a bundle's name that the API takes, for an image.
func bundleName(i *types.WorkspaceImage) string {
	return cmp.Or(aws.ToString(i.Name), aws.ToString(i.ImageId))
}
