package outage

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Duty is the name of the plans.
const Duty = "diagnose outage"

type flags struct {
	duty.Options
	Fix, Yes      bool
	Since, Reason string
	Patience      time.Duration
}

// Command is "tamachi diagnose outage". Its errors are *report.Exit. The actions
// are those of every duty.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	var f flags
	c := &cobra.Command{
		Use:   "outage",
		Short: "Find that many sessions ended at once: who, where, since when, who is not back",
		Long: `Reads from CloudWatch how many sessions ended in each minute, and makes one incident
of many at once (settings: thresholds.disconnects), with the directory and subnet
of whom it hit. CloudWatch has points of five minutes on AWS, and does not say why
a session ended.

--fix reboots the desktops of those who were hit and are not back: a plan, shown,
asked for, applied 25 at a time, verified and kept (tamachi plan list).

Exit code: 0 nothing found, or done; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi diagnose outage
  tamachi diagnose outage --since 14:00 --fix --reason 'the VPN was down'
  tamachi diagnose outage --policy          the IAM policy for looking
  tamachi diagnose outage --policy --fix`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.Policy {
				_, err := io.WriteString(c.OutOrStdout(), f.policy(actions))
				return err
			}
			lang, err := f.Language(w)
			if err != nil {
				return err
			}
			d := plan.At(c, w, actions, plan.Flags{
				Yes: f.Yes, JSON: f.JSON, Lang: f.Lang, Reason: f.Reason, Patience: f.Patience, Errors: account.Batch, Calls: f.Reach.Calls,
			})
			if err := f.run(c.Context(), d, lang); err != nil {
				return duty.Failed(lang, err)
			}
			return nil
		},
	}
	f.Add(c)
	c.Flags().StringVar(&f.Since, "since", "12h", "how far back: 2h, 14:00, 2006-01-02T15:04")
	c.Flags().BoolVar(&f.Fix, "fix", false, "reboot the desktops whose users are not back")
	c.Flags().BoolVar(&f.Yes, "yes", false, "with --fix: do not ask")
	c.Flags().StringVar(&f.Reason, "reason", "", "with --fix: why; it is kept with the plan")
	c.Flags().DurationVar(&f.Patience, "patience", time.Hour, "with --fix: how long a desktop may take until it is seen well")
	return c
}

// policy is the IAM policy that looking needs, and with --fix that of the reboots
// besides.
func (f *flags) policy(actions plan.Actions) string {
	statements := []account.Statement{{Sid: "TamachiDiagnoseOutage", Effect: "Allow", Resource: "*", Action: []string{
		"cloudwatch:GetMetricData", "workspaces:DescribeWorkspaceDirectories", "workspaces:DescribeWorkspaces", "workspaces:DescribeWorkspacesConnectionStatus",
	}}}
	if f.Fix {
		read, write := actions.Permissions(change.Reboot)
		statements = append(statements, account.Statement{Sid: "TamachiDiagnoseOutageFix", Effect: "Allow", Resource: "*", Action: append(read, write...)})
	}
	return account.PolicyDocument(statements...)
}

// Found is what was found.
type Found struct {
	At        time.Time  `json:"at"`
	Since     time.Time  `json:"since"`
	AtOnce    int        `json:"atOnce"`
	Incidents []Incident `json:"incidents"`

	zone *time.Location
}

