package people

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// flags are the options of a verb.
type flags struct {
	plan.Options
	Anyway, Terminate     bool
	HR, Directory, Bundle string
	Minutes               int32
	Ahead, Keep           int
}

// verb is one of joiner, mover and leaver.
type verb struct {
	use, short, long, example, sid string
	asks                           Asked
	moves                          []string // the actions of its plans
	options                        func(*flags, *pflag.FlagSet)
	plan                           func(*Facts, Rules) (Result, error)
}

// Commands are "tamachi joiner", "mover" and "leaver". Their errors are
// *report.Exit. The actions are those of every duty.
func Commands(w account.World, actions plan.Actions) []*cobra.Command {
	var all []*cobra.Command
	for _, v := range []*verb{joiner(), mover(), leaver()} {
		all = append(all, v.command(w, actions))
	}
	return all
}

const feedHelp = `
The feed of the personnel department is CSV, as a spreadsheet writes it in UTF-8,
or JSON: account, surname, given, kana, email, department, manager, state, start,
end, bundle, mode, groups; Japanese names of columns and states are known too.

Exit code: 0 nothing to do, or done; 1 something is to do, held back, or failed;
2 wrong use.`

func joiner() *verb {
	return &verb{
		use: "joiner [ACCOUNT...]", short: "Make user, groups and desktop of whoever is new", sid: "TamachiJoiner",
		long: `Compares the feed with the directory and the desktops, and plans what newcomers
lack: user, groups, desktop. A slip in a name is found before anything is made:
against its kana, the mail address and the accounts that nobody has. Before the
first user is made it is seen whether bundle, directory, service account and
addresses are there. Each person is one transaction: when a part of it fails the
rest is taken back. What was broken off goes on by tamachi plan apply: made anew,
the plan would hold back whose account is there and not enabled yet.
` + feedHelp,
		example: `  tamachi joiner --hr people.csv --bundle wsb-0123456789
  tamachi joiner --hr people.csv --bundle wsb-0123456789 --apply
  tamachi joiner takeda.hanako --hr people.csv --apply --yes
  tamachi joiner --policy --apply`,
		asks: Asked{Newcomers: true, Groups: true}, moves: []string{createUser, deleteUser, enableUser, change.AddMember, change.RemoveMember, createDesktop, removeDesktop},
		options: func(f *flags, fs *pflag.FlagSet) {
			fs.StringVar(&f.Bundle, "bundle", "", "bundle of those of whom the feed names none: wsb-...")
			fs.Int32Var(&f.Minutes, "auto-stop-minutes", 60, "timeout of AUTO_STOP, in steps of 60")
			fs.IntVar(&f.Ahead, "ahead-days", 14, "how many days before their first day newcomers are made")
			fs.BoolVar(&f.Anyway, "anyway", false, "make also those whose names look like a slip")
		},
		plan: join,
	}
}

func mover() *verb {
	return &verb{
		use: "mover [ACCOUNT...]", short: "Bring people's groups, desktops and managers to what the feed says", sid: "TamachiMover",
		long: `Puts those who are in the directory into the groups that the feed names for them,
and takes them out of those that it names for others only. Groups that the feed
does not name at all are left alone. A desktop of another bundle than the feed
names is migrated, which keeps its user volume; while somebody works there it
waits for the next apply. Whom the feed names as manager answers for the desktop
(tag tamachi:owner), and is asked by the cost sweep when its user has left.
` + feedHelp,
		example: "  tamachi mover --hr people.csv\n  tamachi mover yamada.taro --hr people.csv --apply",
		asks:    Asked{Groups: true, Movers: true}, plan: move,
		moves:   []string{change.AddMember, change.RemoveMember, tagDesktop, untagDesktop, migrateDesktop},
		options: func(*flags, *pflag.FlagSet) {},
	}
}

