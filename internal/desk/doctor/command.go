package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	Fix, Reason string
	Yes         bool
	Patience    time.Duration
}

// Command is "tamachi diagnose desktop". Its errors are *report.Exit. The actions
// are those of every duty.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "desktop DESKTOP|USER",
		Short: "Look into a broken desktop, and say which repair costs least",
		Long: `Looks at a desktop from inside, by Run Command: profile, shell, clock, disks, logon
scripts, files of the system, programs that were installed lately. Then it shows the
ladder of repairs, each rung with what it loses, and the rungs that were taken
before with what became of them. --fix takes a rung: repair (files of the system
and of the profile), restart, restore, rebuild or recreate (the same user, bundle,
mode, sizes and tags). It is shown as a plan, asked for, applied, verified and kept
(tamachi plan list).

Exit code: 0 nothing found, or done; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi diagnose desktop yamada.taro
  tamachi diagnose desktop ws-8xk2vm4d1 --fix restart --reason 'no icons'
  tamachi diagnose desktop --policy          the IAM policy for looking
  tamachi diagnose desktop --policy --fix restart`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Fix != "" && rungs[f.Fix] == nil {
				return duty.Misuse(errors.New("--fix is repair, restart, restore, rebuild or recreate"))
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
			d := plan.At(cmd, w, actions, plan.Flags{
				Yes: f.Yes, JSON: f.JSON, Lang: f.Lang, Reason: f.Reason, Patience: f.Patience, Calls: f.Reach.Calls,
			})
			if err := f.run(cmd.Context(), d, lang, args[0]); err != nil {
				return duty.Failed(lang, err)
			}
			return nil
		},
	}
	f.Add(cmd)
	cmd.Flags().StringVar(&f.Fix, "fix", "", "take this rung of the ladder: repair, restart, restore, rebuild or recreate")
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
		Action: append(probe.Permissions(), "ssm:ListInventoryEntries", "workspaces:DescribeWorkspaceDirectories", "workspaces:DescribeWorkspaceSnapshots", "workspaces:DescribeWorkspaces"),
	}}
	if f.Fix != "" {
		read, write := actions.Permissions(rungs[f.Fix]...)
		if f.Fix == recreate {
			read = append(read, "workspaces:DescribeTags")
		}
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
		return probe.NoneFound(ctx, lang, a.Desktops, name)
	case len(desktops) > 1 && f.Fix != "":
		return duty.Misuse(errors.New(text.OneOnly.In(lang, "name", name, "n", len(desktops))))
	}
	var s sheet
	for _, w := range desktops {
		p, err := look(ctx, d.World, a, w, conf.Thresholds)
		if err != nil {
			return err
		}
		s.Plans = append(s.Plans, p)
	}
	if f.Fix != "" {
		return f.fix(ctx, d, place, a, lang, s, desktops[0])
	}
	if err := f.Print(d.Streams.Out, lang, s); err != nil {
		return err
	}
	if slices.ContainsFunc(s.Plans, func(p *Plan) bool { return len(p.Findings) > 0 }) {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// look reads one desktop, from outside and from inside.
func look(ctx context.Context, w account.World, a *account.Account, d types.Workspace, t settings.Thresholds) (*Plan, error) {
	p := &Plan{
		Desktop: aws.ToString(d.WorkspaceId), User: aws.ToString(d.UserName), Directory: aws.ToString(d.DirectoryId), Bundle: aws.ToString(d.BundleId),
		State: string(d.State), Error: aws.ToString(d.ErrorMessage), Findings: []Finding{}, At: w.Clock.Now().UTC(),
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
	p.History = remembered(w, p.Desktop, p.User)
	p.judge(t)
	return p, nil
}

// remembered are the rungs that this person took before. Plans that cannot be read
// are told by tamachi plan list.
func remembered(w account.World, desktop, user string) []Attempt {
	s, err := shelf.In(w.Getenv)
	if err != nil {
		return nil
	}
	records, _ := plan.In(s).List()
	return history(records, desktop, user)
}

func (p *Plan) snapshots(ctx context.Context, api *workspaces.Client) error {
	snaps, err := api.DescribeWorkspaceSnapshots(ctx, &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &p.Desktop})
	if err != nil {
		return account.Explain("workspaces:DescribeWorkspaceSnapshots", err)
	}
	p.Snapshot, p.UserSnap = account.NewestSnapshot(snaps.RestoreSnapshots), account.NewestSnapshot(snaps.RebuildSnapshots)
	return nil
}

func (p *Plan) probe(ctx context.Context, nodes *ssm.Client, d types.Workspace) error {
	ask, err := pack(p.User)
	if err != nil {
		p.Unprobed = new(report.Say(text.NoName, "user", p.User)) // no script can ask of it
		return nil                                                //nolint:nilerr // it is told
	}
	n, sections, why, err := probe.Ask(ctx, nodes, d, ask)
	if p.Node, p.Unprobed = n, why; err != nil || why != nil {
		return err
	}
	seen := read(sections)
	p.Seen = &seen
	programs, _, err := probe.Programs(ctx, nodes, n.ID)
	if err != nil {
		return err
	}
	seen.add(programs, p.At.Add(-suspicious))
	return nil
}

// add takes what the inventory knows of late installations, where the desktop did
// not tell of them.
func (s *Seen) add(programs []probe.Program, since time.Time) {
	for _, g := range programs {
		known := func(i Install) bool { return strings.EqualFold(i.Name, g.Name) }
		if g.At.After(since) && !slices.ContainsFunc(s.Installs, known) {
			s.Installs = append(s.Installs, Install{g.At, g.Name})
		}
	}
	slices.SortStableFunc(s.Installs, func(a, b Install) int { return a.At.Compare(b.At) })
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
