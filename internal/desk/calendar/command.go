package calendar

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
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// Command is "tamachi calendar". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	c := &cobra.Command{
		Use:   "calendar",
		Short: "Keep a calendar of maintenance to which people subscribe",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(updateCommand(w), listCommand(w), linkCommand(w))
	for _, sub := range c.Commands() {
		sub.SilenceUsage, sub.SilenceErrors, sub.Args = true, true, noArgs
		sub.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return duty.Misuse(err) })
	}
	return c
}

func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
	}
	return nil
}

func failed(err error) error { return &report.Exit{Code: report.Found, Err: err} }

// desk is one run.
type desk struct {
	world account.World
	out   io.Writer
	lang  report.Lang
	conf  *settings.Settings
	shelf shelf.Shelf
}

func open(c *cobra.Command, w account.World, lang string) (*desk, error) {
	d := &desk{world: w, out: c.OutOrStdout(), lang: report.Language(w.Getenv)}
	var err error
	if lang != "" {
		if d.lang, err = report.ParseLang(lang); err != nil {
			return nil, duty.Misuse(err)
		}
	}
	if d.conf, err = settings.Load(w.Getenv); err != nil {
		return nil, failed(err)
	}
	if d.shelf, err = shelf.In(w.Getenv); err != nil {
		return nil, failed(err)
	}
	return d, nil
}

func updateCommand(w account.World) *cobra.Command {
	var reach account.Reach
	var policy bool
	var file, lang string
	c := &cobra.Command{
		Use: "update", Short: "Read the accounts and bring the calendar up to date",
		Long: `Run it by a schedule, some times a day. What cannot be asked stays as it was.
A plan with a window that somebody began to apply is there for the next seven days,
until nothing of it waits.

Exit code: 0 up to date; 1 something could not be asked; 2 wrong use.`,
		Example: `  tamachi calendar update --file /srv/www/maintenance.ics
  tamachi calendar update --policy    the IAM policy for it`,
		RunE: func(c *cobra.Command, _ []string) error {
			if policy {
				_, err := io.WriteString(c.OutOrStdout(), Policy())
				return err
			}
			if err := reach.Check(); err != nil {
				return duty.Misuse(err)
			}
			d, err := open(c, w, lang)
			if err != nil {
				return err
			}
			return d.update(c.Context(), reach, file)
		},
	}
	reach.Flags(c.Flags())
	c.Flags().BoolVar(&policy, "policy", false, "print the minimal IAM policy and end")
	c.Flags().StringVar(&file, "file", "", "write the calendar into this file too")
	c.Flags().StringVar(&lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
	return c
}

// Policy is the IAM policy for an update.
func Policy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiCalendar", Effect: "Allow", Resource: "*", Action: []string{
		"ssm:DescribeMaintenanceWindows", "workspaces:DescribeWorkspaceDirectories", "workspaces:DescribeWorkspaces",
	}})
}

