package duties

import (
	"context"
	"net/netip"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver/types"
)

// TestResolverRulesOfAStrangersAWS asks what the resolver does with a name, on an
// AWS that is not ours, before the rule is associated and after.
func TestResolverRulesOfAStrangersAWS(t *testing.T) {
	f, cfg := stranger(t)
	if f == nil {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	networks, resolver := ec2.NewFromConfig(cfg), route53resolver.NewFromConfig(cfg)
	subnets, err := networks.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{})
	f.must(subnets, err)
	network := subnets.Subnets[0].VpcId
	groups, err := networks.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{*network}}}})
	f.must(groups, err)
	ends := []types.IpAddressRequest{f.within(subnets.Subnets[0], 20), f.within(subnets.Subnets[1], 20)}
	from, server := *f.within(subnets.Subnets[0], 9).Ip, *f.within(subnets.Subnets[1], 53).Ip
	endpoint, err := resolver.CreateResolverEndpoint(ctx, &route53resolver.CreateResolverEndpointInput{
		CreatorRequestId: aws.String("1"), Name: aws.String("out"), Direction: types.ResolverEndpointDirectionOutbound,
		SecurityGroupIds: []string{*groups.SecurityGroups[0].GroupId}, IpAddresses: ends,
	})
	f.must(endpoint, err)
	rule := func(domain, target string) string {
		made, err := resolver.CreateResolverRule(ctx, &route53resolver.CreateResolverRuleInput{
			CreatorRequestId: &domain, Name: aws.String("rule"), RuleType: types.RuleTypeOptionForward, DomainName: &domain, ResolverEndpointId: endpoint.ResolverEndpoint.Id,
			TargetIps: []types.TargetAddress{{Ip: &target, Port: aws.Int32(53)}},
		})
		f.must(made, err)
		return *made.ResolverRule.Id
	}
	corp, lab := rule("corp.example.com", server), rule("lab.example.com", "10.99.0.53")
	asked := terminal(t, f.at)
	says := func(code int, name string, wants ...string) {
		t.Helper()
		got := asked.run(ctx, "diagnose", "path", from, "--name", name, "--profile", "stranger")
		for _, want := range wants {
			if got.code != code || !regexp.MustCompile(want).MatchString(got.out) {
				t.Errorf("%s: want exit %d and %q, got %s", name, code, want, got)
			}
		}
	}
	says(0, "www.example.org", `resolver rule +`+*network+` +no rule is about www.example.org`)
	says(1, "files.corp.example.com", `it stops at resolver rule `+corp+`: corp.example.com forwards to `+server+`, and is not associated with `+*network,
		`restore: aws route53resolver associate-resolver-rule --resolver-rule-id `+corp+` --vpc-id `+*network)
	for _, id := range []string{corp, lab} {
		made, err := resolver.AssociateResolverRule(ctx, &route53resolver.AssociateResolverRuleInput{ResolverRuleId: &id, VPCId: network, Name: aws.String("rule")})
		f.must(made, err)
	}
	says(0, "files.corp.example.com", `ok +resolver rule +`+corp, `ok +resolver endpoint +`+*endpoint.ResolverEndpoint.Id+` +it is OPERATIONAL, 2 of 2 addresses are attached`,
		`ok +DNS servers +.*`+*ends[0].Ip+` reaches `+server)
	says(1, "db.lab.example.com", `STOP +DNS servers .* to 10.99.0.53 stops at route`, `look closer: tamachi diagnose path `+*ends[0].Ip+` to 10.99.0.53 --protocol udp --port 53`)
}

// within is the address of a subnet with a number.
func (f *fleet) within(s ec2types.Subnet, number byte) types.IpAddressRequest {
	f.t.Helper()
	block, err := netip.ParsePrefix(aws.ToString(s.CidrBlock))
	f.must(block, err)
	four := block.Addr().As4()
	four[3] += number
	return types.IpAddressRequest{SubnetId: s.SubnetId, Ip: aws.String(netip.AddrFrom4(four).String())}
}
