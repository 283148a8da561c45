package plan

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

// Command is "tamachi plan". Its errors are *report.Exit. The actions are those
// of every duty.
func Command(w account.World, actions Actions) *cobra.Command {
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show, approve, apply and take back the plans of the duties",
		Long: `A duty that wants to change something makes a plan, which is written down before
anything is changed. Plans are kept in the state folder of whoever made them
($XDG_STATE_HOME/tamachi/desk/plans), with all that became of them.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		verb(w, actions, listVerb()), verb(w, actions, showVerb()),
		verb(w, actions, approveVerb()), verb(w, actions, applyVerb()), verb(w, actions, undoVerb()),
	)
	return c
}

// spec is one verb of the command.
type spec struct {
	use, short, long, example string
	id, applies, votes        bool
	run                       func(c *cobra.Command, d *Desk, folder Folder, id string) error
}

func verb(w account.World, actions Actions, s spec) *cobra.Command {
	d := &Desk{World: w, Actions: actions}
	c := &cobra.Command{
		Use: s.use, Short: s.short, Long: s.long, Example: s.example, SilenceUsage: true, SilenceErrors: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || s.id != (len(args) == 1) {
				return duty.Misuse(errors.New("want: tamachi plan " + s.use))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			d.Streams = Streams{c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr()}
			if err := d.Flags.Check(); err != nil {
				return duty.Misuse(err)
			}
			folder, err := d.Folder()
			if err != nil {
				return d.Failed(err)
			}
			return s.run(c, d, folder, strings.Join(args, ""))
		},
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return duty.Misuse(err) })
	d.Flags.Show(c.Flags())
	if s.votes {
		c.Flags().StringVar(&d.Flags.Reason, "reason", "", "why")
	}
	if s.applies {
		d.Flags.Apply(c.Flags())
		d.Flags.Calls.Flags(c.Flags())
	}
	return c
}

func listVerb() spec {
	return spec{
		use: "list", short: "List the plans, the newest first", example: "  tamachi plan list\n  tamachi plan list --json | jq '.[].plan.id'",
		run: func(_ *cobra.Command, d *Desk, folder Folder, _ string) error { return d.list(folder) },
	}
}

func showVerb() spec {
	return spec{
		use: "show PLAN", short: "Show a plan and how far it is", id: true, example: "  tamachi plan show p-1f0a33c2d4 --cli",
		run: func(_ *cobra.Command, d *Desk, folder Folder, id string) error {
			r, err := folder.Read(id)
			if err != nil {
				return d.Failed(err)
			}
			return d.show(r)
		},
	}
}

func approveVerb() spec {
	return spec{
		use: "approve PLAN", short: "Agree to a plan that waits for it", id: true, votes: true,
		long: "Votes for the plan's request, as tamachi approval approve does. Who votes is who the AWS credentials say.",
		run: func(c *cobra.Command, d *Desk, folder Folder, id string) error {
			return d.approve(c.Context(), folder, id)
		},
	}
}

func applyVerb() spec {
	return spec{
		use: "apply PLAN", short: "Apply a plan, or go on with one that was broken off", id: true, applies: true,
		long: `Shows the plan, asks, and carries it out. Before each step the account is asked
whether it is still as the plan found it; a step counts as done when the account
shows it done. Ctrl-C stops between two calls. After that, or after a crash,
the same command goes on: nothing is done twice.

Exit code: 0 all is done; 1 something is not, or failed; 2 wrong use.`,
		example: "  tamachi plan apply p-1f0a33c2d4\n  tamachi plan apply p-1f0a33c2d4 --yes --rate 5 --max-errors 0",
		run: func(c *cobra.Command, d *Desk, _ Folder, id string) error {
			return d.GoOn(c.Context(), id)
		},
	}
}

func undoVerb() spec {
	return spec{
		use: "undo PLAN", short: "Take back what a plan has done", id: true, applies: true,
		long: `Makes a new plan of the way back of each step that was done, the last first,
shows it, asks, and applies it. What has no way back is named. Where that was
begun already and broken off, it goes on; where it is done, nothing happens.`,
		example: "  tamachi plan undo p-1f0a33c2d4 --reason 'the owner wants it back'",
		run: func(c *cobra.Command, d *Desk, folder Folder, id string) error {
			return d.takeBack(c.Context(), folder, id)
		},
	}
}

func (d *Desk) list(folder Folder) error {
	all, broken := folder.List()
	if d.Flags.JSON {
		if all == nil {
			all = []*Record{}
		}
		if err := d.json(all); err != nil {
			return err
		}
	} else if err := d.table(all); err != nil {
		return err
	}
	if broken != nil {
		return d.Failed(broken)
	}
	return nil
}

func (d *Desk) table(all []*Record) error {
	v := &view{Look: d.look()}
	if len(all) == 0 {
		_, err := fmt.Fprintln(d.Streams.Out, v.say(text.NoPlans))
		return err
	}
	t := report.Table{Header: []string{
		v.say(text.ColumnPlan), v.say(text.ColumnMade), v.say(text.ColumnDuty), v.say(text.ColumnDone), v.say(text.ColumnBy),
	}}
	for _, r := range all {
		done := fmt.Sprintf("%d/%d", r.Count(Applied), len(r.Steps))
		if len(r.Events) == 0 {
			done += " " + v.say(text.NeverApplied)
		}
		t.Rows = append(t.Rows, []string{r.Plan.ID, v.clock(r.Plan.Made), r.Plan.Duty, done, r.Plan.By})
	}
	return t.Write(d.Streams.Out, "")
}