func (d *desk) update(ctx context.Context, reach account.Reach, file string) error {
	places, err := account.Open(ctx, reach)
	if err != nil {
		return failed(d.explain(err))
	}
	found := make([]*seen, len(places))
	now := d.world.Clock.Now()
	if err := account.Each(ctx, places, func(ctx context.Context, i int, p *account.Place) (err error) {
		eyes := Eyes{p.Eyes.Identity, p.Eyes.Desktops, p.Eyes.Nodes, p.Region}
		found[i], err = eyes.look(ctx, d.conf.Location(), now)
		return err
	}, func(int) {}); err != nil {
		return failed(d.explain(err))
	}
	var events []Event
	asked, silent := map[string]bool{}, 0
	for i, p := range places {
		if p.Problem != nil {
			silent++
			fmt.Fprintln(d.out, text.Unanswered.In(d.lang, "place", p.Title(), "problem", p.Problem.In(d.lang)))
			continue
		}
		for _, problem := range found[i].problems {
			if problem.Kind != account.Unknown { // an endpoint without the service has no windows of it
				silent++
			}
			fmt.Fprintln(d.out, text.Unanswered.In(d.lang, "place", p.Title(), "problem", problem.In(d.lang)))
		}
		events = append(events, found[i].events...)
		for _, source := range found[i].asked {
			asked[source] = true
		}
	}
	ours, err := d.plans(now)
	if err != nil {
		return failed(err)
	}
	events, asked[ofPlans] = append(events, ours...), true
	if err := d.keep(events, asked, file); err != nil {
		return failed(err)
	}
	if silent > 0 {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// plans reads the desk's own. What cannot be read of them ends the update: it would
// call off what is still to come.
func (d *desk) plans(now time.Time) ([]Event, error) {
	all, err := plan.In(d.shelf).List()
	if err != nil {
		return nil, err
	}
	return plans(all, d.conf, now)
}

func (d *desk) explain(err error) error {
	if p, ok := errors.AsType[*account.Problem](err); ok {
		return errors.New(p.In(d.lang))
	}
	return err
}

// keep writes the new state of the calendar, and the file.
func (d *desk) keep(events []Event, asked map[string]bool, file string) error {
	before, err := read(d.shelf)
	if err != nil {
		return err
	}
	now := d.world.Clock.Now()
	after := merge(before, events, asked, now)
	if err := d.shelf.Write(subject, shelf.Target{}, after); err != nil {
		return err
	}
	changed, gone := 0, 0
	for _, k := range after {
		if !slices.ContainsFunc(before, func(o Kept) bool { return o.UID == k.UID && o.Sequence == k.Sequence }) {
			if changed++; k.Cancelled {
				changed, gone = changed-1, gone+1
			}
		}
	}
	fmt.Fprintln(d.out, text.Updated.In(d.lang, "n", len(after), "new", changed, "gone", gone))
	if file == "" {
		return nil
	}
	var b strings.Builder
	if err := write(&b, after, d.lang); err != nil {
		return err
	}
	return publish(file, b.String())
}

// publish replaces a file that others read, whole.
func publish(path, content string) error {
	draft := path + ".new"
	if err := os.WriteFile(draft, []byte(content), 0o644); err != nil { //nolint:gosec // it is for a web server to read
		return err
	}
	return os.Rename(draft, path)
}

func listCommand(w account.World) *cobra.Command {
	var asJSON bool
	var lang string
	c := &cobra.Command{
		Use: "list", Short: "List the maintenance that the calendar has",
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := open(c, w, lang)
			if err != nil {
				return err
			}
			all, err := read(d.shelf)
			if err != nil {
				return failed(err)
			}
			return d.list(all, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the same as JSON")
	c.Flags().StringVar(&lang, "lang", "", "ja or en (default from LC_ALL, LANG)")
	return c
}

func (d *desk) list(all []Kept, asJSON bool) error {
	now := d.world.Clock.Now()
	all = slices.DeleteFunc(all, func(k Kept) bool { return !k.To.After(now) })
	if asJSON {
		if all == nil {
			all = []Kept{}
		}
		enc := json.NewEncoder(d.out)
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(d.out, text.None.In(d.lang))
		return err
	}
	t := report.Table{Header: []string{text.ColumnFrom.In(d.lang), text.ColumnTo.In(d.lang), text.ColumnWhat.In(d.lang)}}
	for _, k := range all {
		what := k.What[0]
		if d.lang == report.Japanese {
			what = k.What[1]
		}
		if k.Cancelled {
			what = text.Cancelled.In(d.lang, "what", what)
		}
		from, to := k.From.In(d.world.Location), k.To.In(d.world.Location)
		t.Rows = append(t.Rows, []string{from.Format("2006-01-02 15:04"), to.Format("2006-01-02 15:04"), what})
	}
	return t.Write(d.out, "")
}

func linkCommand(w account.World) *cobra.Command {
	var anew bool
	c := &cobra.Command{
		Use: "link", Short: "Show the address to subscribe to, which is a secret",
		Long: `Whoever has the address can read the calendar, as tamachi notice serve gives it
out. --new makes another one; the one before then leads nowhere.`,
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := open(c, w, "")
			if err != nil {
				return err
			}
			if d.conf.Answers.URL == "" {
				return failed(errors.New(text.NoAddress.In(d.lang)))
			}
			if anew {
				if err := d.shelf.ForgetSecret(subject); err != nil {
					return failed(err)
				}
			}
			name, err := (&Feed{Shelf: d.shelf, Random: w.Rand}).Name()
			if err != nil {
				return failed(err)
			}
			_, err = fmt.Fprintln(d.out, strings.TrimSuffix(d.conf.Answers.URL, "/")+Path+name)
			return err
		},
	}
	c.Flags().BoolVar(&anew, "new", false, "make a new address")
	return c
}
