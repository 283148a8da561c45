package route

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
)

// Flags are the options of the command.
type Flags struct {
	duty.Options
	Asked
	Verify, Fix, Yes bool
	Reason           string
	Patience         time.Duration
}

// What the command says of itself.
const (
	long = `Goes the way of a packet by what the account says of itself: security groups,
network ACLs, route tables, peering connections, transit gateways, NAT and
internet gateways, VPN tunnels, and the way back. It names the first hop that
stops it, who changed that when, and the command that restores it. It reads only,
and sends no packet. FROM and TO are a desktop (ws-), a user, an instance, an
interface or an IPv4 address; TO may have a port: 10.3.0.10:445.

--name NAME asks what Route 53 Resolver does with a name: which rule decides,
whether it is associated with the network of FROM, whether its endpoint works, and
whether a query arrives at the DNS servers that it forwards to. TO may be left out
then; a TO with two dots that is nobody's is such a name. For a tunnel that is down
its log in CloudWatch Logs is read, where it has one, for the moment of the loss.

--fix puts a route back that somebody deleted: a plan, shown, asked for, applied,
verified by a test from the desktop itself and kept (tamachi plan list). It does so
only where the trail leaves no doubt about what the route was; who must agree stands
in the settings (approvals, "diagnose path").

Exit code: 0 nothing stops it; 1 something does, or failed; 2 wrong use.`
	example = `  tamachi diagnose path ws-8xk2vm4d1 to 10.3.0.10
  tamachi diagnose path yamada.taro to 10.3.0.10:3389 --lang ja
  tamachi diagnose path yamada.taro --name files.corp.example.com
  tamachi diagnose path ws-8xk2vm4d1 to 10.3.0.10 --verify    after it was restored
  tamachi diagnose path ws-8xk2vm4d1 to 10.3.0.10 --fix --reason 'deleted by mistake'
  tamachi diagnose path --policy             the IAM policy for looking
  tamachi diagnose path --policy --fix`
)

// Command is "tamachi diagnose path". Its errors are *report.Exit. The actions are
// those of every duty.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	var f Flags
	cmd := &cobra.Command{
		Use:     "path FROM to TO",
		Short:   "Say which hop stops what should go from one place to another, since when and by whom",
		Long:    long,
		Example: example,
	}
	fs := cmd.Flags()
	fs.StringVar(&f.Asked.From, "from", "", "the same as the first argument")
	fs.StringVar(&f.Asked.To, "to", "", "the same as the second")
	fs.IntVar(&f.Port, "port", 445, "port at the far end")
	fs.StringVar(&f.Protocol, "protocol", "tcp", "tcp, udp or icmp")
	fs.StringVar(&f.Asked.Name, "name", "", "name of the far end, of which the resolver's rules are read")
	fs.StringSliceVar(&f.Asked.DNS, "dns", nil, "with --name: DNS servers that are expected, a,b (default those of the desktop's directory)")
	fs.BoolVar(&f.Verify, "verify", false, "test again after a repair, and say what was mended")
	fs.BoolVar(&f.Fix, "fix", false, "put a route back that was deleted")
	fs.BoolVar(&f.Yes, "yes", false, "with --fix: do not ask")
	fs.StringVar(&f.Reason, "reason", "", "with --fix: why; it is kept with the plan")
	fs.DurationVar(&f.Patience, "patience", 10*time.Minute, "with --fix: how long it may take until the far end answers")
	f.Reads(w, cmd, duty.Duty{
		Policy: readPolicy, Check: f.check,
		Run:    func(ctx context.Context, lang report.Lang, out io.Writer) error { return f.run(ctx, w, lang, out) },
		Failed: failed,
	})
	reads := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		switch {
		case f.Fix && f.Policy:
			_, err := io.WriteString(cmd.OutOrStdout(), fixPolicy(actions))
			return err
		case f.Fix:
			return f.fixCommand(w, cmd, actions, args)
		}
		return reads(cmd, args)
	}
	return cmd
}

// check reads what was given: FROM to TO, FROM TO or --from and --to.
func (f *Flags) check(args []string) error {
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "to" })
	if len(args) == 2 && f.Asked.From == "" && f.Asked.To == "" {
		f.Asked.From, f.Asked.To, args = args[0], args[1], nil
	}
	if len(args) == 1 && f.Asked.From == "" && f.Asked.Name != "" {
		f.Asked.From, args = args[0], nil
	}
	if len(args) > 0 || f.Asked.From == "" || f.Asked.To == "" && f.Asked.Name == "" {
		return errors.New("want two places, as in: tamachi diagnose path ws-8xk2vm4d1 to 10.3.0.10")
	}
	if f.Asked.Name != "" && !domainName(f.Asked.Name) && !domainName(f.Asked.Name+".") {
		return fmt.Errorf("--name %q is no name of a machine with its domain", f.Asked.Name)
	}
	if err := f.checkServers(); err != nil {
		return err
	}
	if host, port, err := net.SplitHostPort(f.Asked.To); err == nil {
		n, err := strconv.Atoi(port)
		if err != nil {
			return fmt.Errorf("%q: want a number for the port", f.Asked.To)
		}
		f.Asked.To, f.Port = host, n
	}
	f.Protocol = strings.ToLower(f.Protocol)
	if _, ok := protocols[f.Protocol]; !ok || f.Port < 1 || f.Port > 65535 {
		return errors.New("--protocol is tcp, udp or icmp, and --port from 1 to 65535")
	}
	return nil
}

