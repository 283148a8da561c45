package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
)

// apply carries out a plan that is in the folder, or goes on with it.
func (d *Desk) apply(ctx context.Context, folder Folder, id string) error {
	j, err := folder.Open(id)
	if errors.Is(err, shelf.ErrInUse) {
		err = errors.New(text.InUse.In(d.Language(), "id", id))
	}
	if err != nil {
		return d.Failed(err)
	}
	defer j.Close()
	agreed, err := d.Permit(ctx, j.Record)
	if err != nil {
		return d.Failed(err)
	}
	if err := d.InTurn(folder, j.Record); err != nil {
		return d.Failed(err)
	}
	accounts, by, err := d.open(ctx, j.Record.Plan)
	if err != nil {
		return d.Failed(err)
	}
	took, err := d.run(ctx, j, accounts, by, agreed)
	return d.tell(j.Record, took, err)
}

func (d *Desk) run(ctx context.Context, j *Journal, accounts []*account.Account, by, agreed string) (time.Duration, error) {
	began := d.World.Clock.Now()
	untold, err := d.Run(ctx, j, accounts, by, agreed)
	if untold != nil {
		fmt.Fprintln(d.Streams.Err, text.UntoldDone.In(d.Language(), "problem", untold))
	}
	return d.World.Clock.Now().Sub(began).Round(100 * time.Millisecond), err
}

// Run carries out a plan that is permitted and whose turn it is, inside its window,
// and tells the people concerned what was done; untold is why they could not be
// told. The error is that of Apply.Run.
func (d *Desk) Run(ctx context.Context, j *Journal, accounts []*account.Account, by, agreed string) (untold, err error) {
	began := d.World.Clock.Now()
	open, err := d.window(j.Record.Plan)
	if err != nil {
		return nil, err
	}
	a := &Apply{
		Journal: j, Actions: d.Actions, Accounts: accounts, Clock: d.World.Clock, By: by, Agreed: agreed,
		Patience: max(d.Flags.Patience, j.Record.Plan.Patience), Errors: d.Flags.Errors, Watch: d.Watch, Pause: account.Pause, Open: open,
	}
	if a.Watch == nil {
		a.Watch = d.watch(began)
	}
	before := j.Record.changed()
	err = a.Run(ctx)
	return d.inform(context.WithoutCancel(ctx), j.Record, before), err
}

// Carry keeps a plan that the duty has shown in its own way, asks, and carries it
// out with clients that are open already, or goes on with it. How it went, the
// duty tells in its own way too. The error is an exit where nothing was done, else
// that of Apply.Run.
func (d *Desk) Carry(ctx context.Context, p *Plan, accounts []*account.Account, by string) (*Record, time.Duration, error) {
	folder, err := d.Folder()
	if err != nil {
		return nil, 0, d.Failed(err)
	}
	if err := folder.Save(p); err != nil {
		return nil, 0, d.Failed(err)
	}
	if v := account.VisitIn(ctx); v != nil {
		v.Kept = p.ID
		return nil, 0, &report.Exit{Code: report.Found}
	}
	if err := d.confirm(ctx, folder, p.ID); err != nil {
		return nil, 0, err
	}
	j, err := folder.Open(p.ID)
	if errors.Is(err, shelf.ErrInUse) {
		err = errors.New(text.InUse.In(d.Language(), "id", p.ID))
	}
	if err != nil {
		return nil, 0, d.Failed(err)
	}
	defer j.Close()
	agreed, err := d.Permit(ctx, j.Record)
	if err != nil {
		return nil, 0, d.Failed(err)
	}
	took, err := d.run(ctx, j, accounts, by, agreed)
	return j.Record, took, err
}

// open makes the clients of the plan's places, and sees to it that they are
// those places.
func (d *Desk) open(ctx context.Context, p *Plan) (accounts []*account.Account, by string, err error) {
	for _, place := range p.Places {
		a, err := d.place(ctx, place)
		if err != nil {
			return nil, "", err
		}
		arn, id, err := Who(ctx, a)
		if err != nil {
			return nil, "", err
		}
		if id != place.Account {
			return nil, "", errors.New(text.OtherPlace.In(d.Language(), "want", place.Account, "got", id))
		}
		if a.Endpoint != place.Endpoint {
			return nil, "", errors.New(text.OtherPlace.In(d.Language(), "want", place.Account+" "+place.Endpoint, "got", id+" "+a.Endpoint))
		}
		if by == "" || place.Role == "" {
			by = arn
		}
		accounts = append(accounts, a)
	}
	return accounts, by, nil
}

