package bulk

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// flags are the options of the commands.
type flags struct {
	plan.Options
	Order
}

// Commands are the verbs of "tamachi desktop". Their errors are *report.Exit. The
// actions are those of every duty.
func Commands(w account.World, actions plan.Actions) []*cobra.Command {
	var all []*cobra.Command
	for _, v := range verbs {
		all = append(all, command(w, actions, v))
	}
	return all
}

func command(w account.World, actions plan.Actions, v Verb) *cobra.Command {
	f := flags{Order: Order{Verb: v}}
	c := &cobra.Command{
		Use:   string(v) + " DESKTOP|USER...",
		Short: kinds[v].short + ", by a plan",
		Long: kinds[v].short + `. It is a plan: shown with what is lost and whom it
concerns, agreed to by others where the settings want that (approvals: ` + v.Duty() + `),
applied, verified and kept (tamachi plan list). Desktops that AWS would refuse are
left out and named, as are names that nobody has; the rest is done.

Exit code: 0 nothing to do, or done; 1 something is to do, left out, or failed;
2 wrong use.`,
		Example: `  tamachi desktop ` + string(v) + ` ws-8xk2vm4d1 yamada.taro
  tamachi desktop ` + string(v) + ` ws-8xk2vm4d1 --reason 'asked for by the owner' --apply
  tamachi desktop ` + string(v) + ` --policy --apply`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return f.run(c.Context(), f.Desk(c, w, actions), args)
		},
	}
	f.Add(c)
	if v == AutoStop {
		c.Flags().Int32Var(&f.Minutes, "minutes", hour, "how long nobody is connected until it stops: a multiple of 60")
	}
	return c
}

// policy is the IAM policy that a verb's plan needs, and with apply what its
// actions look at and change besides.
// Source: Service Authorization Reference.
func policy(actions plan.Actions, v Verb, apply bool) string {
	reads := []string{"workspaces:DescribeWorkspaceDirectories", "workspaces:DescribeWorkspaces", "workspaces:DescribeWorkspacesConnectionStatus"}
	if v == Restore || v == Rebuild {
		reads = append(reads, "workspaces:DescribeWorkspaceSnapshots")
	}
	statements := []account.Statement{{Sid: "TamachiDesktop", Effect: "Allow", Resource: "*", Action: reads}}
	if apply {
		read, write := actions.Permissions(kinds[v].action)
		all := append(read, write...)
		slices.Sort(all)
		statements = append(statements, account.Statement{Sid: "TamachiDesktopApply", Effect: "Allow", Resource: "*", Action: all})
	}
	return account.PolicyDocument(statements...)
}

// check tells what is wrong with the options.
func (f *flags) check(d *plan.Desk) error {
	switch err := errors.Join(f.Reach.Check(), f.Flags.Check()); {
	case err != nil:
		return err
	case len(f.Desktops) == 0 || slices.Contains(f.Desktops, ""):
		return errors.New("want desktops or users, as in: tamachi desktop " + string(f.Verb) + " ws-8xk2vm4d1 yamada.taro")
	case f.Yes && !f.Apply:
		return errors.New("--yes goes with --apply")
	}
	return f.Order.Check(d.Language())
}

func (f *flags) run(ctx context.Context, d *plan.Desk, args []string) error {
	if f.Policy {
		_, err := io.WriteString(d.Streams.Out, policy(d.Actions, f.Verb, f.Apply))
		return err
	}
	f.Desktops, f.Order.Reason = args, f.Flags.Reason
	if err := f.check(d); err != nil {
		return duty.Misuse(err)
	}
	lang := d.Language()
	stop := f.Reach.Watch(d.Streams.Err, lang)
	p, held, err := f.propose(ctx, d)
	if stop(); err != nil {
		return duty.Failed(lang, err)
	}
	if err := f.Settle(ctx, d, p); err != nil || held == 0 {
		return err
	}
	return &report.Exit{Code: report.Found}
}

func (f *flags) propose(ctx context.Context, d *plan.Desk) (p *plan.Plan, held int, err error) {
	at, a, err := plan.Here(ctx, f.Reach)
	if err != nil {
		return nil, 0, err
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return nil, 0, err
	}
	return propose(ctx, a, at, by, f.Order, d.World.Clock.Now().UTC())
}
