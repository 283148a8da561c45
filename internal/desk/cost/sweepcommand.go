package cost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// sweepFlags are the options of the sweep.
type sweepFlags struct {
	plan.Options
	Plan, Ask, Released bool
	Announce            string
	Ahead               time.Duration
	Prices, OS, HR      string
	Exempt              []string
	Threshold           float64
	UnusedDays, MinDays int
	Minutes             int32
}

func sweepCommand(w account.World, actions plan.Actions) *cobra.Command {
	var f sweepFlags
	c := &cobra.Command{
		Use:   "sweep",
		Short: "Find desktops that run for nobody or on the dearer running mode",
		Long: `Reads every desktop, when its user was last there, and its hours from CloudWatch,
and says which running mode is the cheaper one and whom to ask whether a desktop
can go. It changes nothing unless it is asked to.

--ask writes to the owner of each desktop that nobody uses: buttons in Slack, a
link in a mail (see tamachi notice serve, and people, owner and escalate of the
settings). Who is silent for the settings' answer-within is asked no more: those
of escalate are. Answers change the next sweep; silence deletes nothing. A desktop
that its owner releases is terminated by --released alone, a plan of its own, for
which the settings may want an approval ("cost release").

Hours of AUTO_STOP are those that the desktop was not stopped. For one that is
ALWAYS_ON they are those that AUTO_STOP would bill: from each connection until
the timeout after it, no minute twice.

--prices is a file: a table of one's own, or a Region's file of AWS's price list
for AmazonWorkSpaces (AWS Billing User Guide, "Getting price list files
manually"). --hr is a feed of the personnel department, CSV or JSON. Both, the
tags and the days may stand in the settings file (tamachi config).

Exit code: 0 nothing found, or done; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi cost sweep --prices ap-northeast-1.json --os Windows
  tamachi cost sweep --hr people.csv --exempt tamachi:keep --exempt team=directors
  tamachi cost sweep --organization --role DeskReader --region ap-northeast-1,us-east-1 --json
  tamachi cost sweep --plan            keeps the changes as a plan; see tamachi plan
  tamachi cost sweep --apply           shows them, asks, and applies
  tamachi cost sweep --ask             asks owners, and others where they are silent
  tamachi cost sweep --released --plan plans the end of what owners have released
  tamachi cost sweep --policy          the IAM policy for the sweep
  tamachi cost sweep --policy --apply  what --apply needs besides`,
		Args: func(_ *cobra.Command, args []string) error { return noArgs(args) },
		RunE: func(c *cobra.Command, _ []string) error {
			return f.run(c.Context(), c.Flags().Changed, f.Desk(c, w, actions))
		},
	}
	f.Add(c)
	f.options(c.Flags())
	return c
}

func (f *sweepFlags) options(fs *pflag.FlagSet) {
	fs.BoolVar(&f.Plan, "plan", false, "keep the changes as a plan")
	fs.BoolVar(&f.Ask, "ask", false, "write to the owners of desktops that nobody uses")
	fs.StringVar(&f.Announce, "announce", "", "with --plan or --apply: tell everyone in a topic's channel first what becomes AUTO_STOP; that needs an approval")
	fs.DurationVar(&f.Ahead, "ahead", 24*time.Hour, "with --announce: nothing is changed before so long after it")
	fs.BoolVar(&f.Released, "released", false, "with --plan or --apply: end what owners have released, instead of the changes")
	fs.StringVar(&f.Prices, "prices", "", "file of prices")
	fs.StringVar(&f.OS, "os", "", "with prices: operating system of desktops that do not tell theirs, as the file writes it")
	fs.StringVar(&f.HR, "hr", "", "feed of the personnel department: CSV or JSON, - is standard input")
	fs.StringArrayVar(&f.Exempt, "exempt", nil, "tag that keeps a desktop as it is: KEY or KEY=VALUE; may be given several times")
	fs.Float64Var(&f.Threshold, "threshold", 80, "hours a month from which on ALWAYS_ON is taken for cheaper, where there is no price")
	fs.IntVar(&f.UnusedDays, "unused-days", 0, "a desktop is unused after so many days without a login (default 30)")
	fs.IntVar(&f.MinDays, "min-days", 7, "judge by hours only desktops that are known for so many days")
	fs.Int32Var(&f.Minutes, "auto-stop-minutes", 60, "timeout of AUTO_STOP that the company wants, in steps of 60: what runs on for longer is shortened")
}