// who is the ARN of who may touch the plan's places. A visitor is who they are:
// whether a plan is of their account, the plane has asked before.
func (d *Desk) who(ctx context.Context, p *Plan) (string, error) {
	if v := account.VisitIn(ctx); v != nil {
		arn, _, err := Who(ctx, v.Hands)
		return arn, err
	}
	_, by, err := d.open(ctx, p)
	return by, err
}

func (d *Desk) place(ctx context.Context, p Place) (*account.Account, error) {
	r := account.Reach{Regions: []string{p.Region}, Calls: d.Flags.Calls}
	if p.Profile != "" {
		r.Profiles = []string{p.Profile}
	}
	if p.Role != "" {
		r.Role, r.Accounts = p.Role, []string{p.Account}
	}
	places, err := account.Open(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case len(places) != 1:
		return nil, fmt.Errorf("%d places for one", len(places))
	case places[0].Problem != nil:
		return nil, places[0].Problem
	}
	return places[0].Eyes, nil
}

// watch shows how far the plan is, once it takes more than two seconds.
func (d *Desk) watch(began time.Time) func(*Record) {
	const quiet = 2 * time.Second
	last := began
	return func(r *Record) {
		now := d.World.Clock.Now()
		if now.Sub(last) < quiet {
			return
		}
		last = now
		fmt.Fprintln(d.Streams.Err, text.Working.In(d.Language(), "done", r.Count(Applied), "of", len(r.Steps),
			"failed", r.Count(Failed, Skipped), "took", now.Sub(began).Round(time.Second))+d.awaited(r))
	}
}

// awaited names what is waited for, and how the account shows it.
func (d *Desk) awaited(r *Record) string {
	const most = 3
	var all []string
	for i, s := range r.Steps {
		if s.Now != "" {
			all = append(all, cmp.Or(r.Plan.Steps[i].Owner, r.Plan.Steps[i].Resource)+" ("+s.Now+")")
		}
	}
	if len(all) == 0 {
		return ""
	}
	more := ""
	if len(all) > most {
		more = " " + text.AndMore.In(d.Language(), "n", len(all)-most)
	}
	return text.Awaited.In(d.Language(), "list", strings.Join(all[:min(most, len(all))], ", ")+more)
}

// tell ends an apply: what was done, and what is left.
func (d *Desk) tell(r *Record, took time.Duration, end error) error {
	lang := d.Language()
	if d.Flags.JSON {
		if err := d.json(r); err != nil {
			return err
		}
	}
	if end == nil && r.Count(Applied) == len(r.Steps) {
		fmt.Fprintln(d.talk(), text.AllDone.In(lang, "n", len(r.Steps), "took", took))
		return nil
	}
	if err := d.left(r); err != nil {
		return err
	}
	fmt.Fprintln(d.talk(), text.Summary.In(lang, "done", r.Count(Applied), "failed", r.Count(Failed), "skipped", r.Count(Skipped),
		"undone", r.Count(Undone, Undoing, Kept), "waiting", r.Count(Waiting, Begun, Asked)))
	switch {
	case errors.Is(end, ErrStopped):
		return &report.Exit{Code: report.Found, Err: errors.New(text.Interrupted.In(lang, "id", r.Plan.ID))}
	case end != nil:
		return d.Failed(end)
	}
	if next := d.Opens(r); !next.IsZero() {
		return &report.Exit{Code: report.Found, Err: errors.New(text.Closed.In(lang, "window", r.Plan.Window, "time", next.In(d.World.Location).Format("2006-01-02 15:04"), "id", r.Plan.ID))}
	}
	return &report.Exit{Code: report.Found, Err: errors.New(text.NotAll.In(lang, "id", r.Plan.ID))}
}

// left shows the steps that are not done.
func (d *Desk) left(r *Record) error {
	v := &view{Look: d.look(), plan: r.Plan}
	t := report.Table{}
	for i, s := range r.Plan.Steps {
		if st := r.Steps[i]; st.State != Applied && len(t.Rows) < shown {
			row := v.row(s, st)
			t.Rows = append(t.Rows, []string{row[0], row[1], row[2], row[5]})
		}
	}
	return t.Write(d.talk(), "  ")
}
