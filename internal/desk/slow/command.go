package slow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	Prices, OS string

	name string
}

// Command is "tamachi diagnose slow". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "slow DESKTOP|USER",
		Short: "Say why a desktop is slow: metrics, programs, what changed, and what to do",
		Long: `Compares the desktop's metrics of the last two hours with the thresholds of the
desk's settings, runs a probe on the desktop by Run Command that reads which
programs use it, and says what changed in seven days. It proposes the program to
end, or one size up with the difference in price. It changes nothing.

Exit code: 0 nothing found; 1 found something, or failed; 2 wrong use.`,
		Example: `  tamachi diagnose slow yamada.taro
  tamachi diagnose slow ws-8xk2vm4d1 --prices ap-northeast-1.json --os Windows --lang ja
  tamachi diagnose slow --policy`,
	}
	cmd.Flags().StringVar(&f.Prices, "prices", "", "file of prices (default that of the settings)")
	cmd.Flags().StringVar(&f.OS, "os", "", "operating system, as the file of prices writes it")
	return f.Reads(w, cmd, duty.Duty{
		Policy: ReadPolicy, Check: func(args []string) error {
			if len(args) != 1 || args[0] == "" {
				return errors.New("want one desktop or user, as in: tamachi diagnose slow yamada.taro")
			}
			f.name = args[0]
			return nil
		},
		Run: func(ctx context.Context, lang report.Lang, out io.Writer) error {
			return f.run(ctx, w, lang, f.name, out)
		},
	})
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

func (f *Flags) run(ctx context.Context, w account.World, lang report.Lang, name string, out io.Writer) error {
	rules, err := f.rules(w.Getenv)
	if err != nil {
		return err
	}
	a, err := f.One(ctx)
	if err != nil {
		return err
	}
	desktops, err := account.Find(ctx, a.Desktops, name)
	if err != nil {
		return err
	}
	if len(desktops) == 0 {
		return probe.NoneFound(lang, name)
	}
	s := sheet{zone: w.Location}
	found := false
	for _, d := range desktops {
		facts, err := Gather(ctx, Eyes{a.Metrics, a.Nodes, a.Trail, w.Clock}, d)
		if err != nil {
			return err
		}
		p := Judge(facts, rules)
		found = found || len(p.Findings) > 0
		s.Plans = append(s.Plans, p)
	}
	if err := f.Print(out, lang, s); err != nil {
		return err
	}
	if found {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// ReadPolicy is the IAM policy that the diagnosis needs, nothing more.
// SendCommand runs the probe, which reads only.
// Source: Service Authorization Reference.
func ReadPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiDiagnoseSlow", Effect: "Allow", Resource: "*", Action: []string{
		"cloudtrail:LookupEvents",
		"cloudwatch:GetMetricData",
		"ssm:DescribeInstanceInformation",
		"ssm:GetCommandInvocation",
		"ssm:SendCommand",
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
	}})
}
