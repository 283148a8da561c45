package share

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	User, Path string
	DNS        []string
}

// Command is "tamachi diagnose share". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "share DESKTOP|USER SERVER",
		Short: "Say why a share does not open: DNS servers, name, TCP 445, account, logon script",
		Long: `Asks the desktop itself, by Run Command: which DNS servers it has, against those
of its directory; which address the server's name has; and whether TCP 445 takes a
connection. Then the directory whether its user is enabled, and the desktop whether
the logon script, which maps drives, is there. Rights on the share itself are not
asked. SERVER may be written as a path: \\files\sales. It changes nothing.

Exit code: 0 nothing stands in the way; 1 something does, or failed; 2 wrong use.`,
		Example: `  tamachi diagnose share yamada.taro files.corp.example.com
  tamachi diagnose share --user yamada.taro --path '\\files\sales' --dns 10.1.5.10,10.1.5.11
  tamachi diagnose share --policy`,
	}
	cmd.Flags().StringVar(&f.User, "user", "", "the same as the first argument")
	cmd.Flags().StringVar(&f.Path, "path", "", "the same as the second")
	cmd.Flags().StringSliceVar(&f.DNS, "dns", nil, "DNS servers that are expected, a,b (default those of the directory)")
	return f.Reads(w, cmd, duty.Duty{
		Policy: readPolicy, Check: f.check,
		Run: f.run,
	})
}

// check reads what was given.
func (f *Flags) check(args []string) error {
	if len(args) == 2 && f.User == "" && f.Path == "" {
		f.User, f.Path, args = args[0], args[1], nil
	}
	if len(args) > 0 || f.User == "" || f.Path == "" {
		return errors.New("want a desktop or user and a server, as in: tamachi diagnose share yamada.taro files.corp.example.com")
	}
	return nil
}

func (f *Flags) run(ctx context.Context, lang report.Lang, out io.Writer) error {
	pack, err := probe.ReachPack(hostOf(f.Path), smb)
	if err != nil {
		return duty.Misuse(err)
	}
	pack.Shell, pack.PowerShell = pack.Shell+probe.LogonShell, pack.PowerShell+probe.LogonPowerShell
	a, err := f.One(ctx)
	if err != nil {
		return err
	}
	desktops, err := account.Find(ctx, a.Desktops, f.User)
	if err != nil {
		return err
	}
	if len(desktops) == 0 {
		return probe.NoneFound(ctx, lang, a.Desktops, f.User)
	}
	want, err := expected(ctx, a.Desktops)
	if err != nil {
		return err
	}
	var s sheet
	for _, d := range desktops {
		servers := f.DNS
		if len(servers) == 0 {
			servers = want[aws.ToString(d.DirectoryId)]
		}
		p, err := eyes{a.Nodes, a.People}.look(ctx, d, hostOf(f.Path), servers, pack)
		if err != nil {
			return err
		}
		s.Plans = append(s.Plans, p)
	}
	if err := f.Print(out, lang, s); err != nil {
		return err
	}
	if slices.ContainsFunc(s.Plans, (*Plan).Bad) {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// readPolicy is the IAM policy that the diagnosis needs, nothing more.
// SendCommand runs the probe, which reads only.
// Source: Service Authorization Reference.
func readPolicy() string {
	return account.PolicyDocument(account.Statement{
		Sid: "TamachiDiagnoseShare", Effect: "Allow", Resource: "*",
		Action: append(probe.Permissions(), "ds-data:DescribeUser", "ds:AccessDSData", "workspaces:DescribeWorkspaceDirectories", "workspaces:DescribeWorkspaces"),
	})
}
