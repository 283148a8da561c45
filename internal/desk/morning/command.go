package morning

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	Fix, Yes, Anyway    bool
	Since, Reason       string
	StuckAfter, Timeout time.Duration
}

// Command is "tamachi morning". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "morning",
		Short: "Say what is wrong with the desktops this morning, why, and how to put it right",
		Long: `Reads the desktops, directories, nodes, alarms, patch runs and the trail of the
account that the standard AWS environment or profile points to, and says what is
wrong and why, worst first; then the maintenance until tomorrow, what waits for
somebody's agreement, the note of the evening before, and for the stand-up what
was put right since the last working day. --fix shows which desktops it terminates
and creates again, asks, and does it.

Exit code: 0 nothing found, or done; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi morning
  tamachi morning --fix
  tamachi morning --since 22:00 --lang ja
  tamachi morning --organization --role DeskReader --region ap-northeast-1,us-east-1
  tamachi morning --json | jq .findings
  tamachi morning --policy          the IAM policy for the check
  tamachi morning --policy --fix    what --fix needs besides`,
		Args: func(_ *cobra.Command, args []string) error { return noArgs(args) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), w, plan.Streams{In: cmd.InOrStdin(), Out: cmd.OutOrStdout(), Err: cmd.ErrOrStderr()}, f)
		},
	}
	f.Add(cmd)
	fs := cmd.Flags()
	fs.BoolVar(&f.Fix, "fix", false, "recreate the desktops whose cause of ERROR is gone")
	fs.BoolVar(&f.Yes, "yes", false, "with --fix: do not ask")
	fs.BoolVar(&f.Anyway, "anyway", false, "with --fix: recreate also those whose cause is unknown")
	fs.StringVar(&f.Since, "since", "", "beginning of the night: 12h, 22:30, 2006-01-02T15:04 (default 18:00 yesterday)")
	fs.StringVar(&f.Reason, "reason", "", "with --fix: why; it is kept with the plan")
	fs.DurationVar(&f.StuckAfter, "stuck-after", 0, "a passing state that lasts longer is reported (default that of the settings, 45m)")
	fs.DurationVar(&f.Timeout, "timeout", time.Hour, "with --fix: the longest wait for desktops to go or to come")
	return cmd
}

func noArgs(args []string) error {
	if len(args) > 0 {
		return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
	}
	return nil
}

// run is the morning check, with its repair where it is asked for.
func run(ctx context.Context, w account.World, s plan.Streams, f Flags) error {
	d := &desk{world: w, streams: s, flags: f}
	if err := d.options(); err != nil {
		return duty.Misuse(err)
	}
	if f.Policy {
		return d.policy()
	}
	places, err := account.Open(ctx, f.Reach)
	switch {
	case err != nil:
		return d.failed(err)
	case len(places) == 1 && places[0].Problem == nil:
		return d.check(ctx, places[0], d.eyes(places[0].Eyes))
	case len(places) == 1:
		return d.failed(places[0].Problem)
	case f.Fix:
		return duty.Misuse(errors.New("--fix goes with one account and Region; choose by --profile, --region, --accounts"))
	}
	return d.fleet(ctx, places)
}

// desk is one run of the command.
type desk struct {
	world   account.World
	streams plan.Streams
	flags   Flags
	lang    report.Lang
	since   time.Time
	conf    *settings.Settings
	plans   func() ([]*plan.Record, error) // read once for all places
}

// eyes looks as the settings say.
func (d *desk) eyes(a *account.Account) Eyes {
	e := eyesOf(a, d.world.Clock)
	e.Repeats = time.Duration(d.conf.Thresholds.OffenderDays) * 24 * time.Hour
	e.AtOnce = d.conf.Thresholds.DisconnectsAtOnce
	return e
}

func (d *desk) options() (err error) {
	if d.lang, err = d.flags.Language(d.world); err != nil {
		return err
	}
	if d.conf, err = settings.Load(d.world.Getenv); err != nil {
		return err
	}
	d.plans = sync.OnceValues(func() ([]*plan.Record, error) {
		memory, err := shelf.In(d.world.Getenv)
		if err != nil {
			return nil, err
		}
		return plan.In(memory).List()
	})
	if d.flags.StuckAfter == 0 {
		d.flags.StuckAfter = d.conf.Thresholds.StuckAfter
	}
	f, now := d.flags, d.world.Clock.Now()
	if (f.Yes || f.Anyway) && !f.Fix {
		return errors.New("--yes and --anyway go with --fix")
	}
	if f.StuckAfter <= 0 || f.Timeout <= 0 {
		return errors.New("--stuck-after and --timeout must be above zero")
	}
	d.since = evening(now, d.world.Location)
	if f.Since != "" {
		d.since, err = report.ParseSince(f.Since, now, d.world.Location)
	}
	return err
}

func (d *desk) policy() error {
	p := readPolicy()
	if d.flags.Fix {
		p = applyPolicy()
	}
	_, err := io.WriteString(d.streams.Out, p)
	return err
}

// failed is the exit for an error that a person should read in their language.
func (d *desk) failed(err error) error { return duty.Failed(d.lang, err) }

func (d *desk) check(ctx context.Context, at account.Place, e Eyes) error {
	found, read, err := d.look(ctx, e)
	if err != nil {
		return d.failed(err)
	}
	found.link(d.consoleOf(ctx, at.Eyes))
	if d.flags.Fix {
		if read.unremembered != nil {
			return d.failed(read.unremembered)
		}
		return d.fix(ctx, at, read.folder, read.facts, found)
	}
	agenda := d.agenda(ctx, workday(d.world.Clock.Now(), d.conf), found)
	if d.flags.JSON {
		err = duty.JSON(d.streams.Out, struct {
			*Plan
			Agenda *Agenda `json:"agenda"`
		}{found, agenda})
	} else if err = found.Write(d.streams.Out, d.lang, d.world.Location); err == nil {
		err = d.show(agenda)
	}
	return d.exit(found, err)
}

// reading is what a repair needs beside the plan.
type reading struct {
	facts        *Facts
	folder       plan.Folder
	unremembered error // why nothing can be remembered
}

// look reads and judges one account in one Region.
func (d *desk) look(ctx context.Context, e Eyes) (*Plan, reading, error) {
	var r reading
	var err error
	if r.facts, err = gather(ctx, e, d.since); err != nil {
		return nil, r, err
	}
	memory, err := shelf.In(d.world.Getenv)
	if err == nil {
		r.folder = plan.In(memory)
		var all []*plan.Record
		if all, err = d.plans(); err == nil {
			r.facts.Journal = readJournal(all, r.facts)
		}
	}
	r.unremembered = err
	return judge(r.facts, Rules{StuckAfter: d.flags.StuckAfter, Zone: d.world.Location}), r, nil
}

func (d *desk) exit(p *Plan, err error) error {
	switch {
	case err != nil:
		return d.failed(err)
	case len(p.Findings) > 0:
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// show prints the desk's own part of the day.
func (d *desk) show(a *Agenda) error {
	g := d.page(d.world.Clock.Now())
	g.plan.links = a.links
	a.write(g)
	return g.write(d.streams.Out)
}