// rules reads the files and checks the options; what no option says is as the
// settings have it.
func (f *sweepFlags) rules(w account.World, given func(string) bool, in io.Reader) (Rules, error) {
	if err := errors.Join(f.Reach.Check(), f.Check()); err != nil {
		return Rules{}, err
	}
	set, err := settings.Load(w.Getenv)
	if err != nil {
		return Rules{}, err
	}
	f.complete(set, given)
	r := Rules{
		OS: f.OS, Threshold: f.Threshold, Unused: time.Duration(f.UnusedDays) * day, Observed: time.Duration(f.MinDays) * day,
		Exempt: f.Exempt, Least: set.Thresholds.MinimumSavingMonth, Minutes: int(f.Minutes),
	}
	if err := f.misused(); err != nil {
		return r, err
	}
	if r.Rulings, err = rulings(w); err != nil {
		return r, err
	}
	if r.Prices, err = Prices(f.Prices, f.OS); err == nil && f.HR != "" {
		r.Feed, err = hr.Open(f.HR, in)
	}
	return r, err
}

// complete takes from the settings what no option says.
func (f *sweepFlags) complete(set *settings.Settings, given func(string) bool) {
	if !given("exempt") {
		f.Exempt = set.ExemptionTags
	}
	if !given("unused-days") {
		f.UnusedDays = set.Thresholds.UnusedDays
	}
	if !given("prices") {
		f.Prices = set.Prices
	}
	if !given("hr") {
		f.HR = set.HR
	}
}

// misused says which options are out of their bounds or do not go together.
func (f *sweepFlags) misused() error {
	switch {
	case f.Threshold < 0 || f.UnusedDays < 1 || f.UnusedDays > 3650 || f.MinDays < 0 || f.MinDays > 30:
		return errors.New("--threshold must not be below 0, --unused-days is 1 to 3650, --min-days 0 to 30")
	case f.Minutes < 60 || f.Minutes > 48*60 || f.Minutes%60 != 0:
		return errors.New("--auto-stop-minutes is 60 to 2880, in steps of 60")
	case f.OS != "" && f.Prices == "":
		return errors.New("--os goes with prices")
	case f.Yes && !f.Apply:
		return errors.New("--yes goes with --apply")
	case f.Ask && (f.Plan || f.Apply), f.Released && !f.Plan && !f.Apply:
		return errors.New("--ask goes without --plan and --apply, --released with one of them")
	case f.Announce != "" && (f.Released || !f.Plan && !f.Apply), f.Ahead < 0:
		return errors.New("--announce goes with --plan or --apply, and without --released; --ahead must not be below zero")
	}
	return nil
}

