package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/report"
)

// Command is "tamachi guard". Its errors are *report.Exit.
func Command(w account.World) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "guard",
		Short: "Try policies on the past before they are attached; say who may do what",
	}
	cmd.AddCommand(tryCommand(w), whoCanCommand(w), canCommand(w), ownersCommand(w))
	return cmd
}

// Flags are the options of "guard try".
type Flags struct {
	duty.Options
	Target, Since, From, Type, Management string
	Alone                                 bool
}

func tryCommand(w account.World) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:   "try POLICY-FILE|p-...",
		Short: "List who would be cut off by a policy that is not attached yet",
		Long: `Decides the recorded calls once more with the policy of the file above them (or
with one that the organization has already, by its id), and lists whom it would cut off: principal, action, how often, when last, and which
statement decides. Calls that services made with a caller's credentials are shown
for the three ways of giving a service its rights. Nothing is changed.

The calls come from the trail of the account that the AWS environment or profile
points to (90 days, one Region; us-east-1 has the global services), or with
--from from CloudTrail's files, in a folder or a bucket. What a record does not carry is not
guessed: such calls are listed as undecided, with the missing key.

Exit code: 0 nobody is cut off; 1 somebody is, or something failed; 2 wrong use.`,
		Example: `  tamachi guard try office-only.json --target ou-ab12-34567890 --since 30d
  tamachi guard try office-only.json --from ./AWSLogs --json | jq '.rows[] | select(.verdict=="cut off")'
  tamachi guard try office-only.json --from s3://my-trail/AWSLogs/o-abcd/ --target ou-ab12-34567890
  tamachi guard try p-ab12cd34 --since 7d
  tamachi guard try boundary.json --type boundary --target arn:aws:iam::123456789012:role/deploy
  tamachi guard try --policy`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && !f.Policy {
				return &report.Exit{Code: report.Misuse, Err: errors.New("want one policy file, or the id of a policy of the organization")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Policy {
				_, err := io.WriteString(cmd.OutOrStdout(), readPolicy(f.From))
				return err
			}
			return run(cmd.Context(), w, cmd.OutOrStdout(), cmd.ErrOrStderr(), args[0], f)
		},
	}
	f.Add(cmd)
	fs := cmd.Flags()
	fs.StringVar(&f.Target, "target", "", "whom it would hold: an account, a root or unit (r-..., ou-...), or the ARN of a role or user (default all)")
	fs.StringVar(&f.Since, "since", "30d", "how far back: 30d, 12h, 2006-01-02")
	fs.StringVar(&f.From, "from", "", "a folder, or s3://bucket/prefix, with CloudTrail's files instead of the account's trail")
	fs.StringVar(&f.Management, "management", "", "with --from: the management account, which control policies spare")
	fs.StringVar(&f.Type, "type", string(SCP), "scp, rcp or boundary")
	fs.BoolVar(&f.Alone, "alone", false, "with scp: it takes the place of FullAWSAccess")
	return cmd
}

// readPolicy is the IAM policy that the trial needs, nothing more: for records
// from where --from says. From a folder, and without a unit for a target, it
// needs none.
func readPolicy(from string) string {
	all := []account.Statement{{Sid: "TamachiGuardTry", Effect: "Allow", Resource: "*", Action: []string{
		"cloudtrail:LookupEvents",
		"organizations:DescribeOrganization",
		"organizations:DescribePolicy",
		"organizations:ListAccountsForParent",
		"organizations:ListOrganizationalUnitsForParent",
	}}}
	if bucket, prefix, is := bucketOf(from); is {
		all[0].Action = all[0].Action[1:]
		all = append(
			all,
			account.Statement{Sid: "TamachiGuardList", Effect: "Allow", Action: []string{"s3:ListBucket"}, Resource: "arn:aws:s3:::" + bucket},
			account.Statement{Sid: "TamachiGuardRead", Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: "arn:aws:s3:::" + bucket + "/" + prefix + "*"},
		)
	}
	return account.PolicyDocument(all...)
}

// maxPolicy bounds the file; no policy of AWS is that long.
const maxPolicy = 1 << 20

