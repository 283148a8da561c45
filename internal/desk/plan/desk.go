package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/pflag"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
)

// Flags are the options of every command that can apply a plan.
type Flags struct {
	Yes, JSON, All, CLI bool
	Lang, Reason        string
	Patience            time.Duration
	Errors              int
	Calls               account.Calls
}

// Show adds the options of showing a plan.
func (f *Flags) Show(fs *pflag.FlagSet) {
	fs.BoolVar(&f.JSON, "json", false, "print the same as JSON")
	fs.BoolVar(&f.All, "all", false, "show every step, however many")
	fs.BoolVar(&f.CLI, "cli", false, "show each step's AWS CLI line")
	fs.StringVar(&f.Lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
}

// Apply adds the options of applying one. Those of calls are not among them,
// since Reach has them.
func (f *Flags) Apply(fs *pflag.FlagSet) {
	fs.BoolVar(&f.Yes, "yes", false, "do not ask before the plan is applied")
	fs.StringVar(&f.Reason, "reason", "", "why this is done; it is kept with the plan")
	fs.DurationVar(&f.Patience, "patience", 30*time.Minute, "how long a step may take until it is seen done")
	fs.IntVar(&f.Errors, "max-errors", 10, "stop when more steps than this have failed")
}

// Streams are where a duty reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Desk shows, keeps and applies plans for a person at a terminal.
type Desk struct {
	World   account.World
	Streams Streams
	Actions Actions
	Flags   Flags
	Watch   func(*Record) // told how far a plan is after each look; nil says it on Err

	lang report.Lang
}

// Folder is where this person's plans are.
func (d *Desk) Folder() (Folder, error) {
	s, err := shelf.In(d.World.Getenv)
	return In(s), err
}

// Who is the ARN and the account of a place's credentials.
func Who(ctx context.Context, a *account.Account) (arn, id string, err error) {
	me, err := a.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", "", account.Explain("sts:GetCallerIdentity", err)
	}
	return aws.ToString(me.Arn), aws.ToString(me.Account), nil
}

// Propose keeps a new plan, shows it, and with --yes or after a yes applies it.
// With --json what a person reads goes to stderr and the plan to stdout. For
// whoever visits a plane's console it is as Keep.
func (d *Desk) Propose(ctx context.Context, p *Plan) error {
	if len(p.Steps) == 0 || account.VisitIn(ctx) != nil {
		return d.Keep(ctx, p)
	}
	folder, err := d.save(p)
	if err != nil {
		return d.Failed(err)
	}
	if err := fresh(p).Write(d.talk(), d.look()); err != nil {
		return err
	}
	return d.confirmThenApply(ctx, folder, p.ID)
}

// Keep keeps a new plan and shows it; `tamachi plan apply` carries it out. One
// without steps is only shown.
func (d *Desk) Keep(ctx context.Context, p *Plan) error {
	if len(p.Steps) == 0 {
		if _, err := d.Folder(); err != nil {
			return d.Failed(err)
		}
		return d.show(fresh(p))
	}
	if _, err := d.save(p); err != nil {
		return d.Failed(err)
	}
	if v := account.VisitIn(ctx); v != nil {
		v.Kept = p.ID
	}
	if err := d.show(fresh(p)); err != nil {
		return err
	}
	return &report.Exit{Code: report.Found}
}

// fresh is the record of a plan that nothing was done about yet.
func fresh(p *Plan) *Record { return &Record{Plan: p, Steps: make([]Standing, len(p.Steps))} }

func (d *Desk) save(p *Plan) (Folder, error) {
	folder, err := d.Folder()
	if err != nil {
		return folder, err
	}
	return folder, folder.Save(p)
}

// GoOn shows a plan that is kept already, and applies it after a yes.
func (d *Desk) GoOn(ctx context.Context, id string) error {
	folder, err := d.Folder()
	if err != nil {
		return d.Failed(err)
	}
	r, err := folder.Read(id)
	if err != nil {
		return d.Failed(err)
	}
	if v := account.VisitIn(ctx); v != nil {
		v.Kept = id
		if err := d.write(d.talk(), r); err != nil {
			return err
		}
		return &report.Exit{Code: report.Found}
	}
	if err := r.Write(d.talk(), d.look()); err != nil {
		return err
	}
	return d.confirmThenApply(ctx, folder, id)
}

