package route

import (
	"net/netip"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/route53resolver/types"
)

func TestTheRuleThatDecidesIsTheMostSpecificOne(t *testing.T) {
	const complete = "COMPLETE"
	rule := func(id, domain string, kind types.RuleTypeOption, state string) NameRule {
		r := NameRule{ID: id, Domain: domain, Type: kind, State: state}
		if kind == types.RuleTypeOptionForward {
			r.Endpoint, r.Targets = "rslvr-out-1", []Target{{netip.MustParseAddr("10.1.5.10"), 53, "udp"}}
		}
		return r
	}
	every := rule("rslvr-every", ".", types.RuleTypeOptionRecursive, complete)
	office := rule("rslvr-office", "example.com", types.RuleTypeOptionForward, complete)
	system := rule("rslvr-system", "corp.example.com", types.RuleTypeOptionSystem, complete)
	loose := rule("rslvr-loose", "corp.example.com", types.RuleTypeOptionForward, "")
	failed := rule("rslvr-failed", "corp.example.com", types.RuleTypeOptionForward, "FAILED")
	good := &Forwarder{ID: "rslvr-out-1", State: types.ResolverEndpointStatusOperational, Attached: 2, Of: 2}
	stops := &Step{What: hopRoute, ID: "rtb-1", Rule: "no route to 10.1.5.10"}
	for _, row := range []struct {
		name   string
		naming Naming
		want   string // the last step, and whether it passes
	}{
		{"no rule", Naming{}, "resolver rule vpc-1 true"},
		{"the rule for every name", Naming{Rules: []NameRule{every}}, "resolver rule rslvr-every true"},
		{"not associated", Naming{Rules: []NameRule{every, loose}}, "resolver rule rslvr-loose false"},
		{"the association failed", Naming{Rules: []NameRule{failed}}, "resolver rule rslvr-failed false"},
		{"not associated, but the desktop asks those servers itself", Naming{Rules: []NameRule{every, loose}, Servers: []string{"10.1.5.10"}}, "resolver rule rslvr-every true"},
		{"a rule of the network decides, a better one is of another", Naming{Rules: []NameRule{office, loose}}, "resolver rule rslvr-office true"},
		{"of two for one domain that which counts", Naming{Rules: []NameRule{loose, system, office}}, "resolver rule rslvr-system true"},
		{"the endpoint works", Naming{Rules: []NameRule{office}, Endpoint: good}, "resolver endpoint rslvr-out-1 true"},
		{"the endpoint does not", Naming{Rules: []NameRule{office}, Endpoint: &Forwarder{ID: "rslvr-out-1", State: types.ResolverEndpointStatusActionNeeded, Attached: 1, Of: 2}}, "resolver endpoint rslvr-out-1 false"},
		{"none of its addresses does", Naming{Rules: []NameRule{office}, Endpoint: &Forwarder{ID: "rslvr-out-1", State: types.ResolverEndpointStatusOperational, Of: 2}}, "resolver endpoint rslvr-out-1 false"},
		{"one way is open", Naming{Rules: []NameRule{office}, Endpoint: good, Ways: []Way{{From: "10.2.1.5", Stops: stops}, {From: "10.2.2.5"}}}, "DNS servers rslvr-out-1 true"},
		{"no way is open", Naming{Rules: []NameRule{office}, Endpoint: good, Ways: []Way{{From: "10.2.1.5", Stops: stops}}}, "DNS servers rslvr-out-1 false"},
		{"the service is not there", Naming{Unasked: true}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.naming.Name, row.naming.Network = "files.corp.example.com", "vpc-1"
			row.naming.sort()
			got := ""
			for _, s := range row.naming.steps() {
				got = s.What + " " + s.ID + " false"
				if s.Passes {
					got = s.What + " " + s.ID + " true"
				}
			}
			if got != row.want {
				t.Errorf("want %q at last, got %+v", row.want, row.naming.steps())
			}
		})
	}
}

func TestWhatARuleIsAbout(t *testing.T) {
	for _, row := range []struct {
		domain, name string
		want         bool
	}{
		{".", "example.com", true},
		{"example.com.", "Example.com", true},
		{"acme.example.com", "zenith.acme.example.com", true},
		{"acme.example.com", "example.com", false},
		{"acme.example.com", "nadir.example.com", false},
		{"me.example.com", "acme.example.com", false},
	} {
		if fits(row.domain, row.name) != row.want {
			t.Errorf("%s about %s: want %t", row.domain, row.name, row.want)
		}
	}
	for name, want := range map[string]bool{
		"files.corp.example.com": true, "corp.local.": true, "yamada.taro": false, "10.3.0.999": false, "files": false, "a..b.c": false, "a b.c.d": false, "": false,
	} {
		if domainName(name) != want {
			t.Errorf("%q: want %t", name, want)
		}
	}
}

func TestARuleIsAssociatedAgain(t *testing.T) {
	f := office()
	f.To, f.Asked.Name = End{Name: "files.corp.example.com"}, "files.corp.example.com"
	f.Naming = &Naming{Name: "files.corp.example.com", Network: "vpc-d", Rules: []NameRule{{ID: "rslvr-rr-1", Domain: "corp.example.com", Type: types.RuleTypeOptionForward}}}
	p := judge(f)
	p.explain([]Change{
		at(-5, `DisassociateResolverRule {"resolverRuleId":"rslvr-rr-1","vPCId":"vpc-other"}`),
		at(-9, `DisassociateResolverRule {"resolverRuleId":"rslvr-rr-1","vPCId":"vpc-d"}`),
	})
	if b := p.Broken; b == nil || len(p.Steps) != 1 || b.Change == nil || b.Change.in.VpcID != "vpc-d" || len(b.Restore) != 1 || b.Restore[0].Command() != "aws route53resolver associate-resolver-rule --resolver-rule-id rslvr-rr-1 --vpc-id vpc-d" {
		t.Errorf("want the rule, who took it from the network and how it comes back, got %+v", p.Broken)
	}
}