// checkServers reads the DNS servers that are expected.
func (f *Flags) checkServers() error {
	if len(f.Asked.DNS) > 0 && f.Asked.Name == "" && !domainName(f.Asked.To) {
		return errors.New("--dns goes with --name")
	}
	for i, s := range f.Asked.DNS {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return fmt.Errorf("--dns %q is no address", s)
		}
		f.Asked.DNS[i] = a.String()
	}
	return nil
}

func (f *Flags) run(ctx context.Context, w account.World, lang report.Lang, out io.Writer) error {
	a, err := f.One(ctx)
	if err != nil {
		return err
	}
	s, err := f.look(ctx, w, a)
	if err != nil {
		return err
	}
	s.verify = f.Verify
	notes, err := bookOf(ctx, w.Getenv, a, f.Asked)
	if err != nil && f.Verify {
		return err // a look without a memory is still a look
	}
	if f.Verify {
		if s.before, err = notes.read(); err != nil {
			return err
		}
	}
	if err := f.Print(out, lang, s); err != nil {
		return err
	}
	if s.Broken != nil {
		if err := notes.keep(s.Plan); err != nil {
			return err
		}
		return &report.Exit{Code: report.Found}
	}
	if f.Verify {
		return notes.forget()
	}
	return nil
}

// look diagnoses, and drafts what could be written to whoever changed it.
func (f *Flags) look(ctx context.Context, w account.World, a *account.Account) (s sheet, err error) {
	p, err := Look(ctx, eyesOf(a, w.Clock), f.Asked)
	if err != nil {
		return s, err
	}
	conf, err := settings.Load(w.Getenv)
	if err != nil {
		return s, err
	}
	return sheet{Plan: p, zone: w.Location, draft: draftOf(p, conf, w.Location)}, nil
}

// Look reads, judges and traces.
func Look(ctx context.Context, e Eyes, asked Asked) (*Plan, error) {
	facts, err := gather(ctx, e, asked)
	if err != nil {
		return nil, err
	}
	plan := judge(facts)
	return plan, e.Trace(ctx, plan)
}

func failed(lang report.Lang, err error) error {
	if u, ok := errors.AsType[*unknownEnd](err); ok {
		err = errors.New(u.in(lang))
	}
	if u, ok := errors.AsType[*errUnsure](err); ok {
		err = errors.New(u.In(lang))
	}
	return duty.Failed(lang, err)
}

// MarshalJSON writes the same for programs.
func (s sheet) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		*Plan
		Before    *memory   `json:"before,omitempty"`
		Draft     *draft    `json:"draft,omitempty"`
		CheckedAt time.Time `json:"checkedAt"`
	}{s.Plan, s.before, s.draft, s.At})
}

// readPolicy is the IAM policy that the diagnosis needs, nothing more.
// Source: Service Authorization Reference.
func readPolicy() string {
	return account.PolicyDocument(account.Statement{Sid: "TamachiDiagnosePath", Effect: "Allow", Resource: "*", Action: reads()})
}

// reads are the IAM actions of looking.
func reads() []string {
	return []string{
		"cloudtrail:LookupEvents",
		"ec2:DescribeInternetGateways",
		"ec2:DescribeNatGateways",
		"ec2:DescribeNetworkAcls",
		"ec2:DescribeNetworkInterfaces",
		"ec2:DescribeRouteTables",
		"ec2:DescribeSecurityGroups",
		"ec2:DescribeSubnets",
		"ec2:DescribeTransitGatewayAttachments",
		"ec2:DescribeTransitGatewayRouteTables",
		"ec2:DescribeVpcPeeringConnections",
		"ec2:DescribeVpcs",
		"ec2:DescribeVpnConnections",
		"ec2:DescribeVpnGateways",
		"ec2:SearchTransitGatewayRoutes",
		"logs:FilterLogEvents",
		"route53resolver:GetResolverEndpoint",
		"route53resolver:ListResolverEndpointIpAddresses",
		"route53resolver:ListResolverRuleAssociations",
		"route53resolver:ListResolverRules",
		"workspaces:DescribeWorkspaceDirectories",
		"workspaces:DescribeWorkspaces",
	}
}
