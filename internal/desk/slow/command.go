package slow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	Prices, OS  string
	Fix, Reason string
	Yes         bool
	Patience    time.Duration
}

// Command is "tamachi diagnose slow". Its errors are *report.Exit. The actions are
// those of every duty.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "slow DESKTOP|USER",
		Short: "Say why a desktop is slow: metrics, programs, what changed, and what to do",
		Long: `Compares the desktop's metrics of the last two hours with the thresholds of the
desk's settings, runs a probe on the desktop by Run Command that reads which
programs use it, and says what changed in seven days. It proposes the program to
end, or one size up with the difference in price. It changes nothing.

--fix resize makes the desktop one size larger where what was found asks for it. It
is shown as a plan, asked for, applied, verified and kept (tamachi plan list). Who
must agree, and when a rule does in their place, stands in the settings (approvals,
"diagnose slow"); they see the graphs, the programs and the difference in price.

Exit code: 0 nothing found, or done; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi diagnose slow yamada.taro
  tamachi diagnose slow ws-8xk2vm4d1 --prices ap-northeast-1.json --os Windows --lang ja
  tamachi diagnose slow yamada.taro --fix resize --reason 'Teams and the CAD viewer together'
  tamachi diagnose slow --policy             the IAM policy for looking
  tamachi diagnose slow --policy --fix resize`,
	}
	cmd.Flags().StringVar(&f.Prices, "prices", "", "file of prices (default that of the settings)")
	cmd.Flags().StringVar(&f.OS, "os", "", "operating system, as the file of prices writes it")
	cmd.Flags().StringVar(&f.Fix, "fix", "", "resize: one size up")
	cmd.Flags().BoolVar(&f.Yes, "yes", false, "with --fix: do not ask")
	cmd.Flags().StringVar(&f.Reason, "reason", "", "with --fix: why; it is kept with the plan")
	cmd.Flags().DurationVar(&f.Patience, "patience", 2*time.Hour, "with --fix: how long it may take until the desktop is seen well")
	f.Add(cmd)
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return f.command(w, cmd, actions, args) }
	return cmd
}

func (f *Flags) command(w account.World, cmd *cobra.Command, actions plan.Actions, args []string) error {
	if f.Fix != "" && f.Fix != resize {
		return duty.Misuse(errors.New("--fix is resize"))
	}
	if f.Policy {
		_, err := io.WriteString(cmd.OutOrStdout(), f.policy(actions))
		return err
	}
	lang, err := f.Language(w)
	if err != nil {
		return err
	}
	if len(args) != 1 || args[0] == "" {
		return duty.Misuse(errors.New("want one desktop or user, as in: tamachi diagnose slow yamada.taro"))
	}
	d := plan.At(cmd, w, actions, plan.Flags{
		Yes: f.Yes, JSON: f.JSON, Lang: string(lang), Reason: f.Reason, Patience: f.Patience, Calls: f.Reach.Calls,
	})
	if err := f.run(cmd.Context(), d, args[0]); err != nil {
		return duty.Failed(lang, err)
	}
	return nil
}

// rules are those of the settings, with the prices of the option before theirs.
func (f *Flags) rules(getenv func(string) string) (Rules, error) {
	s, err := settings.Load(getenv)
	if err != nil {
		return Rules{}, duty.Misuse(err)
	}
	r := Rules{Thresholds: s.Thresholds, OS: f.OS}
	file := s.Prices
	if f.Prices != "" {
		file = f.Prices
	}
	if file == "" {
		return r, nil
	}
	in, err := os.Open(file)
	if err != nil {
		return r, duty.Misuse(fmt.Errorf("read the prices: %w", err))
	}
	defer in.Close()
	if r.Prices, err = price.Load(in); err != nil {
		return r, duty.Misuse(err)
	}
	return r, nil
}

func (f *Flags) run(ctx context.Context, d *plan.Desk, name string) error {
	rules, err := f.rules(d.World.Getenv)
	if err != nil {
		return err
	}
	stop := f.Reach.Watch(d.Streams.Err, d.Language())
	place, a, s, err := f.look(ctx, d, name, rules)
	stop() // what follows asks a person, or says itself how far it is
	switch {
	case err != nil:
		return err
	case f.Fix != "":
		return f.fix(ctx, d, place, a, s, rules)
	}
	if err := f.Print(d.Streams.Out, d.Language(), s); err != nil {
		return err
	}
	if slices.ContainsFunc(s.Plans, func(p *Plan) bool { return len(p.Findings) > 0 }) {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// look diagnoses the desktops of a name.
func (f *Flags) look(ctx context.Context, d *plan.Desk, name string, rules Rules) (place plan.Place, a *account.Account, s sheet, err error) {
	s.zone = d.World.Location
	if place, a, err = f.here(ctx); err != nil {
		return place, a, s, err
	}
	desktops, err := account.Find(ctx, a.Desktops, name)
	switch {
	case err != nil:
		return place, a, s, err
	case len(desktops) == 0:
		return place, a, s, probe.NoneFound(ctx, d.Language(), a.Desktops, name)
	case len(desktops) > 1 && f.Fix != "":
		return place, a, s, duty.Misuse(errors.New(text.OneOnly.In(d.Language(), "name", name, "n", len(desktops))))
	}
	for _, w := range desktops {
		facts, err := gather(ctx, Eyes{a.Metrics, a.Nodes, a.Trail, d.World.Clock}, w)
		if err != nil {
			return place, a, s, err
		}
		s.Plans = append(s.Plans, judge(facts, rules))
	}
	return place, a, s, nil
}

// here is the place. Only who changes something needs to know whose it is.
func (f *Flags) here(ctx context.Context) (plan.Place, *account.Account, error) {
	if f.Fix != "" {
		return plan.Here(ctx, f.Reach)
	}
	a, err := f.One(ctx)
	return plan.Place{}, a, err
}

// policy is the IAM policy that the diagnosis needs, and with --fix that of the
// change besides. SendCommand runs the probe, which reads only.
// Source: Service Authorization Reference.
func (f *Flags) policy(actions plan.Actions) string {
	statements := []account.Statement{{Sid: "TamachiDiagnoseSlow", Effect: "Allow", Resource: "*", Action: []string{
		"cloudtrail:LookupEvents",
		"cloudwatch:GetMetricData",
		"ssm:DescribeInstanceInformation",
		"ssm:GetCommandInvocation",
		"ssm:SendCommand",
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
	}}}
	if f.Fix != "" {
		read, write := actions.Permissions(change.ComputeType)
		statements = append(statements, account.Statement{Sid: "TamachiDiagnoseSlowFix", Effect: "Allow", Resource: "*", Action: append(read, write...)})
	}
	return account.PolicyDocument(statements...)
}
