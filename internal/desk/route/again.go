package route

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
)

// The names of the actions: a route is put back and taken out again, and a desktop
// knocks at the far end.
const (
	PutBack = "ec2:CreateRoute"
	TakeOut = "ec2:DeleteRoute"
	Knock   = "ssm:SendCommand/Knock"
)

// Lost is the input of PutBack and TakeOut: a route as the trail remembers it.
type Lost struct {
	Table  string `json:"table"`
	CIDR   string `json:"cidr"`
	Target string `json:"target"`
}

// mend is the call that puts the route back.
func (l Lost) mend() Mend {
	return mend("CreateRoute", "route-table-id", l.Table, "destination-cidr-block", l.CIDR, option[kind(l.Target)], l.Target)
}

// Knocking is the input of Knock.
type Knocking struct {
	Node    string    `json:"node"`
	Windows bool      `json:"windows,omitempty"`
	Address string    `json:"address"`
	Port    int       `json:"port"`
	Since   time.Time `json:"since"` // when the plan was made
}

// Actions are the actions of this package.
func Actions(c clock.Clock) plan.Actions {
	read := []string{"ec2:DescribeRouteTables"}
	return plan.Actions{
		PutBack: plan.One(look(true), putBack).Needs(read, []string{"ec2:CreateRoute"}),
		TakeOut: plan.One(look(false), takeOut).Needs(read, []string{"ec2:DeleteRoute"}),
		Knock: plan.One(func(ctx context.Context, a *account.Account, ask plan.Ask[Knocking]) (plan.Seen, error) {
			return seeKnock(ctx, a, c.Now(), ask)
		}, knock).Needs(change.ScriptReads(), change.ScriptWrites()),
	}
}

// look sees whether a route is there, as it is wanted or not.
func look(want bool) func(context.Context, *account.Account, plan.Ask[Lost]) (plan.Seen, error) {
	return func(ctx context.Context, a *account.Account, ask plan.Ask[Lost]) (plan.Seen, error) {
		out, err := a.Networks.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{ask.Input.Table}})
		if err != nil {
			p := account.Explain("ec2:DescribeRouteTables", err)
			if p.Code == "InvalidRouteTableID.NotFound" {
				return plan.Seen{State: plan.Drifted, Note: "the route table is gone"}, nil
			}
			return plan.Seen{}, p
		}
		for _, t := range out.RouteTables {
			if aws.ToString(t.RouteTableId) == ask.Input.Table {
				return ask.Input.compare(t.Routes, want), nil
			}
		}
		return plan.Seen{State: plan.Drifted, Note: "the route table is gone"}, nil
	}
}

// compare holds the routes of a table against the one that there is to be, or not.
func (l Lost) compare(routes []types.Route, want bool) plan.Seen {
	i := slices.IndexFunc(routes, func(r types.Route) bool { return aws.ToString(r.DestinationCidrBlock) == l.CIDR })
	switch {
	case i < 0 && want:
		return plan.Seen{State: plan.Todo}
	case i < 0:
		return plan.Seen{State: plan.Done}
	case target(routes[i]) != l.Target:
		return plan.Seen{State: plan.Drifted, Note: l.CIDR + " leads to " + target(routes[i]) + " now"}
	case want && routes[i].State == types.RouteStateBlackhole:
		return plan.Seen{State: plan.Drifted, Failed: true, Note: l.Target + " takes no packets: the route is a black hole"}
	case want:
		return plan.Seen{State: plan.Done}
	}
	return plan.Seen{State: plan.Todo}
}

func putBack(ctx context.Context, a *account.Account, ask plan.Ask[Lost]) error {
	in := &ec2.CreateRouteInput{RouteTableId: &ask.Input.Table, DestinationCidrBlock: &ask.Input.CIDR}
	switch to := &ask.Input.Target; kind(*to) {
	case "pcx":
		in.VpcPeeringConnectionId = to
	case "nat":
		in.NatGatewayId = to
	case "tgw":
		in.TransitGatewayId = to
	case "igw", "vgw":
		in.GatewayId = to
	default:
		return fmt.Errorf("%q is no target that a route is put back to", *to)
	}
	if _, err := a.Networks.CreateRoute(ctx, in); err != nil {
		return account.Explain("ec2:CreateRoute", err)
	}
	return nil
}

func takeOut(ctx context.Context, a *account.Account, ask plan.Ask[Lost]) error {
	_, err := a.Networks.DeleteRoute(ctx, &ec2.DeleteRouteInput{RouteTableId: &ask.Input.Table, DestinationCidrBlock: &ask.Input.CIDR})
	if err != nil {
		return account.Explain("ec2:DeleteRoute", err)
	}
	return nil
}

func (k Knocking) script(token string) change.Script {
	return change.Script{Node: k.Node, Comment: "tamachi knock " + token, Since: k.Since}
}

// stale is how old an answer may be before the desktop is asked again.
const stale = time.Minute

func seeKnock(ctx context.Context, a *account.Account, now time.Time, ask plan.Ask[Knocking]) (plan.Seen, error) {
	now, err := a.Theirs(ctx, now)
	if err != nil {
		return plan.Seen{}, err
	}
	return ask.Input.script(ask.Token).See(ctx, a, func(sent *ssmtypes.Command, out *ssm.GetCommandInvocationOutput) plan.Seen {
		seen := ask.Input.knocked(out.Status, aws.ToString(out.StandardOutputContent))
		if seen.Failed && now.Sub(aws.ToTime(sent.RequestedDateTime)) > stale {
			return plan.Seen{State: plan.Todo} // that was then: whoever applies the plan again asks again
		}
		return seen
	})
}

// knocked reads how the far end answered.
func (k Knocking) knocked(status ssmtypes.CommandInvocationStatus, output string) plan.Seen {
	seen, well := change.Ended("the test", status)
	if !well {
		return seen
	}
	switch port := probe.Parse(output).Reach().Port; port {
	case "open":
		return plan.Seen{State: plan.Done, Note: fmt.Sprintf("%s:%d answers", k.Address, k.Port)}
	case "":
		return plan.Seen{State: plan.Moving, Failed: true, Note: "the test was cut off"}
	default:
		return plan.Seen{State: plan.Moving, Failed: true, Note: fmt.Sprintf("%s:%d is %s still", k.Address, k.Port, port)}
	}
}

func knock(ctx context.Context, a *account.Account, ask plan.Ask[Knocking]) error {
	k := ask.Input
	to, err := netip.ParseAddr(k.Address)
	if err != nil || !to.Is4() || k.Port < 1 || k.Port > 65535 {
		return fmt.Errorf("%q, port %d: want an IPv4 address and a port", k.Address, k.Port)
	}
	pack := probe.KnockPack(to, k.Port)
	document, script := "AWS-RunShellScript", pack.Shell
	if k.Windows {
		document, script = "AWS-RunPowerShellScript", probe.PowerShell(pack.PowerShell)
	}
	return k.script(ask.Token).Send(ctx, a, document, script, "120")
}