func (f *sweepFlags) run(ctx context.Context, given func(string) bool, d *plan.Desk) error {
	if f.Policy {
		p := readPolicy()
		switch {
		case f.Apply && f.Released:
			p = releasePolicy()
		case f.Apply:
			p = applyPolicy()
		}
		_, err := io.WriteString(d.Streams.Out, p)
		return err
	}
	lang, err := language(d.World, f.Lang)
	if err != nil {
		return duty.Misuse(err)
	}
	rules, err := f.rules(d.World, given, d.Streams.In)
	if err != nil {
		return duty.Misuse(err)
	}
	places, err := account.Open(ctx, f.Reach)
	if err != nil {
		return duty.Failed(lang, err)
	}
	plans := make([]*Plan, len(places))
	stop := f.Reach.Watch(d.Streams.Err, lang)
	err = account.Each(ctx, places, func(ctx context.Context, i int, p *account.Place) (err error) {
		plans[i], err = Sweep(ctx, EyesOf(p.Eyes, d.World.Clock), rules)
		return err
	}, func(int) {})
	if stop(); err != nil {
		return duty.Failed(lang, err)
	}
	if len(places) == 1 && places[0].Problem != nil {
		return duty.Failed(lang, places[0].Problem)
	}
	if f.Plan || f.Apply {
		return f.change(ctx, d, lang, places, plans)
	}
	if f.Ask {
		if err := f.ask(ctx, d, lang, rules, plans); err != nil {
			return duty.Failed(lang, err)
		}
	}
	if err := f.show(d.Streams.Out, lang, d.World.Location, places, plans); err != nil {
		return duty.Failed(lang, err)
	}
	if slices.ContainsFunc(plans, func(p *Plan) bool { return p == nil || p.Found() }) {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// ask writes to the owners of what is in the plans.
func (f *sweepFlags) ask(ctx context.Context, d *plan.Desk, lang report.Lang, rules Rules, plans []*Plan) error {
	conf, err := settings.Load(d.World.Getenv)
	if err != nil {
		return err
	}
	a := &asking{world: d.World, conf: conf, unused: rules.Unused, out: d.Streams.Err, lang: lang}
	var failed []error
	for _, p := range plans {
		if p != nil {
			failed = append(failed, a.everyone(ctx, p))
		}
	}
	fmt.Fprintln(d.Streams.Err, text.QuestionsOut.In(lang, "n", a.asked))
	return errors.Join(failed...)
}

// change keeps the plan of the changes, and applies it where that was asked
// for. With --json the plan goes to stdout and what was found to stderr.
func (f *sweepFlags) change(ctx context.Context, d *plan.Desk, lang report.Lang, places []account.Place, found []*Plan) error {
	set, err := settings.Load(d.World.Getenv)
	if err != nil {
		return duty.Failed(lang, err)
	}
	w := Wishes{Role: f.Reach.Role, Minutes: f.Minutes, Reason: f.Reason, Released: f.Released, Most: set.Thresholds.MaximumStepsAtOnce}
	p, err := changes(places, found, w)
	if err != nil {
		return duty.Failed(lang, err)
	}
	if !f.JSON {
		if err := f.show(d.Streams.Out, lang, d.World.Location, places, found); err != nil {
			return duty.Failed(lang, err)
		}
	}
	if f.Announce != "" {
		if p, err = f.announced(ctx, d, set, p); err != nil {
			return duty.Failed(lang, err)
		}
	}
	return f.Settle(ctx, d, p)
}

// show prints each place's plan.
func (f *sweepFlags) show(out io.Writer, lang report.Lang, zone *time.Location, places []account.Place, plans []*Plan) error {
	if f.JSON {
		return showJSON(out, places, plans)
	}
	changes := 0
	for i, p := range places {
		if len(places) > 1 {
			fmt.Fprintln(out, text.Place.In(lang, "title", p.Title()))
		}
		if plans[i] == nil {
			fmt.Fprintln(out, text.Unanswered.In(lang, "problem", p.Problem.In(lang)))
			continue
		}
		if err := plans[i].Write(out, lang, zone, f.All); err != nil {
			return err
		}
		changes += plans[i].changes()
	}
	if changes > 0 && !f.Plan && !f.Apply {
		fmt.Fprintln(out, text.Kept.In(lang, "n", changes))
	}
	return nil
}

// released is how many desktops their owners have released.
func (p *Plan) released() int {
	n := 0
	for i := range p.Rows {
		if p.Rows[i].Proposal == Release {
			n++
		}
	}
	return n
}

// changes is how many desktops the sweep would change.
func (p *Plan) changes() int {
	n := 0
	for i := range p.Rows {
		if rank(&p.Rows[i]) == 0 {
			n++
		}
	}
	return n
}

func showJSON(out io.Writer, places []account.Place, plans []*Plan) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	if len(places) == 1 {
		return enc.Encode(plans[0])
	}
	type placed struct {
		account.Place
		*Plan
	}
	var all []placed
	for i := range places {
		all = append(all, placed{places[i], plans[i]})
	}
	return enc.Encode(struct {
		Places []placed `json:"places"`
	}{all})
}