func run(ctx context.Context, w account.World, out, errs io.Writer, file string, f Flags) error {
	lang, err := f.Language(w)
	if err != nil {
		return err
	}
	since, err := report.ParseSince(f.Since, w.Clock.Now(), w.Location)
	if err != nil {
		return duty.Misuse(err)
	}
	p, err := proposal(ctx, file, f)
	if err != nil {
		if problem, ok := errors.AsType[*account.Problem](err); ok {
			return &report.Exit{Code: report.Found, Err: errors.New(problem.In(lang))}
		}
		return duty.Misuse(err)
	}
	result, err := replay(ctx, f, p, since, w.Clock.Now(), newCounter(errs, lang, w).tell)
	if err != nil {
		if problem, ok := errors.AsType[*account.Problem](err); ok {
			err = errors.New(problem.In(lang))
		}
		return &report.Exit{Code: report.Found, Err: err}
	}
	result.Since = since
	if f.JSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		err = enc.Encode(result)
	} else {
		err = result.Write(out, lang, w.Location)
	}
	if err != nil {
		return &report.Exit{Code: report.Found, Err: err}
	}
	if len(result.Rows) > 0 && result.Rows[0].Verdict == CutOff {
		return &report.Exit{Code: report.Found}
	}
	return nil
}

// proposal reads the policy: a file, or one that an organization has already, by
// its id.
func proposal(ctx context.Context, file string, f Flags) (*Proposal, error) {
	if policyID.MatchString(file) {
		a, err := f.One(ctx)
		if err != nil {
			return nil, err
		}
		return fromOrganization(ctx, a.Accounts, file, f.Alone)
	}
	text, err := readFile(file)
	if err != nil {
		return nil, err
	}
	return Read(filepath.Base(file), text, Kind(f.Type), f.Alone)
}

func readFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() > maxPolicy {
		return "", fmt.Errorf("%s: longer than any policy may be", path)
	}
	b, err := os.ReadFile(path)
	return string(b), err
}

// replay reads the records from where the flags say.
func replay(ctx context.Context, f Flags, p *Proposal, since, now time.Time, progress func(int)) (*Result, error) {
	_, _, inBucket := bucketOf(f.From)
	inTree := strings.HasPrefix(f.Target, "r-") || strings.HasPrefix(f.Target, "ou-")
	if f.From != "" && !inBucket && !inTree {
		target := plain(f.Target)
		target.Management = f.Management
		return result(fromFolder(ctx, f.From, since, p, target, progress))
	}
	a, err := f.One(ctx)
	if err != nil {
		return nil, err
	}
	target := plain(f.Target)
	if inTree || f.Management == "" {
		if target, err = resolve(ctx, a.Accounts, f.Target); err != nil {
			return nil, err
		}
	}
	if f.Management != "" {
		target.Management = f.Management
	}
	switch {
	case inBucket:
		return result(fromBucket(ctx, a.Objects, f.From, since, p, target, progress))
	case f.From != "":
		return result(fromFolder(ctx, f.From, since, p, target, progress))
	}
	return result(FromTrail(ctx, a.Trail, since, now, p, target, progress))
}

func result(t *Trial, err error) (*Result, error) {
	if err != nil {
		return nil, err
	}
	return t.Result(), nil
}

// plain is a target that needs no organization to be known.
func plain(target string) Target {
	switch {
	case target == "":
		return Target{}
	case strings.HasPrefix(target, "arn:"):
		return Target{Principal: target}
	}
	return Target{Accounts: []string{target}}
}

// counter tells how far the reading is, once in two seconds at most.
type counter struct {
	w     io.Writer
	lang  report.Lang
	world account.World
	last  atomic.Int64 // unix milliseconds
}

func newCounter(w io.Writer, l report.Lang, world account.World) *counter {
	c := &counter{w: w, lang: l, world: world}
	c.last.Store(world.Clock.Now().UnixMilli())
	return c
}

func (c *counter) tell(read int) {
	now, last := c.world.Clock.Now().UnixMilli(), c.last.Load()
	if now-last >= 2_000 && c.last.CompareAndSwap(last, now) {
		fmt.Fprintln(c.w, text.Reading.In(c.lang, "n", read))
	}
}