func (f *flags) run(ctx context.Context, d *plan.Desk, lang report.Lang) error {
	conf, err := settings.Load(d.World.Getenv)
	if err != nil {
		return duty.Misuse(err)
	}
	found := &Found{At: d.World.Clock.Now().UTC(), AtOnce: conf.Thresholds.DisconnectsAtOnce, Incidents: []Incident{}, zone: d.World.Location}
	if found.Since, err = report.ParseSince(f.Since, found.At, d.World.Location); err != nil {
		return duty.Misuse(err)
	}
	place, a, err := plan.Here(ctx, f.Reach)
	if err != nil {
		return err
	}
	seats, err := seats(ctx, a)
	if err != nil {
		return err
	}
	all, err := Find(ctx, a.Metrics, View{Region: a.Region, Since: found.Since, At: found.At, AtOnce: found.AtOnce, Seats: seats})
	if err != nil {
		return err
	}
	found.Incidents = append(found.Incidents, all...)
	if f.Fix {
		return f.fix(ctx, d, place, a, lang, found)
	}
	if err := f.Print(d.Streams.Out, lang, found); err != nil {
		return err
	}
	if len(found.Incidents) > 0 {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// seats reads the desktops and who is connected.
func seats(ctx context.Context, a *account.Account) ([]Seat, error) {
	_, desktops, missed, err := account.Fleet(ctx, a.Desktops, a.Desktops)
	if missed != nil {
		return nil, missed
	}
	if err != nil {
		return nil, err
	}
	now, err := account.AllConnections(ctx, a.Desktops)
	if err != nil {
		return nil, err
	}
	users := map[string]types.WorkspaceConnectionStatus{}
	for _, c := range now {
		users[aws.ToString(c.WorkspaceId)] = c
	}
	var out []Seat
	for _, w := range desktops {
		id := aws.ToString(w.WorkspaceId)
		out = append(out, Seat{
			ID: id, User: aws.ToString(w.UserName), Directory: aws.ToString(w.DirectoryId), Subnet: aws.ToString(w.SubnetId), State: string(w.State),
			Connected: users[id].ConnectionState == types.ConnectionStateConnected, Last: aws.ToTime(users[id].LastKnownUserConnectionTimestamp),
		})
	}
	return out, nil
}

// Write prints what was found.
func (f *Found) Write(w io.Writer, lang report.Lang) error {
	clock := func(t time.Time) string { return t.In(f.zone).Format("01-02 15:04") }
	var b strings.Builder
	for i := range f.Incidents {
		head, rows := f.Incidents[i].Tell(lang, clock)
		b.WriteString(head + "\n")
		for _, r := range rows {
			b.WriteString("  " + r.Label + ": " + r.Text + "\n")
		}
	}
	if len(f.Incidents) == 0 {
		b.WriteString(text.None.In(lang, "n", f.AtOnce, "time", clock(f.Since)) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// fix proposes to reboot the desktops of those who are not back.
func (f *flags) fix(ctx context.Context, d *plan.Desk, place plan.Place, a *account.Account, lang report.Lang, found *Found) error {
	out := d.Streams.Out
	if f.JSON {
		out = d.Streams.Err
	}
	if err := found.Write(out, lang); err != nil {
		return err
	}
	by, _, err := plan.Who(ctx, a)
	if err != nil {
		return err
	}
	since, err := a.Theirs(ctx, found.At)
	if err != nil {
		return err
	}
	facts, err := json.Marshal(found)
	if err != nil {
		return fmt.Errorf("encode the evidence: %w", err)
	}
	p := plan.Plan{Duty: Duty, Made: found.At, By: by, Reason: f.Reason, Places: []plan.Place{place}, Facts: facts}
	done := map[string]bool{}
	for _, i := range found.Incidents {
		for _, s := range i.Away {
			if done[s.ID] {
				continue
			}
			done[s.ID] = true
			in := change.Repair{Desktop: s.ID, Since: since}
			do, err := plan.MoveOf(change.Reboot, in)
			if err != nil {
				return err
			}
			p.Steps = append(p.Steps, plan.Step{
				Resource: s.ID, Owner: s.User, Do: do, CLI: in.CLI(change.Reboot), What: plan.Say(text.What, "user", s.User), Lost: plan.Say(text.Lost),
				Why: plan.Say(text.Why, "time", i.From.In(d.World.Location).Format("2006-01-02 15:04"), "n", len(i.Hit)-1),
			})
		}
	}
	proposal, err := plan.New(p)
	if err != nil {
		return err
	}
	return d.Propose(ctx, proposal)
}
