package exception

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// options are those of the three verbs.
type options struct {
	plan.Flags
	reach            account.Reach
	policy           bool
	until, directory string
}

// Command is "tamachi exception". Its errors are *report.Exit.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	c := &cobra.Command{
		Use:   "exception",
		Short: "Let a person out of a rule of the desktops for a time, with approval",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(grantCommand(w, actions), listCommand(w), endCommand(w, actions))
	return c
}

func prepare(c *cobra.Command) *cobra.Command {
	c.SilenceUsage, c.SilenceErrors = true, true
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return duty.Misuse(err) })
	return c
}

func grantCommand(w account.World, actions plan.Actions) *cobra.Command {
	var o options
	c := prepare(&cobra.Command{
		Use:   "grant KIND USER",
		Short: "Ask for an exception and, once it is agreed to, put it into force",
		Long: `KIND is printing, wallpaper, or another of the settings (exceptions). The person
becomes a member of the kind's group until the end that is given. Whom the
settings name must agree first; the same command, or tamachi plan apply, goes on
when they have.

Exit code: 0 in force; 1 it waits for somebody, or failed; 2 wrong use.`,
		Example: `  tamachi exception grant printing yamada.taro --until 2026-12-31 --reason 'tax forms'
  tamachi exception grant --policy    the IAM policy for it`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 && !o.policy {
				return duty.Misuse(errors.New("want a kind and a user: tamachi exception grant printing yamada.taro --until 2026-12-31"))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if o.policy {
				_, err := io.WriteString(c.OutOrStdout(), policy(actions))
				return err
			}
			return o.grant(c.Context(), o.desk(c, w, actions), args[0], args[1])
		},
	})
	o.flags(c)
	c.Flags().StringVar(&o.until, "until", "", "the last day, or the time, of the exception: 2026-12-31, 2026-12-31T17:00")
	c.Flags().StringVar(&o.directory, "directory", "", "id of the directory, d-... (default the only one with desktops)")
	return c
}

func endCommand(w account.World, actions plan.Actions) *cobra.Command {
	var o options
	c := prepare(&cobra.Command{
		Use: "end", Short: "Take back the exceptions that are over", Args: cobra.NoArgs,
		Long:    "Nobody needs to agree: the end was agreed to. Run it by a schedule, with --yes.",
		Example: "  tamachi exception end --yes",
		RunE: func(c *cobra.Command, _ []string) error {
			if o.policy {
				_, err := io.WriteString(c.OutOrStdout(), policy(actions))
				return err
			}
			return o.end(c.Context(), o.desk(c, w, actions))
		},
	})
	o.flags(c)
	return c
}

func listCommand(w account.World) *cobra.Command {
	var o options
	c := prepare(&cobra.Command{
		Use: "list", Short: "List the exceptions, in force or not", Args: cobra.NoArgs,
		Long: "Exit code: 0; 1 where one is over and was not taken back.",
		RunE: func(c *cobra.Command, _ []string) error { return o.list(o.desk(c, w, nil)) },
	})
	o.Show(c.Flags())
	return c
}

func (o *options) flags(c *cobra.Command) {
	o.Show(c.Flags())
	o.Flags.Apply(c.Flags())
	o.reach.Flags(c.Flags())
	c.Flags().BoolVar(&o.policy, "policy", false, "print the minimal IAM policy and end")
}

func (o *options) desk(c *cobra.Command, w account.World, actions plan.Actions) *plan.Desk {
	o.Calls = o.reach.Calls
	return plan.At(c, w, actions, o.Flags)
}

// policy is the IAM policy for granting and ending exceptions.
func policy(actions plan.Actions) string {
	read, write := actions.Permissions(change.AddMember, change.RemoveMember)
	return account.PolicyDocument(
		account.Statement{Sid: "TamachiExceptionRead", Effect: "Allow", Resource: "*", Action: append(read, "workspaces:DescribeWorkspaceDirectories")},
		account.Statement{Sid: "TamachiExceptionApply", Effect: "Allow", Resource: "*", Action: write},
	)
}

