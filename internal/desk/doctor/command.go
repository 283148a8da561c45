package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	Fix, Reason string
	Yes         bool
	Patience    time.Duration
}

// rungs are those that --fix takes, with the plan's action of each.
var rungs = map[string]string{restart: change.Reboot, restore: change.Restore, rebuild: change.Rebuild}

// Command is "tamachi diagnose desktop". Its errors are *report.Exit. The actions
// are those of every duty.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "desktop DESKTOP|USER",
		Short: "Look into a broken desktop, and say which repair costs least",
		Long: `Looks at a desktop from inside, by Run Command: profile, shell, clock, disks, logon
scripts, files of the system, programs that were installed lately. Then it shows the
ladder of repairs, each rung with what it loses. --fix takes a rung: restart,
restore or rebuild; it is shown as a plan, asked for, applied, verified and kept
(tamachi plan list).

Exit code: 0 nothing found, or done; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi diagnose desktop yamada.taro
  tamachi diagnose desktop ws-8xk2vm4d1 --fix restart --reason 'no icons'
  tamachi diagnose desktop --policy          the IAM policy for looking
  tamachi diagnose desktop --policy --fix restart`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Fix != "" && rungs[f.Fix] == "" {
				return duty.Misuse(errors.New("--fix is restart, restore or rebuild"))
			}
			if f.Policy {
				_, err := fmt.Fprint(cmd.OutOrStdout(), f.policy(actions))
				return err
			}
			lang, err := f.Language(w)
			if err != nil {
				return err
			}
			if len(args) != 1 || args[0] == "" {
				return duty.Misuse(errors.New("want one desktop or user, as in: tamachi diagnose desktop yamada.taro"))
			}
			d := &plan.Desk{
				World: w, Streams: plan.Streams{In: cmd.InOrStdin(), Out: cmd.OutOrStdout(), Err: cmd.ErrOrStderr()}, Actions: actions,
				Flags: plan.Flags{Yes: f.Yes, JSON: f.JSON, Lang: f.Lang, Reason: f.Reason, Patience: f.Patience, Calls: f.Reach.Calls},
			}
			if err := f.run(cmd.Context(), d, lang, args[0]); err != nil {
				return duty.Failed(lang, err)
			}
			return nil
		},
	}
	f.Add(cmd)
	cmd.Flags().StringVar(&f.Fix, "fix", "", "take this rung of the ladder: restart, restore or rebuild")
	cmd.Flags().BoolVar(&f.Yes, "yes", false, "with --fix: do not ask")
	cmd.Flags().StringVar(&f.Reason, "reason", "", "with --fix: why; it is kept with the plan")
	cmd.Flags().DurationVar(&f.Patience, "patience", 2*time.Hour, "with --fix: how long it may take until the desktop is seen well")
	return cmd
}

// policy is the IAM policy that the diagnosis needs, and with --fix that of the
// rung besides. SendCommand runs the probe, which reads only.
// Source: Service Authorization Reference.
func (f *Flags) policy(actions plan.Actions) string {
	statements := []account.Statement{{
		Sid: "TamachiDiagnoseDesktop", Effect: "Allow", Resource: "*",
		Action: append(probe.Permissions(), "workspaces:DescribeWorkspaceDirectories", "workspaces:DescribeWorkspaceSnapshots", "workspaces:DescribeWorkspaces"),
	}}
	if f.Fix != "" {
		read, write := actions.Permissions(rungs[f.Fix])
		statements = append(statements, account.Statement{Sid: "TamachiDiagnoseDesktopFix", Effect: "Allow", Resource: "*", Action: append(read, write...)})
	}
	return account.PolicyDocument(statements...)
}

