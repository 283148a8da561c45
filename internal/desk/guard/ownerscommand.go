package guard

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

// ownersFlags are the options of "guard owners".
type ownersFlags struct {
	duty.Options
	Tag    string
	Except []string
}

func ownersCommand(w account.World) *cobra.Command {
	var f ownersFlags
	cmd := &cobra.Command{
		Use:   "owners",
		Short: "List who may change what another team's tags own",
		Long: `Reads the resources that a tag gives to a team, and lists the users and roles of
the account who do not have the same tag and may change them all the same: write,
tag, or give permissions, by their policies, permissions boundaries, the service
and resource control policies above them, and the policies of buckets, keys, topics
and event buses. Where a policy asks for what only a call has, the action is listed
as one that depends. What could not be read is said.

Exit code: 0 nobody; 1 somebody, or something failed; 2 wrong use.`,
		Example: `  tamachi guard owners --except 'OrganizationAccountAccessRole'
  tamachi guard owners --tag Owner --json | jq -r '.strangers[].principal' | sort | uniq -c
  tamachi guard owners --policy`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Policy {
				_, err := io.WriteString(cmd.OutOrStdout(), ownersPolicy())
				return err
			}
			return runOwners(cmd.Context(), w, cmd.OutOrStdout(), f)
		},
	}
	f.Add(cmd)
	cmd.Flags().StringVar(&f.Tag, "tag", "team", "the tag that says whose a resource, a user or a role is")
	cmd.Flags().StringArrayVar(&f.Except, "except", nil, "leave out principals by ARN or name, with * and ?; may be repeated")
	return cmd
}

// ownersPolicy is the IAM policy that the report needs, nothing more.
func ownersPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiGuardOwners", Effect: "Allow", Resource: "*", Action: append([]string{
		"iam:GetAccountAuthorizationDetails",
		"organizations:DescribeOrganization",
		"organizations:DescribePolicy",
		"organizations:ListParents",
		"organizations:ListPoliciesForTarget",
		"tag:GetResources",
	}, ruleActions...)})
}

func runOwners(ctx context.Context, w account.World, out io.Writer, f ownersFlags) error {
	lang, err := f.Language(w)
	if err != nil {
		return err
	}
	a, e, err := estate(ctx, &f.Options)
	if err != nil {
		return duty.Failed(lang, err)
	}
	owned, err := readOwned(ctx, a.Tags, f.Tag)
	if err != nil {
		return duty.Failed(lang, err)
	}
	for i := range owned {
		e.Learn(ctx, rulesOf(a), owned[i].ARN)
	}
	list, err := e.Strangers(owned, f.Tag, f.Except)
	switch {
	case err != nil:
		return duty.Failed(lang, err)
	case f.JSON:
		err = writeJSON(out, e.told(map[string]any{"tag": f.Tag, "resources": len(owned), "strangers": list}))
	default:
		err = writeStrangers(out, lang, f.Tag, len(owned), list)
	}
	if err == nil && !f.JSON {
		err = e.writeUnread(out, lang)
	}
	switch {
	case err != nil:
		return duty.Failed(lang, err)
	case len(list) > 0:
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// shownActions is how many actions a line names.
const shownActions = 3

func writeStrangers(out io.Writer, l report.Lang, tag string, resources int, list []Stranger) error {
	if _, err := fmt.Fprintln(out, text.OwnersHead.In(l, "tag", tag, "n", resources)); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, text.NoStranger.In(l))
		return err
	}
	t := report.Table{Header: []string{
		text.ColumnPrincipal.In(l), text.ColumnTeam.In(l), text.ColumnResources.In(l), text.ColumnOwner.In(l), text.MayYes.In(l), text.MayDepends.In(l), text.ColumnBy.In(l),
	}}
	for _, s := range list {
		t.Rows = append(t.Rows, []string{s.Principal, s.Team, s.Resource, s.Owner, some(l, s.Yes), some(l, s.Depends), strings.Join(s.By, ", ")})
	}
	return t.Write(out, "")
}

// some names the first of several actions and counts the others.
func some(l report.Lang, actions []string) string {
	if len(actions) <= shownActions {
		return strings.Join(actions, ", ")
	}
	return strings.Join(actions[:shownActions], ", ") + text.AndMore.In(l, "n", len(actions)-shownActions)
}