// Here is the one place that the options choose, with its clients.
func Here(ctx context.Context, r account.Reach) (Place, *account.Account, error) {
	places, err := account.Open(ctx, r)
	switch {
	case err != nil:
		return Place{}, nil, err
	case len(places) != 1:
		return Place{}, nil, errors.New("this goes with one account and Region; choose by --profile, --region, --accounts")
	case places[0].Problem != nil:
		return Place{}, nil, places[0].Problem
	}
	a := places[0].Eyes
	_, id, err := Who(ctx, a)
	if err != nil {
		return Place{}, nil, err
	}
	return PlaceOf(r, &places[0], id), a, nil
}

// PlaceOf is a place that the options have opened, for a plan: id is its
// account.
func PlaceOf(r account.Reach, at *account.Place, id string) Place {
	p := Place{Profile: at.Profile, Role: r.Role, Account: id, Region: at.Region, Endpoint: at.Eyes.Endpoint}
	if p.Profile == "" && len(r.Profiles) == 1 {
		p.Profile = r.Profiles[0] // from which the role is assumed
	}
	return p
}

func (d *Desk) confirmThenApply(ctx context.Context, folder Folder, id string) error {
	if err := d.confirm(ctx, folder, id); err != nil {
		return err
	}
	return d.apply(ctx, folder, id)
}

// confirm asks for a plan's approval where one is due, and then the person.
func (d *Desk) confirm(ctx context.Context, folder Folder, id string) error {
	r, err := folder.Read(id)
	if err != nil {
		return d.Failed(err)
	}
	if _, err := d.Permit(ctx, r); err != nil { // asked for before the question, which would be in vain
		return d.Failed(err)
	}
	if err := d.InTurn(folder, r); err != nil {
		return d.Failed(err)
	}
	if !d.Flags.Yes && !d.confirmed(ctx) {
		return &report.Exit{Code: report.Found, Err: errors.New(text.NotConfirmed.In(d.Language(), "id", id))}
	}
	return nil
}

func (d *Desk) confirmed(ctx context.Context) bool {
	switch strings.ToLower(report.Ask(ctx, d.Streams.In, d.Streams.Err, text.Question.In(d.Language()))) {
	case "y", "yes", "はい":
		return true
	}
	return false
}

// talk is where what a person reads goes.
func (d *Desk) talk() io.Writer {
	if d.Flags.JSON {
		return d.Streams.Err
	}
	return d.Streams.Out
}

func (d *Desk) look() Look {
	return Look{Lang: d.Language(), Zone: d.World.Location, All: d.Flags.All, CLI: d.Flags.CLI}
}

// show writes a record to stdout, as text or JSON.
func (d *Desk) show(r *Record) error {
	if d.Flags.JSON {
		return d.json(r)
	}
	return d.write(d.Streams.Out, r)
}

// write shows a plan that nothing applies by itself, and what does.
func (d *Desk) write(w io.Writer, r *Record) error {
	if err := r.Write(w, d.look()); err != nil || r.Count(Applied) == len(r.Steps) {
		return err
	}
	_, err := fmt.Fprintln(w, text.Next.In(d.Language(), "id", r.Plan.ID))
	return err
}

func (d *Desk) json(v any) error {
	enc := json.NewEncoder(d.Streams.Out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// Language is the reader's.
func (d *Desk) Language() report.Lang {
	if d.lang == "" {
		d.lang = report.Language(d.World.Getenv)
		if l, err := report.ParseLang(d.Flags.Lang); err == nil {
			d.lang = l
		}
	}
	return d.lang
}

// Check tells what is wrong with the options.
func (f *Flags) Check() error {
	if f.Lang != "" {
		if _, err := report.ParseLang(f.Lang); err != nil {
			return err
		}
	}
	if f.Errors < 0 || f.Patience < 0 {
		return errors.New("--max-errors and --patience must not be below zero")
	}
	return f.Calls.Check()
}

// Failed is the exit for an error that a person should read in their language.
func (d *Desk) Failed(err error) error {
	if p, ok := errors.AsType[*account.Problem](err); ok {
		err = p.Told(d.Language())
	}
	return &report.Exit{Code: report.Found, Err: err}
}