func (o *options) grant(ctx context.Context, d *plan.Desk, kind, user string) error {
	conf, err := o.settings(d)
	if err != nil {
		return err
	}
	now := d.World.Clock.Now()
	g := Grant{Kind: kind, User: user, Directory: o.directory}
	if g.Until, err = parseUntil(o.until, conf.Location()); err != nil {
		return duty.Misuse(err)
	}
	if err := g.check(conf, now); err != nil {
		return duty.Misuse(err)
	}
	if o.Reason == "" {
		return duty.Misuse(errors.New(text.NoReason.In(d.Language())))
	}
	place, a, err := plan.Here(ctx, o.reach)
	if err != nil {
		return d.Failed(err)
	}
	if g.Directory == "" {
		if g.Directory, err = onlyDirectory(ctx, a, d.Language()); err != nil {
			return d.Failed(err)
		}
	}
	if open, err := o.same(d, g); err != nil || open != "" {
		if err != nil {
			return d.Failed(err)
		}
		return d.GoOn(ctx, open)
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return d.Failed(err)
	}
	p, err := g.Plan(by, o.Reason, place, conf.Location(), now)
	if err != nil {
		return d.Failed(err)
	}
	return d.Propose(ctx, p)
}

// same is the plan of the same exception that waits already, so that asking
// twice is asking once.
func (o *options) same(d *plan.Desk, g Grant) (string, error) {
	all, err := o.standings(d)
	if err != nil {
		return "", err
	}
	for _, s := range all {
		if s.State == Waiting && s.Kind == g.Kind && s.User == g.User && s.Directory == g.Directory && s.Until.Equal(g.Until) && s.Reason == o.Reason {
			return s.Plan, nil
		}
	}
	return "", nil
}

func (o *options) settings(d *plan.Desk) (*settings.Settings, error) {
	if err := errors.Join(o.reach.Check(), o.Check()); err != nil {
		return nil, duty.Misuse(err)
	}
	conf, err := settings.Load(d.World.Getenv)
	if err != nil {
		return nil, d.Failed(err)
	}
	return conf, nil
}

// parseUntil reads the end; a day holds until it is over.
func parseUntil(s string, zone *time.Location) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t.AddDate(0, 0, 1), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--until %q: want 2026-12-31 or 2026-12-31T17:00", s)
}

func onlyDirectory(ctx context.Context, a *account.Account, lang report.Lang) (string, error) {
	all, err := account.AllDesktopDirectories(ctx, a.Desktops)
	if err != nil {
		return "", err
	}
	if len(all) != 1 {
		return "", errors.New(text.WhichDirectory.In(lang, "n", len(all)))
	}
	return aws.ToString(all[0].DirectoryId), nil
}

func (o *options) standings(d *plan.Desk) ([]Standing, error) {
	folder, err := d.Folder()
	if err != nil {
		return nil, err
	}
	all, err := folder.List()
	if err != nil {
		return nil, err
	}
	return standings(all, d.World.Clock.Now()), nil
}

func (o *options) end(ctx context.Context, d *plan.Desk) error {
	conf, err := o.settings(d)
	if err != nil {
		return err
	}
	all, err := o.standings(d)
	if err != nil {
		return d.Failed(err)
	}
	_, a, err := plan.Here(ctx, o.reach)
	if err != nil {
		return d.Failed(err)
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return d.Failed(err)
	}
	p, err := End(all, by, conf.Location(), d.World.Clock.Now())
	if err != nil {
		return d.Failed(err)
	}
	if p == nil {
		_, err := fmt.Fprintln(d.Streams.Out, text.NothingOver.In(d.Language()))
		return err
	}
	return d.Propose(ctx, p)
}

func (o *options) list(d *plan.Desk) error {
	if err := o.Check(); err != nil {
		return duty.Misuse(err)
	}
	d.Flags = o.Flags
	all, err := o.standings(d)
	if err != nil {
		return d.Failed(err)
	}
	if err := o.print(d, all); err != nil {
		return err
	}
	for _, s := range all {
		if s.State == Over {
			return &report.Exit{Code: report.Found}
		}
	}
	return nil
}

func (o *options) print(d *plan.Desk, all []Standing) error {
	lang := d.Language()
	if o.JSON {
		enc := json.NewEncoder(d.Streams.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(d.Streams.Out, text.None.In(lang))
		return err
	}
	t := report.Table{Header: []string{
		text.ColumnPlan.In(lang), text.ColumnKind.In(lang), text.ColumnUser.In(lang), text.ColumnUntil.In(lang),
		text.ColumnState.In(lang), text.ColumnReason.In(lang),
	}}
	for _, s := range all {
		t.Rows = append(t.Rows, []string{
			s.Plan, s.Kind, s.User, s.Until.In(d.World.Location).Format("2006-01-02 15:04"), s.State.message().In(lang), s.Reason,
		})
	}
	return t.Write(d.Streams.Out, "")
}
