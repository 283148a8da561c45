package route

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/netpath"
)

func TestOnlyWhatIsCertainIsPutBack(t *testing.T) {
	vanished := func(f *Facts) { f.World.Networks[0].Subnets[0].Routes = f.World.Networks[0].Subnets[0].Routes[1:2] }
	deleted := at(-5, `DeleteRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16"}`)
	made := at(-9, `CreateRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","vpcPeeringConnectionId":"pcx-1"}`)
	for _, row := range []struct {
		name   string
		change func(*Facts)
		trail  []Change // newest first
		want   Lost
		says   string
	}{
		{name: "deleted, as the trail has it", change: vanished, trail: []Change{deleted, made}, want: Lost{"rtb-d", "10.3.0.0/16", "pcx-1"}},
		{
			name: "it was led elsewhere since it was made", change: vanished,
			trail: []Change{deleted, at(-7, `ReplaceRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","vpcPeeringConnectionId":"pcx-1"}`), at(-9, `CreateRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","natGatewayId":"nat-1"}`)},
			want:  Lost{"rtb-d", "10.3.0.0/16", "pcx-1"},
		},
		{
			name: "the way back", change: func(f *Facts) { f.World.Networks[1].Subnets[0].Routes = nil },
			trail: []Change{
				at(-5, `DeleteRoute {"routeTableId":"rtb-f","destinationCidrBlock":"10.2.0.0/16"}`),
				at(-9, `CreateRoute {"routeTableId":"rtb-f","destinationCidrBlock":"10.2.0.0/16","vpcPeeringConnectionId":"pcx-1"}`),
			},
			want: Lost{"rtb-f", "10.2.0.0/16", "pcx-1"},
		},
		{name: "the trail says nothing", change: vanished, says: "does not show that a route of rtb-d was deleted"},
		{name: "what it was is not on record", change: vanished, trail: []Change{deleted}, says: "does not tell where 10.3.0.0/16 in rtb-d led before"},
		{
			name: "it was turned, not deleted", change: func(f *Facts) { f.World.Networks[0].Subnets[0].Routes[0].Target = "nat-1" },
			trail: []Change{at(-5, `ReplaceRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","natGatewayId":"nat-1"}`), made},
			says:  "does not show",
		},
		{
			name: "where it led is gone", change: func(f *Facts) {
				vanished(f)
				f.World.Peerings[0].Active, f.Gates[0].State = false, "deleted"
			},
			trail: []Change{deleted, made}, says: "pcx-1, to which the route led, is not known to take packets",
		},
		{
			name: "nobody can read where it led", change: func(f *Facts) { vanished(f); f.Gates = nil },
			trail: []Change{deleted, made}, says: "pcx-1, to which the route led, is not known",
		},
		{
			name: "it led to the internet", change: vanished,
			trail: []Change{deleted, at(-9, `CreateRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","natGatewayId":"nat-1"}`)},
			says:  "with 10.3.0.0/16 back it would stop at the same place",
		},
		{
			name: "a security group", change: func(f *Facts) { f.World.Networks[0].Groups[0].Rules = nil },
			trail: []Change{at(-5, `RevokeSecurityGroupEgress {"groupId":"sg-d","ipPermissions":[{"ipProtocol":"-1","ipRanges":[{"cidrIp":"0.0.0.0/0"}]}]}`)},
			says:  "puts back deleted routes only, and sg-d is none",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := office()
			row.change(f)
			p := judge(f)
			p.explain(row.trail)
			got, err := p.lost()
			if row.says == "" {
				if err != nil || *got != row.want {
					t.Fatalf("want %+v, got %+v, %v", row.want, got, err)
				}
				return
			}
			said, ok := errors.AsType[*errUnsure](err)
			if !ok || !strings.Contains(said.In(report.English), row.says) || strings.Contains(said.In(report.Japanese), "{") {
				t.Errorf("want it refused with %q, got %+v, %v", row.says, got, err)
			}
		})
	}
}

