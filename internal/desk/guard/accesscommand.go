package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

// accessFlags are the options of "diagnose access".
type accessFlags struct {
	duty.Options
	Principal, Action, Resource, Event, Since, At string
}

// AccessCommand is "tamachi diagnose access". Its errors are *report.Exit.
func AccessCommand(w account.World) *cobra.Command {
	var f accessFlags
	cmd := &cobra.Command{
		Use:   "access",
		Short: "Say whether somebody may do something, and why",
		Long: `Decides an action for a user or role of the account by all policies that hold it,
or explains a recorded call, and shows the way through every policy: which
statements are about it, which of their conditions hold, what is missing, what
would have to change, and who may change it.

Exit code: 0 it is allowed; 1 it is not, or it depends, or something failed; 2 wrong use.`,
		Example: `  tamachi diagnose access --principal deploy --action workspaces:TerminateWorkspaces
  tamachi diagnose access --principal arn:aws:iam::123456789012:user/ann --action ssm:GetParameter --resource arn:aws:ssm:...:parameter/db
  tamachi diagnose access --principal night-batch --action s3:GetObject --at 2026-12-24T03:00
  tamachi diagnose access --event b024483b-2fea-4a89-8985-13ab5ec8f311      an event id, or the request id of an error`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Policy {
				_, err := io.WriteString(cmd.OutOrStdout(), accessPolicy())
				return err
			}
			if f.Event == "" && (f.Principal == "" || !strings.Contains(f.Action, ":")) {
				return &report.Exit{Code: report.Misuse, Err: errors.New("want --principal and --action (service:Name), or --event")}
			}
			return runAccess(cmd.Context(), w, cmd.OutOrStdout(), f)
		},
	}
	f.Add(cmd)
	fs := cmd.Flags()
	fs.StringVar(&f.Principal, "principal", "", "a user or role: its ARN or its name")
	fs.StringVar(&f.Action, "action", "", "the IAM action, such as ssm:GetParameter")
	fs.StringVar(&f.Resource, "resource", "*", "the ARN of the resource")
	fs.StringVar(&f.Event, "event", "", "explain a recorded call: its event id or request id")
	fs.StringVar(&f.At, "at", "", "when it is done, for policies that ask for the time: now, 2006-01-02T15:04, with or without zone (the policies are those of today)")
	fs.StringVar(&f.Since, "since", "1d", "with --event: how far back a request id is looked for")
	return cmd
}

// accessPolicy is the IAM policy that the diagnosis needs, nothing more.
func accessPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiDiagnoseAccess", Effect: "Allow", Resource: "*", Action: append([]string{
		"cloudtrail:LookupEvents",
		"iam:GetAccountAuthorizationDetails",
		"organizations:DescribeOrganization",
		"organizations:DescribePolicy",
		"organizations:ListParents",
		"organizations:ListPoliciesForTarget",
	}, ruleActions...)})
}

func runAccess(ctx context.Context, w account.World, out io.Writer, f accessFlags) error {
	lang, err := f.Language(w)
	if err != nil {
		return err
	}
	at, err := parseAt(f.At, w)
	if err != nil {
		return &report.Exit{Code: report.Misuse, Err: err}
	}
	a, estate, err := answer(ctx, w, f, at)
	if err != nil {
		return duty.Failed(lang, err)
	}
	if f.JSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		err = enc.Encode(a)
	} else {
		err = a.write(out, lang, estate)
	}
	switch {
	case err != nil:
		return &report.Exit{Code: report.Found, Err: err}
	case a.May != Yes:
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// parseAt reads --at; the zero time where it is not given.
func parseAt(text string, w account.World) (time.Time, error) {
	switch text {
	case "":
		return time.Time{}, nil
	case "now":
		return w.Clock.Now(), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, w.Location); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--at %q: want now, 2006-01-02 or 2006-01-02T15:04", text)
}

func answer(ctx context.Context, w account.World, f accessFlags, at time.Time) (*Answer, *Estate, error) {
	since, err := report.ParseSince(f.Since, w.Clock.Now(), w.Location)
	if err != nil {
		return nil, nil, err
	}
	acc, err := f.One(ctx)
	if err != nil {
		return nil, nil, err
	}
	me, err := acc.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, nil, account.Explain("sts:GetCallerIdentity", err)
	}
	q := Question{Principal: f.Principal, Action: f.Action, Resource: f.Resource, At: at}
	if f.Event != "" {
		r, err := recall(ctx, acc.Trail, f.Event, since)
		if err != nil {
			return nil, nil, err
		}
		q = r.Ask()
	}
	e, err := readEstate(ctx, aws.ToString(me.Account), acc.Rights, acc.Accounts)
	if err != nil {
		return nil, nil, err
	}
	e.Learn(ctx, rulesOf(acc), q.Resource)
	a, err := e.Ask(q)
	return a, e, err
}

// write prints the answer for a person.
func (a *Answer) write(w io.Writer, l report.Lang, e *Estate) error {
	p := printer{w: w, lang: l}
	may := map[May]report.Message{Yes: text.AccessYes, No: text.AccessNo, Depends: text.AccessDepends}[a.May]
	p.line(may.In(l, "principal", a.Principal, "action", a.Action, "resource", a.Resource, "by", a.By))
	if a.Recorded != "" {
		p.line(text.AccessRecorded.In(l, "code", a.Recorded))
	}
	for _, s := range a.Path {
		p.step(&s)
	}
	p.list(text.AccessMissing, a.Missing)
	p.list(text.AccessChanges, a.Changes)
	p.list(text.AccessKeepers, a.Keepers)
	if p.err != nil {
		return p.err
	}
	return e.writeUnread(w, l)
}

func (p *printer) list(head report.Message, items []string) {
	if len(items) == 0 {
		return
	}
	p.line(head.In(p.lang))
	for _, item := range items {
		p.line("  " + report.Plain(item))
	}
}

func (p *printer) step(s *Step) {
	effect := text.StepAllow
	if s.Deny {
		effect = text.StepDeny
	}
	whether := text.StepApplies
	switch {
	case s.Unknown != "":
		whether = text.StepUnknown
	case !s.Applies:
		whether = text.StepNot
	}
	where := s.Type
	if s.Level != "" {
		where += " (" + s.Level + ")"
	}
	p.line("  " + text.Step.In(p.lang, "where", where, "policy", s.Policy, "statement", s.Statement, "line", s.Line,
		"effect", effect.In(p.lang), "whether", whether.In(p.lang)))
	for _, c := range s.Conditions {
		met := text.ConditionHolds
		switch {
		case !c.Known:
			met = text.ConditionUnknown
		case !c.Holds:
			met = text.ConditionFails
		}
		p.line("    " + text.Condition.In(p.lang, "operator", c.Operator, "key", c.Key, "wanted", strings.Join(c.Wanted, ", "),
			"got", strings.Join(c.Got, ", "), "met", met.In(p.lang)))
	}
}
