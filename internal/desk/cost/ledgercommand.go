package cost

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// ledgerPolicy is the IAM policy that the ledger needs, nothing more.
func ledgerPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiCostLedger", Effect: "Allow", Resource: "*", Action: []string{"cloudwatch:GetMetricData"}})
}

func ledgerCommand(w account.World) *cobra.Command {
	var o duty.Options
	var month string
	c := &cobra.Command{
		Use:   "ledger",
		Short: "Compare what sweeps promised to save with what they have saved",
		Long: `Reads the plans of sweeps that were applied from here (tamachi plan list), and the
hours since then from CloudWatch: of the last 30 days, or of --month. What a change has saved is what the other
running mode would have cost by the prices of its plan, less what this one did.

Exit code: 0 done; 1 failed; 2 wrong use.`,
		Example: "  tamachi cost ledger\n  tamachi cost ledger --month 2026-12\n  tamachi cost ledger --json --lang ja",
	}
	var from, to time.Time
	o.Reads(w, c, duty.Duty{
		Policy: ledgerPolicy,
		Check: func(args []string) (err error) {
			to = w.Clock.Now()
			if from = to.Add(-window); month != "" {
				from, to, err = Month(month, to)
			}
			return errors.Join(noArgs(args), err)
		},
		Run: func(ctx context.Context, lang report.Lang, out io.Writer) error {
			return ledger(ctx, w, &o, [2]time.Time{from, to}, lang, out)
		},
	})
	c.Flags().StringVar(&month, "month", "", "of this month (UTC): 2026-12")
	return c
}

func ledger(ctx context.Context, w account.World, o *duty.Options, of [2]time.Time, lang report.Lang, out io.Writer) error {
	a, err := o.One(ctx)
	if err != nil {
		return err
	}
	_, id, err := plan.Who(ctx, a)
	if err != nil {
		return err
	}
	d := &plan.Desk{World: w}
	folder, err := d.Folder()
	if err != nil {
		return err
	}
	records, err := folder.List()
	if err != nil {
		return err
	}
	l, err := Book(ctx, EyesOf(a, w.Clock), records, plan.Place{Account: id, Region: a.Region, Endpoint: a.Endpoint}, of[0], of[1])
	if err != nil {
		return err
	}
	return o.Print(out, lang, l)
}
