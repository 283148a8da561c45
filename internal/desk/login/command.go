package login

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	Asked
}

// Command is "tamachi diagnose login". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "login USER",
		Short: "Say why somebody cannot sign in to their desktop",
		Long: `Goes the way of a sign-in: is there a desktop, does its directory work, is the
user in it, enabled, with a password; is the registration code right; may the
address and the device enter; does the desktop take people? It stops at the first
that is not so, names who was probably meant, and says what to do. It reads only.

Exit code: 0 nothing stands in the way; 1 something does, or failed; 2 wrong use.`,
		Example: `  tamachi diagnose login takeda.hanako
  tamachi diagnose login takeda.hanako --code WSnrt+ABC123 --from 203.0.113.9 --device web
  tamachi diagnose login takeda.hanako --json --lang ja
  tamachi diagnose login --policy          the IAM policy it needs`,
	}
	fs := cmd.Flags()
	fs.StringVar(&f.Directory, "directory", "", "look in this directory only")
	fs.StringVar(&f.Code, "code", "", "the registration code that was typed")
	fs.StringVar(&f.From, "from", "", "the client's address, as the world sees it")
	fs.StringVar(&f.Device, "device", "", "what the client is: "+strings.Join(devices, ", "))
	return f.Reads(w, cmd, duty.Duty{
		Policy: readPolicy, Check: f.check,
		Run: func(ctx context.Context, lang report.Lang, out io.Writer) error { return f.run(ctx, w, lang, out) },
	})
}

// check tells what is wrong with what was given. A user may be written as people write one:
// OFFICE\user and user@office.example are user.
func (f *Flags) check(args []string) error {
	if len(args) != 1 || args[0] == "" {
		return errors.New("want one user, as in: tamachi diagnose login takeda.hanako")
	}
	_, user, found := strings.Cut(args[0], `\`)
	if !found {
		user = args[0]
	}
	f.User, _, _ = strings.Cut(user, "@")
	if f.User == "" {
		return fmt.Errorf("%q names no user", args[0])
	}
	if f.From != "" {
		if _, err := netip.ParseAddr(f.From); err != nil {
			return fmt.Errorf("--from %q: want an IP address", f.From)
		}
	}
	if f.Device = strings.ToLower(f.Device); f.Device != "" && !slices.Contains(devices, f.Device) {
		return fmt.Errorf("--device %q: want one of %s", f.Device, strings.Join(devices, ", "))
	}
	return nil
}

func (f *Flags) run(ctx context.Context, w account.World, lang report.Lang, out io.Writer) error {
	a, err := f.One(ctx)
	if err != nil {
		return err
	}
	facts, err := gather(ctx, eyesOf(a, w.Clock), f.Asked)
	if err != nil {
		return err
	}
	plan := judge(facts)
	if err := f.Print(out, lang, plan); err != nil {
		return err
	}
	if plan.Blocked() {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// readPolicy is the IAM policy that the diagnosis needs, nothing more.
// Source: Service Authorization Reference.
func readPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiDiagnoseLogin", Effect: "Allow", Resource: "*", Action: []string{
		"cloudtrail:LookupEvents",
		"ds-data:DescribeUser",
		"ds-data:ListUsers",
		"ds:AccessDSData",
		"ds:DescribeDirectories",
		"workspaces:DescribeIpGroups",
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
	}})
}
