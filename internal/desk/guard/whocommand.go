package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

// whoFlags are the options of "guard who-can".
type whoFlags struct {
	duty.Options
	All bool
}

func whoCanCommand(w account.World) *cobra.Command {
	var f whoFlags
	cmd := &cobra.Command{
		Use:   "who-can ACTION RESOURCE",
		Short: "List the users and roles that may do something",
		Long: `Decides an action on a resource for every user and role of the account, by their
policies, permissions boundaries, the service and resource control policies above
them, and the policy of the resource itself: a bucket's, a key's, a topic's, an
event bus's, the trust policy of a role. Where a policy asks for what only a call
has (where it comes from, its tags), the answer is "depends", with the keys. What
could not be read is said: it may allow more, or less.

Exit code: 0 done; 1 failed; 2 wrong use.`,
		Example: `  tamachi guard who-can workspaces:TerminateWorkspaces '*'
  tamachi guard who-can ssm:GetParameter arn:aws:ssm:ap-northeast-1:123456789012:parameter/db/password
  tamachi guard who-can --policy`,
		Args: func(_ *cobra.Command, args []string) error {
			if f.Policy {
				return nil
			}
			if len(args) != 2 || !strings.Contains(args[0], ":") || args[1] != "*" && !strings.HasPrefix(args[1], "arn:") {
				return &report.Exit{Code: report.Misuse, Err: errors.New("want an action (service:Name) and a resource (an ARN or *)")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Policy {
				_, err := io.WriteString(cmd.OutOrStdout(), whoCanPolicy())
				return err
			}
			return runWhoCan(cmd.Context(), w, cmd.OutOrStdout(), args[0], args[1], f)
		},
	}
	f.Add(cmd)
	cmd.Flags().BoolVar(&f.All, "all", false, "list also those who may not")
	return cmd
}

// whoCanPolicy is the IAM policy that the list needs, nothing more.
func whoCanPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiGuardWhoCan", Effect: "Allow", Resource: "*", Action: append([]string{
		"iam:GetAccountAuthorizationDetails",
		"organizations:DescribeOrganization",
		"organizations:DescribePolicy",
		"organizations:ListParents",
		"organizations:ListPoliciesForTarget",
	}, ruleActions...)})
}

func runWhoCan(ctx context.Context, w account.World, out io.Writer, action, resource string, f whoFlags) error {
	lang, err := f.Language(w)
	if err != nil {
		return err
	}
	a, e, err := estate(ctx, &f.Options)
	if err != nil {
		return duty.Failed(lang, err)
	}
	e.Learn(ctx, rulesOf(a), resource)
	list := []Ability{}
	for _, one := range e.WhoCan(action, resource) {
		if one.May != No || f.All {
			list = append(list, one)
		}
	}
	if f.JSON {
		err = writeJSON(out, e.told(map[string]any{"action": action, "resource": resource, "principals": list}))
	} else {
		err = writeAbilities(out, lang, list, e)
	}
	if err != nil {
		return duty.Failed(lang, err)
	}
	return nil
}

func writeAbilities(out io.Writer, l report.Lang, list []Ability, e *Estate) error {
	if len(list) == 0 {
		if _, err := fmt.Fprintln(out, text.NobodyMay.In(l)); err != nil {
			return err
		}
		return e.writeUnread(out, l)
	}
	t := report.Table{Header: []string{text.ColumnPrincipal.In(l), text.ColumnMay.In(l), text.ColumnBy.In(l), text.ColumnAsks.In(l)}}
	words := map[May]report.Message{Yes: text.MayYes, No: text.MayNo, Depends: text.MayDepends}
	for _, a := range list {
		t.Rows = append(t.Rows, []string{a.Principal, words[a.May].In(l), strings.Join(a.By, ", "), strings.Join(a.Asks, ", ")})
	}
	if err := t.Write(out, ""); err != nil {
		return err
	}
	return e.writeUnread(out, l)
}

// writeUnread says what could not be read, and why.
func (e *Estate) writeUnread(out io.Writer, l report.Lang) error {
	if e.Unread != nil {
		if _, err := fmt.Fprintln(out, text.OrgUnread.In(l, "why", reason(l, e.Unread))); err != nil {
			return err
		}
	}
	unread := e.Unlearnt()
	for _, name := range slices.Sorted(maps.Keys(unread)) {
		if _, err := fmt.Fprintln(out, text.RuleUnread.In(l, "resource", name, "why", reason(l, unread[name]))); err != nil {
			return err
		}
	}
	return nil
}

// reason is an error in the reader's language.
func reason(l report.Lang, err error) string {
	if problem, ok := errors.AsType[*account.Problem](err); ok {
		return problem.In(l)
	}
	return err.Error()
}

// told adds to an answer for programs what could not be read.
func (e *Estate) told(out map[string]any) map[string]any {
	unread := map[string]string{}
	if e.Unread != nil {
		unread["organization"] = e.Unread.Error()
	}
	for name, err := range e.Unlearnt() {
		unread[name] = err.Error()
	}
	if len(unread) > 0 {
		out["notRead"] = unread
	}
	return out
}
