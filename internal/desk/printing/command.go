package printing

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/report"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	User string
	All  bool
}

// Command is "tamachi diagnose printing". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "printing DESKTOP|USER",
		Short: "Say whether somebody may print, which rule decides, and how a change is asked for",
		Long: `Asks the plane which of its desktop policies decides about printing for a user,
which others that one overrules, and why the rest are not for them. --all lists
everybody who has a desktop by the rule that decides. It changes nothing.

Exit code: 0 they may print, or it is the list; 1 they may not, nobody can tell, or
it failed; 2 wrong use.`,
		Example: `  tamachi diagnose printing takeda.hanako
  tamachi diagnose printing --all --lang ja
  tamachi diagnose printing --policy`,
	}
	cmd.Flags().StringVar(&f.User, "user", "", "the same as the argument")
	cmd.Flags().BoolVar(&f.All, "all", false, "list everybody who has a desktop, by the rule that decides")
	return f.Reads(w, cmd, duty.Duty{
		Policy: readPolicy, Check: f.check,
		Run: func(ctx context.Context, lang report.Lang, out io.Writer) error { return f.run(ctx, lang, f.User, out) },
	})
}

// check reads what was given.
func (f *Flags) check(args []string) error {
	name := strings.Join(append(args, f.User), "")
	if len(args) > 1 || len(args) == 1 && f.User != "" || (name == "") != f.All {
		return errors.New("want one user, as in: tamachi diagnose printing takeda.hanako; or --all")
	}
	f.User = name
	return nil
}

func (f *Flags) run(ctx context.Context, lang report.Lang, name string, out io.Writer) error {
	a, err := f.One(ctx)
	if err != nil {
		return err
	}
	of, err := subjects(ctx, a.Desktops, name)
	if err != nil {
		return err
	}
	if len(of) == 0 && !f.All {
		return probe.NoneFound(ctx, lang, a.Desktops, name)
	}
	p, err := look(ctx, a, of, sayProblem(lang))
	if err != nil {
		return err
	}
	p.List = f.All
	if err := f.Print(out, lang, p); err != nil {
		return err
	}
	if p.Bad() {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// readPolicy is the IAM policy that the diagnosis needs, nothing more: a plane
// takes its own operation as one of WorkSpaces' reads.
// Source: Service Authorization Reference.
func readPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiDiagnosePrinting", Effect: "Allow", Resource: "*", Action: []string{
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
	}})
}
