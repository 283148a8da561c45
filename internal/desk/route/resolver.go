package route

import (
	"cmp"
	"context"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver/types"

	"tamachi/internal/desk/account"
)

// naming reads what the resolver of the first end's network does with the name. An
// account that has no Route 53 Resolver is not asked further.
func (e Eyes) naming(ctx context.Context, f *Facts) error {
	own := f.network(f.From.Address)
	if f.Asked.Name == "" || own == nil {
		return nil
	}
	n := &Naming{Name: absolute(f.Asked.Name), Network: own.ID}
	f.Naming = n
	if err := f.unanswered("workspaces:DescribeWorkspaceDirectories", e.servers(ctx, f)); err != nil {
		return err
	}
	if err := e.rules(ctx, n); err != nil {
		p := account.Explain("route53resolver:ListResolverRules", err)
		if n.Unasked = p.Kind == account.Unknown; n.Unasked {
			return nil
		}
		n.Unread = true
		return f.unanswered("", p)
	}
	rule, _ := n.decides()
	if rule == nil || rule.Type != types.RuleTypeOptionForward || rule.Endpoint == "" {
		return nil
	}
	return f.unanswered("", e.forwarder(ctx, f, rule))
}

// servers are the DNS servers that a desktop is expected to ask: those given, or
// its directory's.
func (e Eyes) servers(ctx context.Context, f *Facts) error {
	f.Naming.Servers = f.Asked.DNS
	if len(f.Asked.DNS) > 0 || f.From.desktop == nil {
		return nil
	}
	all, err := account.AllDesktopDirectories(ctx, e.Desktops)
	for _, d := range all {
		if aws.ToString(d.DirectoryId) == aws.ToString(f.From.desktop.DirectoryId) {
			f.Naming.Servers = d.DnsIpAddresses
		}
	}
	return err
}

// rules reads the rules that fit the name, and which are associated with the
// network.
func (e Eyes) rules(ctx context.Context, n *Naming) error {
	all, err := readAll(ctx, "route53resolver:ListResolverRules", func(ctx context.Context, t *string) ([]types.ResolverRule, *string, error) {
		out, err := e.Resolver.ListResolverRules(ctx, &route53resolver.ListResolverRulesInput{NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.ResolverRules, out.NextToken, nil
	})
	if err != nil {
		return err
	}
	joined, err := readAll(ctx, "route53resolver:ListResolverRuleAssociations", func(ctx context.Context, t *string) ([]types.ResolverRuleAssociation, *string, error) {
		out, err := e.Resolver.ListResolverRuleAssociations(ctx, &route53resolver.ListResolverRuleAssociationsInput{
			Filters: []types.Filter{{Name: aws.String("VPCId"), Values: []string{n.Network}}}, NextToken: t,
		})
		if err != nil {
			return nil, nil, err
		}
		return out.ResolverRuleAssociations, out.NextToken, nil
	})
	if err != nil {
		return err
	}
	for _, r := range all {
		if fits(aws.ToString(r.DomainName), n.Name) {
			n.Rules = append(n.Rules, ruleOf(r, n.Network, joined))
		}
	}
	n.sort()
	return nil
}

func ruleOf(r types.ResolverRule, network string, joined []types.ResolverRuleAssociation) NameRule {
	out := NameRule{ID: aws.ToString(r.Id), Domain: cmp.Or(absolute(aws.ToString(r.DomainName)), "."), Type: r.RuleType, Endpoint: aws.ToString(r.ResolverEndpointId)}
	for _, a := range joined {
		if aws.ToString(a.ResolverRuleId) == out.ID && aws.ToString(a.VPCId) == network {
			out.State = string(a.Status)
		}
	}
	for _, t := range r.TargetIps {
		one := Target{Port: 53, Protocol: "udp"}
		if t.Protocol == types.ProtocolDoh || t.Protocol == types.ProtocolDohfips {
			one = Target{Port: 443, Protocol: "tcp"}
		}
		address, err := netip.ParseAddr(cmp.Or(aws.ToString(t.Ip), aws.ToString(t.Ipv6)))
		if err != nil {
			continue
		}
		one.Address = address
		if p := aws.ToInt32(t.Port); p > 0 && p < 65536 {
			one.Port = int(p)
		}
		out.Targets = append(out.Targets, one)
	}
	return out
}

// forwarder reads the endpoint of a rule, and goes the way of a query from each of
// its addresses to each DNS server.
func (e Eyes) forwarder(ctx context.Context, f *Facts, rule *NameRule) error {
	got, err := e.Resolver.GetResolverEndpoint(ctx, &route53resolver.GetResolverEndpointInput{ResolverEndpointId: &rule.Endpoint})
	if err != nil {
		return account.Explain("route53resolver:GetResolverEndpoint", err)
	}
	all, err := readAll(ctx, "route53resolver:ListResolverEndpointIpAddresses", func(ctx context.Context, t *string) ([]types.IpAddressResponse, *string, error) {
		out, err := e.Resolver.ListResolverEndpointIpAddresses(ctx, &route53resolver.ListResolverEndpointIpAddressesInput{ResolverEndpointId: &rule.Endpoint, NextToken: t})
		if err != nil {
			return nil, nil, err
		}
		return out.IpAddresses, out.NextToken, nil
	})
	if err != nil {
		return err
	}
	if got.ResolverEndpoint == nil {
		return nil
	}
	f.Naming.Endpoint = &Forwarder{ID: rule.Endpoint, State: got.ResolverEndpoint.Status, Reason: aws.ToString(got.ResolverEndpoint.StatusMessage), Of: len(all)}
	all = slices.DeleteFunc(all, func(a types.IpAddressResponse) bool { return a.Status != types.IpAddressStatusAttached })
	f.Naming.Endpoint.Attached = len(all)
	for _, a := range all {
		address, err := netip.ParseAddr(aws.ToString(a.Ip))
		if err != nil {
			continue // IPv6 is not judged
		}
		from := End{Name: address.String(), Address: address, Subnet: aws.ToString(a.SubnetId), Groups: got.ResolverEndpoint.SecurityGroupIds}
		for _, t := range rule.Targets {
			if t.Address.Is4() {
				f.Naming.Ways = append(f.Naming.Ways, f.query(from, t)...)
			}
		}
	}
	return nil
}

// query is the way of one query; none where the subnet of the endpoint cannot be
// read.
func (f *Facts) query(from End, to Target) []Way {
	sub := &Facts{
		At: f.At, Asked: Asked{From: from.Name, To: to.Address.String(), Protocol: to.Protocol, Port: to.Port}, Gates: f.Gates, parts: f.parts,
		From: from, To: End{Name: to.Address.String(), Address: to.Address},
	}
	if sub.draw() != nil {
		return nil
	}
	way := Way{From: from.Name, Target: to}
	if p := judge(sub); p.Broken != nil {
		way.Stops = &p.Broken.Step
	}
	return []Way{way}
}
