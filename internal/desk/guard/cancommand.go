package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

// estate reads the account that the environment or the profile points to.
func estate(ctx context.Context, o *duty.Options) (*account.Account, *Estate, error) {
	a, err := o.One(ctx)
	if err != nil {
		return nil, nil, err
	}
	me, err := a.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, nil, account.Explain("sts:GetCallerIdentity", err)
	}
	e, err := readEstate(ctx, aws.ToString(me.Account), a.Rights, a.Accounts)
	return a, e, err
}

func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func canCommand(w account.World) *cobra.Command {
	var f duty.Options
	var service string
	cmd := &cobra.Command{
		Use:   "can PRINCIPAL",
		Short: "List what a user or role may do",
		Long: `Judges every action of every AWS service for a user or role of the account, by its
policies, its permissions boundary and the service and resource control policies
above it: how many are allowed on any resource, on some resources or under
conditions, and denied although a policy names them; with --service, each action
with the statements that decide. Then what the policies of resources change: of the
buckets, keys, topics and event buses of the account and Region, and which roles
it may assume.

Exit code: 0 done; 1 failed; 2 wrong use.`,
		Example: `  tamachi guard can deploy
  tamachi guard can arn:aws:iam::123456789012:user/ann --service ssm
  tamachi guard can --policy`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && !f.Policy {
				return duty.Misuse(errors.New("want a user or role: an ARN or a name"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Policy {
				_, err := io.WriteString(cmd.OutOrStdout(), canPolicy())
				return err
			}
			return runCan(cmd.Context(), w, cmd.OutOrStdout(), args[0], service, f)
		},
	}
	f.Add(cmd)
	cmd.Flags().StringVar(&service, "service", "", "tell every action of one service: ssm, s3 ...")
	return cmd
}

func runCan(ctx context.Context, w account.World, out io.Writer, principal, service string, f duty.Options) error {
	lang, err := f.Language(w)
	if err != nil {
		return err
	}
	a, e, err := estate(ctx, &f)
	if err != nil {
		return duty.Failed(lang, err)
	}
	h, err := e.Find(principal)
	if err != nil {
		return duty.Failed(lang, err)
	}
	e.LearnAll(ctx, Lists{a.Objects, a.Keys, a.Topics, a.Buses}, rulesOf(a))
	list, err := e.Can(h, service)
	if err != nil {
		return duty.Failed(lang, err)
	}
	own, err := e.CanByResources(h, service)
	switch {
	case err != nil:
		return duty.Failed(lang, err)
	case service != "" && len(list) == 0:
		return duty.Misuse(fmt.Errorf("--service %q: AWS has no service with this prefix", service))
	case f.JSON:
		err = writeJSON(out, e.told(map[string]any{
			"principal": h.Name(), "services": append([]ServiceRights{}, list...), "byResources": append([]ResourceRight{}, own...),
		}))
	case service != "":
		err = writeRights(out, lang, h, list[0].Rights)
	default:
		err = writeServices(out, lang, h, list)
	}
	if err == nil && !f.JSON {
		err = errors.Join(writeByResources(out, lang, own), e.writeUnread(out, lang))
	}
	if err != nil {
		return duty.Failed(lang, err)
	}
	return nil
}

// canPolicy is the IAM policy that the list needs, nothing more.
func canPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiGuardCan", Effect: "Allow", Resource: "*", Action: slices.Concat([]string{
		"iam:GetAccountAuthorizationDetails",
		"organizations:DescribeOrganization",
		"organizations:DescribePolicy",
		"organizations:ListParents",
		"organizations:ListPoliciesForTarget",
	}, ruleActions, listActions)})
}

// writeByResources prints what the policies of resources change.
func writeByResources(out io.Writer, l report.Lang, list []ResourceRight) error {
	if len(list) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(out, text.ByResources.In(l)); err != nil {
		return err
	}
	t := report.Table{Header: []string{text.ColumnResources.In(l), text.MayYes.In(l), text.MayDepends.In(l), text.IsDenied.In(l)}}
	for _, r := range list {
		t.Rows = append(t.Rows, []string{r.Resource, some(l, r.Yes), some(l, r.Depends), some(l, r.Denied)})
	}
	return t.Write(out, "")
}

func writeServices(out io.Writer, l report.Lang, h *Holder, list []ServiceRights) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(out, text.MayNothing.In(l, "principal", h.Name()))
		return err
	}
	t := report.Table{Header: []string{
		text.ColumnVia.In(l), text.MayYes.In(l), text.MayDepends.In(l), text.IsDenied.In(l), text.ColumnBy.In(l),
	}}
	for _, s := range list {
		t.Rows = append(t.Rows, []string{s.Service, strconv.Itoa(s.Yes), strconv.Itoa(s.Depends), strconv.Itoa(s.Denied), strings.Join(s.By, ", ")})
	}
	if _, err := fmt.Fprintln(out, text.CanHead.In(l, "principal", h.Name())); err != nil {
		return err
	}
	return t.Write(out, "")
}

func writeRights(out io.Writer, l report.Lang, h *Holder, list []Right) error {
	t := report.Table{Header: []string{
		text.ColumnAction.In(l), text.ColumnMay.In(l), text.ColumnResources.In(l), text.ColumnAsks.In(l), text.ColumnBy.In(l),
	}}
	words := map[May]report.Message{Yes: text.MayYes, No: text.MayNo, Depends: text.MayDepends}
	nothing := 0
	for _, r := range list {
		if r.May == No && len(r.By) == 0 {
			nothing++
			continue
		}
		by := strings.Join(r.By, ", ")
		if r.Lacks != "" {
			by = text.Lacks.In(l, "type", r.Lacks)
		}
		t.Rows = append(t.Rows, []string{r.Action, words[r.May].In(l), strings.Join(r.Resources, ", "), strings.Join(r.Asks, ", "), by})
	}
	if _, err := fmt.Fprintln(out, text.CanHead.In(l, "principal", h.Name())); err != nil {
		return err
	}
	if len(t.Rows) > 0 {
		if err := t.Write(out, ""); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out, text.NothingAllows.In(l, "n", nothing))
	return err
}
