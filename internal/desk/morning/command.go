package morning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
)

// Flags are the options of the command.
type Flags struct {
	Fix, Yes, Anyway, JSON, Policy bool
	Since, Lang                    string
	StuckAfter, Timeout            time.Duration
	Reach                          account.Reach
}

// Command is "tamachi morning". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "morning",
		Short: "Say what is wrong with the desktops this morning, why, and how to put it right",
		Long: `Reads the desktops, their directories and the trail of the account that the
standard AWS environment or profile points to, and says what is wrong and why.
--fix shows which desktops it terminates and creates again, asks, and does it.

Exit code: 0 nothing found, or done; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi morning
  tamachi morning --fix
  tamachi morning --since 22:00 --lang ja
  tamachi morning --organization --role DeskReader --region ap-northeast-1,us-east-1
  tamachi morning --json | jq .findings
  tamachi morning --policy          the IAM policy for the check
  tamachi morning --policy --fix    what --fix needs besides`,
		Args:          func(_ *cobra.Command, args []string) error { return noArgs(args) },
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return Run(cmd.Context(), w, Streams{cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()}, f)
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &report.Exit{Code: report.Misuse, Err: err} })
	fs := cmd.Flags()
	fs.BoolVar(&f.Fix, "fix", false, "recreate the desktops whose cause of ERROR is gone")
	fs.BoolVar(&f.Yes, "yes", false, "with --fix: do not ask")
	fs.BoolVar(&f.Anyway, "anyway", false, "with --fix: recreate also those whose cause is unknown")
	fs.BoolVar(&f.JSON, "json", false, "print the same as JSON")
	fs.BoolVar(&f.Policy, "policy", false, "print the minimal IAM policy and end")
	fs.StringVar(&f.Since, "since", "", "beginning of the night: 12h, 22:30, 2006-01-02T15:04 (default 18:00 yesterday)")
	fs.StringVar(&f.Lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
	f.Reach.Flags(fs)
	fs.DurationVar(&f.StuckAfter, "stuck-after", 45*time.Minute, "a passing state that lasts longer is reported")
	fs.DurationVar(&f.Timeout, "timeout", time.Hour, "with --fix: the longest wait for desktops to go or to come")
	return cmd
}

func noArgs(args []string) error {
	if len(args) > 0 {
		return &report.Exit{Code: report.Misuse, Err: fmt.Errorf("unknown argument %q", args[0])}
	}
	return nil
}

// Streams are where a duty reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Run is the morning check, with its repair where it is asked for.
func Run(ctx context.Context, w account.World, s Streams, f Flags) error {
	d := &desk{world: w, streams: s, flags: f, lang: report.Language(w.Getenv)}
	if err := d.options(); err != nil {
		return &report.Exit{Code: report.Misuse, Err: err}
	}
	if f.Policy {
		return d.policy()
	}
	places, err := account.Open(ctx, f.Reach)
	switch {
	case err != nil:
		return d.failed(err)
	case len(places) == 1 && places[0].Problem == nil:
		return d.check(ctx, EyesOf(places[0].Eyes, w.Clock), tagHands{places[0].Eyes.Desktops})
	case len(places) == 1:
		return d.failed(places[0].Problem)
	case f.Fix:
		return &report.Exit{Code: report.Misuse, Err: errors.New("--fix goes with one account and Region; choose by --profile, --region, --accounts")}
	}
	return d.fleet(ctx, places)
}

// desk is one run of the command.
type desk struct {
	world   account.World
	streams Streams
	flags   Flags
	lang    report.Lang
	since   time.Time
}

func (d *desk) options() (err error) {
	f, now := d.flags, d.world.Clock.Now()
	if f.Lang != "" {
		if d.lang, err = report.ParseLang(f.Lang); err != nil {
			return err
		}
	}
	if err := f.Reach.Check(); err != nil {
		return err
	}
	if (f.Yes || f.Anyway) && !f.Fix {
		return errors.New("--yes and --anyway go with --fix")
	}
	if f.StuckAfter <= 0 || f.Timeout <= 0 {
		return errors.New("--stuck-after and --timeout must be above zero")
	}
	d.since = Evening(now, d.world.Location)
	if f.Since != "" {
		d.since, err = report.ParseSince(f.Since, now, d.world.Location)
	}
	return err
}

func (d *desk) policy() error {
	p := ReadPolicy()
	if d.flags.Fix {
		p = ApplyPolicy()
	}
	_, err := io.WriteString(d.streams.Out, p)
	return err
}

// failed is the exit for an error that a person should read in their language.
func (d *desk) failed(err error) error {
	if p, ok := errors.AsType[*account.Problem](err); ok {
		err = errors.New(p.In(d.lang))
	}
	return &report.Exit{Code: report.Found, Err: err}
}

func (d *desk) check(ctx context.Context, e Eyes, h RepairHands) error {
	plan, read, err := d.look(ctx, e)
	if err != nil {
		return d.failed(err)
	}
	if d.flags.Fix {
		if read.unremembered != nil {
			return d.failed(read.unremembered)
		}
		return d.fix(ctx, h, read.memory, read.facts, plan)
	}
	if d.flags.JSON {
		err = d.json(struct{ *Plan }{plan})
	} else {
		err = plan.Write(d.streams.Out, d.lang, d.world.Location)
	}
	return d.exit(plan, err)
}

// reading is what a repair needs beside the plan.
type reading struct {
	facts        *Facts
	memory       shelf.Shelf
	unremembered error // why nothing can be remembered
}

// look reads and judges one account in one Region.
func (d *desk) look(ctx context.Context, e Eyes) (*Plan, reading, error) {
	var r reading
	var err error
	if r.facts, err = Gather(ctx, e, d.since); err != nil {
		return nil, r, err
	}
	if r.memory, err = shelf.In(d.world.Getenv); err == nil {
		r.facts.Journal, err = readJournal(r.memory, r.facts)
	}
	r.unremembered = err
	return Judge(r.facts, Rules{StuckAfter: d.flags.StuckAfter, Zone: d.world.Location}), r, nil
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

func (d *desk) json(v any) error {
	enc := json.NewEncoder(d.streams.Out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
