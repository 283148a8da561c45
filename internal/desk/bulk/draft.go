package bulk

import (
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// propose makes the plan of an order, by the caller's ARN, with what the account
// says of its desktops now, and how many it leaves out that are not as was wished.
// It changes nothing. A plan without steps has notes that say why.
func propose(ctx context.Context, a *account.Account, at plan.Place, by string, o Order, now time.Time) (p *plan.Plan, held int, err error) {
	f, err := gather(ctx, a, o, now)
	if err != nil {
		return nil, 0, err
	}
	return f.propose(at, by, o)
}

// draft is a plan in the making.
type draft struct {
	*found
	Order
	kind
	plan.Plan
	held int // of what was asked for, what is not done and not so already
	err  error
}

// propose makes the plan of what was found.
func (f *found) propose(at plan.Place, by string, o Order) (p *plan.Plan, held int, err error) {
	o.Minutes = cmp.Or(o.Minutes, hour)
	facts, err := json.Marshal(f.seats)
	d := &draft{found: f, Order: o, kind: kinds[o.Verb], err: err, Plan: plan.Plan{
		Duty: o.Verb.Duty(), Made: f.at, By: by, Reason: o.Reason, Places: []plan.Place{at}, Facts: facts,
		Patience: 2 * time.Hour, // a rebuild takes long
	}}
	for _, s := range f.seats {
		if d.fits(s) {
			d.step(s)
		}
	}
	for _, name := range f.missing {
		d.hold(text.NoSuch, "name", name)
	}
	for _, p := range f.unknown {
		d.Notes = append(d.Notes, plan.Text{En: p.In(report.English), Ja: p.In(report.Japanese)})
	}
	switch {
	case len(d.Steps) == 0:
	case o.Verb == Terminate || o.Verb == Restore:
		d.note(text.NoWayBack)
	case o.Verb == Rebuild && !f.blind:
		d.note(text.WayBack)
	}
	if d.err != nil {
		return nil, 0, d.err
	}
	p, err = plan.New(d.Plan)
	return p, d.held, err
}

func (d *draft) note(m report.Message, pairs ...any) {
	d.Notes = append(d.Notes, plan.Say(m, pairs...))
}

// hold notes what was asked for and is left out.
func (d *draft) hold(m report.Message, pairs ...any) {
	d.note(m, pairs...)
	d.held++
}

// fits tells whether the verb goes with a desktop, and notes why it does not.
func (d *draft) fits(s Seat) bool {
	who := []any{"desktop", s.Desktop, "user", s.User, "state", s.State}
	switch {
	case d.done(s):
		d.note(text.Already, who...)
	case !d.takes(types.WorkspaceState(s.State)):
		d.hold(text.WrongState, who...)
	case d.Verb == Stop && s.Mode == string(types.RunningModeAlwaysOn):
		d.hold(text.NeverStops, who...)
	case d.Verb == Restore && !d.blind && s.Snapshot.IsZero():
		d.hold(text.NoSnapshot, who...)
	default:
		return true
	}
	return false
}

// done tells of a desktop that is as wished.
func (d *draft) done(s Seat) bool {
	switch d.Verb {
	case Start:
		return s.State == string(types.WorkspaceStateAvailable)
	case Stop:
		return s.State == string(types.WorkspaceStateStopped)
	case AlwaysOn:
		return s.Mode == string(types.RunningModeAlwaysOn)
	case AutoStop:
		return s.Mode == string(types.RunningModeAutoStop) && s.Minutes == d.Minutes
	case Terminate:
		return !d.takes(types.WorkspaceState(s.State)) && s.State != string(types.WorkspaceStateSuspended)
	case Reboot, Restore, Rebuild:
	}
	return false
}

// step is what is done to one desktop.
func (d *draft) step(s Seat) {
	step := plan.Step{
		Resource: s.Desktop, Owner: s.User, What: plan.Say(d.what, "user", s.User, "mode", d.mode().say()), Why: d.why(s), Lost: d.lost(s),
	}
	var in, back any
	undo := d.undo
	switch d.Verb {
	case Start, Stop, Terminate:
		one := change.Desktop{Desktop: s.Desktop}
		in, back, step.CLI = one, one, one.CLI(d.action)
	case AlwaysOn, AutoStop:
		m := change.Mode{Desktop: s.Desktop, Want: d.mode().Billed, Was: change.Billed{Mode: s.Mode, Minutes: s.Minutes}}
		in, back, step.CLI = m, m.Back(), m.CLI()
	case Reboot, Restore, Rebuild:
		r := change.Repair{Desktop: s.Desktop, Since: d.since}
		in, back, step.CLI = r, r, r.CLI(d.action)
		if s.Snapshot.IsZero() {
			undo = ""
		}
	}
	var err error
	if step.Do, err = plan.MoveOf(d.action, in); err == nil && undo != "" {
		var m plan.Move
		m, err = plan.MoveOf(undo, back)
		step.Undo = &m
	}
	d.err = cmp.Or(d.err, err)
	d.Steps = append(d.Steps, step)
}

// billed is a running mode that can say itself.
type billed struct{ change.Billed }

func (d *draft) mode() billed {
	switch d.Verb {
	case AlwaysOn:
		return billed{change.Billed{Mode: string(types.RunningModeAlwaysOn)}}
	case AutoStop:
		return billed{change.Billed{Mode: string(types.RunningModeAutoStop), Minutes: d.Minutes}}
	case Start, Stop, Reboot, Restore, Rebuild, Terminate:
	}
	return billed{}
}

func (b billed) say() string {
	if b.Minutes == 0 {
		return b.Mode
	}
	return b.Mode + " (" + strconv.Itoa(int(b.Minutes)) + " min)"
}

// why is how the desktop stood when the plan was made.
func (d *draft) why(s Seat) plan.Text {
	switch {
	case s.InUse:
		return plan.Say(text.InUse, "state", s.State)
	case s.Unknown:
		return plan.Say(text.UseUnknown, "state", s.State)
	case s.LastUse.IsZero():
		return plan.Say(text.NeverUsed, "state", s.State)
	}
	return plan.Say(text.LastUse, "state", s.State, "time", stamp(s.LastUse))
}

// lost is what no undo brings back.
func (d *draft) lost(s Seat) plan.Text {
	last := s.UserSnap
	if s.Snapshot.After(last) {
		last = s.Snapshot // a plane keeps the user volume, and has snapshots to restore from only
	}
	switch {
	case d.Verb == Terminate:
		return plan.Say(text.Everything)
	case d.Verb == Restore && d.blind:
		return plan.Say(text.BackUnknown)
	case d.Verb == Restore:
		return plan.Say(text.BackTo, "time", stamp(s.Snapshot))
	case d.Verb == Rebuild && d.blind:
		return plan.Say(text.SystemUnknown)
	case d.Verb == Rebuild && last.IsZero():
		return plan.Say(text.SystemAndAll)
	case d.Verb == Rebuild:
		return plan.Say(text.System, "time", stamp(last))
	case d.Verb != Stop && d.Verb != Reboot:
		return plan.Text{}
	case s.InUse:
		return plan.Say(text.CutOff, "user", s.User)
	}
	return plan.Say(text.Running)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
