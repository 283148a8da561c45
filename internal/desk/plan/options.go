package plan

import (
	"context"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
)

// Options are those of a duty that draws up one plan, and applies it if asked.
type Options struct {
	Flags
	Reach         account.Reach
	Policy, Apply bool
}

// Add gives the options to a command, which prints neither usage nor errors by
// itself: whoever runs it reads a *report.Exit.
func (o *Options) Add(c *cobra.Command) {
	c.SilenceUsage, c.SilenceErrors = true, true
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return duty.Misuse(err) })
	fs := c.Flags()
	o.Reach.Flags(fs)
	o.Show(fs)
	o.Flags.Apply(fs)
	fs.BoolVar(&o.Policy, "policy", false, "print the minimal IAM policy and end; with --apply that of applying")
	fs.BoolVar(&o.Apply, "apply", false, "ask, and apply the plan")
}

// Desk is the desk at the terminal of a command whose options have been read.
func (o *Options) Desk(c *cobra.Command, w account.World, actions Actions) *Desk {
	f := o.Flags
	f.Calls = o.Reach.Calls
	return At(c, w, actions, f)
}

// Settle keeps a plan and shows it, and with --apply proposes it.
func (o *Options) Settle(ctx context.Context, d *Desk, p *Plan) error {
	if o.Apply {
		return d.Propose(ctx, p)
	}
	return d.Keep(ctx, p)
}

// At is the desk at the terminal of a command.
func At(c *cobra.Command, w account.World, actions Actions, f Flags) *Desk {
	return &Desk{World: w, Actions: actions, Flags: f, Streams: Streams{In: c.InOrStdin(), Out: c.OutOrStdout(), Err: c.ErrOrStderr()}}
}