func (f *Flags) run(ctx context.Context, d *plan.Desk, lang report.Lang, name string) error {
	conf, err := settings.Load(d.World.Getenv)
	if err != nil {
		return duty.Misuse(err)
	}
	place, a, err := plan.Here(ctx, f.Reach)
	if err != nil {
		return err
	}
	desktops, err := account.Find(ctx, a.Desktops, name)
	switch {
	case err != nil:
		return err
	case len(desktops) == 0:
		return probe.NoneFound(lang, name)
	case len(desktops) > 1 && f.Fix != "":
		return duty.Misuse(errors.New(text.OneOnly.In(lang, "name", name, "n", len(desktops))))
	}
	var s sheet
	for _, w := range desktops {
		p, err := Look(ctx, d.World, a, w, conf.Thresholds)
		if err != nil {
			return err
		}
		s.Plans = append(s.Plans, p)
	}
	if f.Fix != "" {
		return f.fix(ctx, d, place, a, lang, s)
	}
	if err := f.Print(d.Streams.Out, lang, s); err != nil {
		return err
	}
	if slices.ContainsFunc(s.Plans, func(p *Plan) bool { return len(p.Findings) > 0 }) {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// Look reads one desktop, from outside and from inside.
func Look(ctx context.Context, w account.World, a *account.Account, d types.Workspace, t settings.Thresholds) (*Plan, error) {
	p := &Plan{
		Desktop: aws.ToString(d.WorkspaceId), User: aws.ToString(d.UserName), Directory: aws.ToString(d.DirectoryId), Bundle: aws.ToString(d.BundleId),
		State: string(d.State), Error: aws.ToString(d.ErrorMessage), Findings: []Finding{},
	}
	for _, read := range []func() error{
		func() error { return p.snapshots(ctx, a.Desktops) },
		func() error { return p.probe(ctx, a.Nodes, d) },
	} {
		if err := read(); err != nil {
			problem := account.Explain("", err)
			if problem.Ends() {
				return nil, problem
			}
			p.Missing = append(p.Missing, problem)
		}
	}
	p.At = w.Clock.Now().UTC()
	p.judge(t)
	return p, nil
}

func (p *Plan) snapshots(ctx context.Context, api *workspaces.Client) error {
	snaps, err := api.DescribeWorkspaceSnapshots(ctx, &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &p.Desktop})
	if err != nil {
		return account.Explain("workspaces:DescribeWorkspaceSnapshots", err)
	}
	p.Snapshot, p.UserSnap = newest(snaps.RestoreSnapshots), newest(snaps.RebuildSnapshots)
	return nil
}

func (p *Plan) probe(ctx context.Context, nodes probe.Nodes, d types.Workspace) error {
	ask, err := pack(p.User)
	if err != nil {
		p.Unprobed = err.Error() // a name of which no script can ask
		return nil
	}
	n, sections, why, err := probe.Ask(ctx, nodes, d, ask)
	if p.Node, p.Unprobed = n, why; err != nil || why != "" {
		return err
	}
	seen := read(sections)
	p.Seen = &seen
	return nil
}

func newest(all []types.Snapshot) (at time.Time) {
	for _, s := range all {
		if t := aws.ToTime(s.SnapshotTime); t.After(at) {
			at = t
		}
	}
	return at
}

// fix proposes the rung as a plan.
func (f *Flags) fix(ctx context.Context, d *plan.Desk, place plan.Place, a *account.Account, lang report.Lang, s sheet) error {
	p := s.Plans[0]
	i := slices.IndexFunc(p.Ladder, func(r Rung) bool { return r.Name == f.Fix })
	if i < 0 {
		return errors.New(text.NoRung.In(lang, "rung", f.Fix))
	}
	out := d.Streams.Out
	if f.JSON {
		out = d.Streams.Err
	}
	if err := s.Write(out, lang); err != nil {
		return err
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return err
	}
	do, err := plan.MoveOf(rungs[f.Fix], change.Repair{Desktop: p.Desktop, Since: p.At})
	if err != nil {
		return err
	}
	facts, err := json.Marshal(p)
	if err != nil {
		return err
	}
	proposal, err := plan.New(plan.Plan{
		Duty: "diagnose desktop", Made: p.At, By: by, Reason: f.Reason, Places: []plan.Place{place}, Facts: facts,
		Steps: []plan.Step{{Resource: p.Desktop, Owner: p.User, Do: do, CLI: change.Repair{Desktop: p.Desktop}.CLI(rungs[f.Fix]), What: plan.Say(text.What, "rung", f.Fix, "user", p.User), Why: plan.Say(text.Why, "kinds", p.kinds()), Lost: both(p.Ladder[i].Lost)}},
	})
	if err != nil {
		return err
	}
	return d.Propose(ctx, proposal, true)
}

func both(l report.Line) plan.Text {
	return plan.Text{En: l.In(report.English), Ja: l.In(report.Japanese)}
}

// kinds are what was found, each once.
func (p *Plan) kinds() string {
	var out []string
	for _, f := range p.Findings {
		if !slices.Contains(out, f.Kind) {
			out = append(out, f.Kind)
		}
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, ", ")
}