// The plan says what else stops the packet, and that nobody can try it from what
// is no desktop.
func TestThePlanSaysWhatIsLeft(t *testing.T) {
	f := office()
	f.World.Networks[0].Subnets[0].Routes = nil
	f.World.Networks[1].Subnets[0].Entries = []netpath.Entry{{Number: 100, Protocol: netpath.Any, Prefix: netip.MustParsePrefix("0.0.0.0/0")}}
	p := judge(f)
	p.explain([]Change{
		at(-5, `DeleteRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16"}`),
		at(-9, `CreateRoute {"routeTableId":"rtb-d","destinationCidrBlock":"10.3.0.0/16","vpcPeeringConnectionId":"pcx-1"}`),
	})
	l, err := p.lost()
	if err != nil {
		t.Fatal(err)
	}
	made, err := sheet{Plan: p, zone: time.UTC}.proposal(t.Context(), &account.Account{}, l, plan.Plan{Duty: Duty, Made: noon, By: "arn:aws:iam::123456789012:user/tanabe", Places: []plan.Place{{}}})
	if err != nil {
		t.Fatal(err)
	}
	s := made.Steps[0]
	if len(made.Steps) != 1 || s.Undo == nil || s.Undo.Action != TakeOut || s.CLI != "aws ec2 create-route --route-table-id rtb-d --destination-cidr-block 10.3.0.0/16 --vpc-peering-connection-id pcx-1" {
		t.Errorf("want one step with its way back and its line, got %+v", made.Steps)
	}
	if want := "DeleteRoute by shimizu at 2026-11-24 11:55:00 UTC: ws-1 cannot reach 10.3.0.10 (tcp/445)"; s.Why.En != want {
		t.Errorf("want %q, got %q", want, s.Why.En)
	}
	if len(made.Notes) != 2 || !strings.Contains(made.Notes[0].En, "network ACL, in acl-f") || !strings.Contains(made.Notes[0].Ja, "戻した後は ネットワーク ACL 受信 acl-f") || !strings.Contains(made.Notes[1].En, "ws-1 is no desktop") {
		t.Errorf("want what stops it then, and that nothing tries it, got %+v", made.Notes)
	}
}

func TestARouteIsComparedWithItsTable(t *testing.T) {
	l := Lost{"rtb-d", "10.3.0.0/16", "pcx-1"}
	row := func(cidr, target string, state ec2types.RouteState) []ec2types.Route {
		return []ec2types.Route{{DestinationCidrBlock: aws.String("10.2.0.0/16"), GatewayId: aws.String("local")}, {DestinationCidrBlock: &cidr, VpcPeeringConnectionId: &target, State: state}}
	}
	for _, c := range []struct {
		name       string
		routes     []ec2types.Route
		back, gone plan.State
	}{
		{"nothing is there", nil, plan.Todo, plan.Done},
		{"another range", row("10.4.0.0/16", "pcx-1", "active"), plan.Todo, plan.Done},
		{"it is there", row("10.3.0.0/16", "pcx-1", "active"), plan.Done, plan.Todo},
		{"it leads elsewhere", row("10.3.0.0/16", "pcx-2", "active"), plan.Drifted, plan.Drifted},
		{"it is a black hole", row("10.3.0.0/16", "pcx-1", "blackhole"), plan.Drifted, plan.Todo},
	} {
		if back, gone := l.compare(c.routes, true), l.compare(c.routes, false); back.State != c.back || gone.State != c.gone {
			t.Errorf("%s: want %s and %s, got %+v and %+v", c.name, c.back, c.gone, back, gone)
		}
	}
}

func TestAKnockIsRead(t *testing.T) {
	k := Knocking{Address: "10.3.0.10", Port: 445}
	for _, row := range []struct {
		status, output string
		state          plan.State
		failed         bool
		note           string
	}{
		{"Success", "@@port\nopen\n", plan.Done, false, "10.3.0.10:445 answers"},
		{"Success", "@@port\nsilent\n", plan.Moving, true, "10.3.0.10:445 is silent still"},
		{"Success", "@@port\r\nrefused\r\n", plan.Moving, true, "10.3.0.10:445 is refused still"},
		{"Success", "welcome", plan.Moving, true, "the test was cut off"},
		{"InProgress", "", plan.Moving, false, "the test is InProgress"},
		{"TimedOut", "", plan.Moving, true, "the test ended as TimedOut"},
	} {
		if got := k.knocked(ssmtypes.CommandInvocationStatus(row.status), row.output); got != (plan.Seen{State: row.state, Failed: row.failed, Note: row.note}) {
			t.Errorf("%s %q: got %+v", row.status, row.output, got)
		}
	}
}
