package cost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/report"
)

// Command is "tamachi cost". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	c := &cobra.Command{
		Use: "cost", Short: "Say what desktops cost, and what could cost less",
		Args: func(_ *cobra.Command, args []string) error { return noArgs(args) },
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(sweepCommand(w))
	return c
}

func noArgs(args []string) error {
	if len(args) > 0 {
		return misuse(fmt.Errorf("unknown argument %q", args[0]))
	}
	return nil
}

func misuse(err error) error { return &report.Exit{Code: report.Misuse, Err: err} }

// sweepFlags are the options of the sweep.
type sweepFlags struct {
	Reach              account.Reach
	JSON, Policy, All  bool
	Lang, Prices, OS   string
	HR                 string
	Exempt             []string
	Threshold          float64
	UnusedDays, MinDay int
}

func sweepCommand(w account.World) *cobra.Command {
	var f sweepFlags
	c := &cobra.Command{
		Use:   "sweep",
		Short: "Find desktops that run for nobody or on the dearer running mode",
		Long: `Reads every desktop, when its user was last there, and its hours from CloudWatch,
and says which running mode is the cheaper one and whom to ask whether a desktop
can go. It reads only, and no desktop is ever terminated by it.

Hours of AUTO_STOP are those that the desktop was not stopped. For one that is
ALWAYS_ON they are those that AUTO_STOP would bill: from each connection until
the timeout after it, no minute twice.

--prices is a file: a table of one's own, or a Region's file of AWS's price list
for AmazonWorkSpaces (AWS Billing User Guide, "Getting price list files
manually"). --hr is a feed of the personnel department, CSV or JSON.

Exit code: 0 nothing found; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi cost sweep --prices ap-northeast-1.json --os Windows
  tamachi cost sweep --hr people.csv --exempt tamachi:keep --exempt team=directors
  tamachi cost sweep --organization --role DeskReader --region ap-northeast-1,us-east-1 --json
  tamachi cost sweep --policy          the IAM policy it needs`,
		Args:          func(_ *cobra.Command, args []string) error { return noArgs(args) },
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(c *cobra.Command, _ []string) error {
			return f.run(c.Context(), w, c.InOrStdin(), c.OutOrStdout())
		},
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return misuse(err) })
	fs := c.Flags()
	f.Reach.Flags(fs)
	fs.BoolVar(&f.JSON, "json", false, "print the same as JSON")
	fs.BoolVar(&f.Policy, "policy", false, "print the minimal IAM policy and end")
	fs.BoolVar(&f.All, "all", false, "show also the desktops that are right as they are")
	fs.StringVar(&f.Lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
	fs.StringVar(&f.Prices, "prices", "", "file of prices")
	fs.StringVar(&f.OS, "os", "", "with --prices: operating system of desktops that do not tell theirs, as the file writes it")
	fs.StringVar(&f.HR, "hr", "", "feed of the personnel department: CSV or JSON, - is standard input")
	fs.StringArrayVar(&f.Exempt, "exempt", []string{"tamachi:keep", "Skip_Convert"}, "tag that keeps a desktop as it is: KEY or KEY=VALUE; may be given several times")
	fs.Float64Var(&f.Threshold, "threshold", 80, "hours a month from which on ALWAYS_ON is taken for cheaper, where there is no price")
	fs.IntVar(&f.UnusedDays, "unused-days", 30, "a desktop is unused after so many days without a login")
	fs.IntVar(&f.MinDay, "min-days", 7, "judge by hours only desktops that are known for so many days")
	return c
}

// language is that of --lang, else that of the environment.
func language(w account.World, flag string) (report.Lang, error) {
	if flag == "" {
		return report.Language(w.Getenv), nil
	}
	return report.ParseLang(flag)
}

// rules reads the files and checks the options.
func (f *sweepFlags) rules(in io.Reader) (Rules, error) {
	r := Rules{
		OS: f.OS, Threshold: f.Threshold, Unused: time.Duration(f.UnusedDays) * day, Observed: time.Duration(f.MinDay) * day, Exempt: f.Exempt,
	}
	if f.Threshold < 0 || f.UnusedDays < 1 || f.UnusedDays > 3650 || f.MinDay < 0 || f.MinDay > 30 {
		return r, errors.New("--threshold must not be below 0, --unused-days is 1 to 3650, --min-days 0 to 30")
	}
	if f.OS != "" && f.Prices == "" {
		return r, errors.New("--os goes with --prices")
	}
	err := f.Reach.Check()
	if err == nil {
		r.Prices, err = prices(f.Prices, f.OS)
	}
	if err == nil && f.HR != "" {
		r.Feed, err = hr.Open(f.HR, in)
	}
	return r, err
}

// prices reads a file of prices; no file is no table.
func prices(file, system string) (*price.Table, error) {
	if file == "" {
		return nil, nil
	}
	r, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the prices: %w", err)
	}
	defer r.Close()
	t, err := price.Load(r)
	if err != nil {
		return nil, err
	}
	if system != "" && !slices.ContainsFunc(t.Systems(), func(s string) bool { return strings.EqualFold(s, system) }) {
		return nil, fmt.Errorf("--os %q: want one of the file's: %s", system, strings.Join(t.Systems(), ", "))
	}
	return t, nil
}

func (f *sweepFlags) run(ctx context.Context, w account.World, in io.Reader, out io.Writer) error {
	if f.Policy {
		_, err := io.WriteString(out, ReadPolicy())
		return err
	}
	lang, err := language(w, f.Lang)
	if err != nil {
		return misuse(err)
	}
	rules, err := f.rules(in)
	if err != nil {
		return misuse(err)
	}
	places, err := account.Open(ctx, f.Reach)
	if err != nil {
		return failed(lang, err)
	}
	plans := make([]*Plan, len(places))
	err = account.Each(ctx, places, func(ctx context.Context, i int, p *account.Place) (err error) {
		plans[i], err = Sweep(ctx, EyesOf(p.Eyes, w.Clock), rules)
		return err
	}, func(int) {})
	if err != nil {
		return failed(lang, err)
	}
	if len(places) == 1 && places[0].Problem != nil {
		return failed(lang, places[0].Problem)
	}
	if err := f.show(out, lang, w.Location, places, plans); err != nil {
		return failed(lang, err)
	}
	if slices.ContainsFunc(plans, func(p *Plan) bool { return p == nil || p.Found() }) {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// show prints each place's plan.
func (f *sweepFlags) show(out io.Writer, lang report.Lang, zone *time.Location, places []account.Place, plans []*Plan) error {
	if f.JSON {
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
	}
	return nil
}

// failed is the exit for an error that a person should read in their language.
func failed(lang report.Lang, err error) error {
	if p, ok := errors.AsType[*account.Problem](err); ok {
		err = errors.New(p.In(lang))
	}
	return &report.Exit{Code: report.Found, Err: err}
}