func leaver() *verb {
	return &verb{
		use: "leaver [ACCOUNT...]", short: "Switch off who has left, stop the desktop, and terminate it later", sid: "TamachiLeaver",
		long: `For those whom the feed says to have left, and those who are named: the account is
disabled, the desktop stopped and kept for some days, which its tag
tamachi:kept-until says. Nothing is terminated but by --terminate, which is a plan
of its own of the desktops whose days are over: it asks, and wants the approval
that the settings give to the duty "leaver terminate".
` + feedHelp,
		example: `  tamachi leaver --hr people.csv
  tamachi leaver suzuki.ichiro --keep-days 60 --apply
  tamachi leaver --hr people.csv --terminate --apply`,
		asks:  Asked{Tags: true},
		moves: []string{disableUser, enableUser, change.RunningMode, change.StopDesktop, change.StartDesktop, tagDesktop, untagDesktop, change.TerminateDesktop},
		options: func(f *flags, fs *pflag.FlagSet) {
			fs.IntVar(&f.Keep, "keep-days", 0, "how long the desktop is kept (default 30)")
			fs.BoolVar(&f.Terminate, "terminate", false, "plan the end of the desktops whose days are over")
		},
		plan: leave,
	}
}

func (v *verb) command(w account.World, actions plan.Actions) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use: v.use, Short: v.short, Long: v.long, Example: v.example, Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return v.run(c.Context(), f.Desk(c, w, actions), &f, args)
		},
	}
	f.Add(c)
	fs := c.Flags()
	fs.StringVar(&f.HR, "hr", "", "feed of the personnel department: CSV or JSON, - is standard input (default that of the settings)")
	fs.StringVar(&f.Directory, "directory", "", "directory, where several are registered: d-...")
	v.options(&f, fs)
	return c
}

// rules reads the feed and checks the options.
func (f *flags) rules(w account.World, in io.Reader, only []string) (Rules, *hr.Feed, error) {
	if err := errors.Join(f.Reach.Check(), f.Check()); err != nil {
		return Rules{}, nil, err
	}
	set, err := settings.Load(w.Getenv)
	if err != nil {
		return Rules{}, nil, err
	}
	if f.HR == "" {
		f.HR = set.HR
	}
	if f.Keep == 0 {
		f.Keep = set.Thresholds.KeepLeaverDays
	}
	switch {
	case f.Yes && !f.Apply:
		return Rules{}, nil, errors.New("--yes goes with --apply")
	case f.Minutes%60 != 0 || f.Minutes < 0 || f.Minutes > 48*60:
		return Rules{}, nil, errors.New("--auto-stop-minutes is 60 to 2880, in steps of 60")
	case f.Ahead < 0 || f.Keep < 0 || f.Ahead > 3650 || f.Keep > 3650:
		return Rules{}, nil, errors.New("days are 0 to 3650")
	}
	r := Rules{
		Bundle: f.Bundle, Minutes: f.Minutes, Ahead: time.Duration(f.Ahead) * 24 * time.Hour, Keep: f.Keep, Anyway: f.Anyway, Only: only, Reason: f.Reason,
	}
	if f.HR == "" {
		return r, &hr.Feed{}, nil
	}
	feed, err := hr.Open(f.HR, in)
	return r, feed, err
}

func (v *verb) run(ctx context.Context, d *plan.Desk, f *flags, args []string) error {
	if f.Policy {
		text := v.ReadPolicy()
		if f.Apply {
			text = v.ApplyPolicy()
		}
		_, err := io.WriteString(d.Streams.Out, text)
		return err
	}
	rules, feed, err := f.rules(d.World, d.Streams.In, args)
	switch {
	case err != nil:
		return duty.Misuse(err)
	case f.HR == "" && (v.asks.Groups || len(args) == 0):
		return duty.Misuse(errors.New("--hr FILE is needed: the feed of the personnel department"))
	}
	options := duty.Options{Lang: f.Lang, Reach: f.Reach}
	lang, err := options.Language(d.World)
	if err != nil {
		return err
	}
	a, err := options.One(ctx)
	if err != nil {
		return duty.Failed(lang, err)
	}
	asked := v.asks
	asked.Feed, asked.Directory, asked.Bundle, asked.Leavers = feed, f.Directory, f.Bundle, args
	if len(f.Reach.Profiles) == 1 {
		asked.Place.Profile = f.Reach.Profiles[0]
	}
	stop := f.Reach.Watch(d.Streams.Err, lang)
	facts, err := gather(ctx, a, d.World.Clock, asked)
	if stop(); err != nil {
		return duty.Failed(lang, err)
	}
	decide := v.plan
	if f.Terminate {
		decide = terminate
	}
	result, err := decide(facts, rules)
	if err != nil {
		return duty.Failed(lang, err)
	}
	if err := f.Settle(ctx, d, result.Plan); err != nil {
		return err
	}
	if result.Held > 0 {
		return &report.Exit{Code: report.Found}
	}
	return nil
}
