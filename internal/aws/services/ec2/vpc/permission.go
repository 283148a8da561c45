package vpc

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// numbers are protocols that rules of security groups write as words (IANA,
// "Assigned Internet Protocol Numbers").
var numbers = map[string]string{"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}

// protocolOf reads a protocol of a rule: a word, a number, or -1.
func protocolOf(given string) (string, error) {
	if w, ok := numbers[given]; ok {
		return w, nil
	}
	for _, w := range numbers {
		if w == given {
			return w, nil
		}
	}
	if n, err := strconv.Atoi(given); err == nil && n >= -1 && n <= 255 {
		return strconv.Itoa(n), nil
	}
	return "", fault("InvalidParameterValue", "Invalid value '%s' for IP protocol. Unknown protocol.", given)
}

// ruleOf reads what the rules of a permission have in common.
func ruleOf(p types.IpPermission, egress bool) (Rule, error) {
	if p.IpProtocol == nil {
		return Rule{}, fault("MissingParameter", "The request must contain the parameter ipProtocol")
	}
	protocol, err := protocolOf(*p.IpProtocol)
	r := Rule{Egress: egress, Protocol: protocol, From: -1, To: -1}
	if err != nil {
		return r, err
	}
	switch protocol {
	case "tcp", "udp":
		if p.FromPort == nil || p.ToPort == nil {
			return r, fault("InvalidParameterValue", "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
		}
		r.From, r.To = *p.FromPort, *p.ToPort
		if r.From < 0 || r.To > 65535 || r.From > r.To {
			return r, fault("InvalidParameterValue", "Invalid value '%d-%d' for portRange. The range of ports is 0 to 65535.", r.From, r.To)
		}
	case "icmp", "icmpv6":
		if p.FromPort != nil {
			r.From = *p.FromPort
		}
		if p.ToPort != nil {
			r.To = *p.ToPort
		}
		if r.From < -1 || r.From > 255 || r.To < -1 || r.To > 255 {
			return r, fault("InvalidParameterValue", "Invalid value for ICMP type or code.")
		}
	}
	return r, nil
}

// rulesOf reads permissions: a rule for each peer. Groups that it names must be
// there.
func rulesOf(l look, g *SecurityGroup, given []types.IpPermission, egress bool) ([]Rule, error) {
	var out []Rule
	for _, p := range given {
		base, err := ruleOf(p, egress)
		if err != nil {
			return nil, err
		}
		if len(p.PrefixListIds) > 0 {
			return nil, fault("UnsupportedOperation", "Prefix lists are not supported.")
		}
		before := len(out)
		for _, a := range p.IpRanges {
			prefix, err := netip.ParsePrefix(text(a.CidrIp))
			if err != nil || !prefix.Addr().Is4() {
				return nil, fault("InvalidParameterValue", "CIDR block %s is malformed", text(a.CidrIp))
			}
			r := base
			r.CIDR, r.Description = prefix.Masked().String(), text(a.Description)
			out = append(out, r)
		}
		for _, a := range p.Ipv6Ranges {
			prefix, err := netip.ParsePrefix(text(a.CidrIpv6))
			if err != nil || !prefix.Addr().Is6() {
				return nil, fault("InvalidParameterValue", "CIDR block %s is malformed", text(a.CidrIpv6))
			}
			r := base
			r.CIDR6, r.Description = prefix.Masked().String(), text(a.Description)
			out = append(out, r)
		}
		for _, a := range p.UserIdGroupPairs {
			r := base
			r.Description = text(a.Description)
			if r.Group, r.GroupOwner, err = g.peered(l, a); err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		if len(out) == before {
			return nil, fault("InvalidParameterValue", "Invalid value for a permission: it names no source or destination.")
		}
	}
	if len(out) == 0 {
		return nil, fault("MissingParameter", "The request must contain the parameter ipPermissions")
	}
	for _, r := range out {
		if err := describable(r.Description); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// describable refuses what cannot be the description of a rule (EC2 API
// Reference, IpRange).
func describable(description string) error {
	if description == "" || groupText.MatchString(description) {
		return nil
	}
	return fault("InvalidParameterValue", "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
}

// peered finds the group that a permission names: one of the group's own network,
// or of one that is joined to it by a peering connection (VPC Peering Guide,
// "Update your security groups to reference peer security groups").
func (g *SecurityGroup) peered(l look, a types.UserIdGroupPair) (group, owner string, err error) {
	owner = cmp.Or(text(a.UserId), l.sc.Account)
	if owner == l.sc.Account {
		o, err := groupBy(l, a.GroupId, a.GroupName)
		if err != nil {
			return "", "", err
		}
		if o.VPC == g.VPC {
			return o.ID, owner, nil
		}
	}
	all, err := peeringNoun.all(l)
	for _, p := range all {
		if p.state(l.now) != peeringActive || !p.joins(l, g.VPC) {
			continue
		}
		for _, side := range []Side{p.Requester, p.Accepter} {
			if side.Account != owner || side.Region != l.sc.Region {
				continue
			}
			o, err := groupNoun.get(look{l.tx, store.Scope{Account: side.Account, Region: side.Region}, l.now}, text(a.GroupId))
			if err == nil && o.VPC == side.VPC {
				return o.ID, owner, nil
			}
			if err = unlessModelled(err); err != nil {
				return "", "", err
			}
		}
	}
	if err == nil {
		err = fault("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
	}
	return "", "", err
}

// plain is a permission written in the members of a request itself.
func plain(all []types.IpPermission, protocol, cidr *string, from, to *int32) []types.IpPermission {
	if protocol == nil && cidr == nil {
		return all
	}
	one := types.IpPermission{IpProtocol: protocol, FromPort: from, ToPort: to}
	if cidr != nil {
		one.IpRanges = []types.IpRange{{CidrIp: cidr}}
	}
	return append(append([]types.IpPermission{}, all...), one)
}

// groupBy finds a group by its id, or by its name in the default VPC.
func groupBy(l look, id, name *string) (*SecurityGroup, error) {
	if id != nil || name == nil {
		return groupNoun.get(l, text(id))
	}
	v, err := defaultVPC(l)
	if err != nil {
		return nil, err
	}
	if v != nil {
		all, err := groupNoun.in(l, v.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range all {
			if g.Name == *name {
				return g, nil
			}
		}
	}
	return nil, notInDefault(*name, v)
}

// notInDefault says that no group of the default network has a name.
func notInDefault(name string, v *VPC) error {
	where := "default VPC"
	if v != nil {
		where += " '" + v.ID + "'"
	}
	return fault("InvalidGroup.NotFound", "The security group '%s' does not exist in %s", name, where)
}

// authorize adds rules to a group; one that is there refuses them all.
func (s *Service) authorize(l look, g *SecurityGroup, added []Rule, tags map[string]string) ([]types.SecurityGroupRule, error) {
	out := []types.SecurityGroupRule{}
	for _, r := range added {
		for _, have := range g.Rules {
			if have.same(r) {
				return nil, fault("InvalidPermission.Duplicate", "the specified rule %q already exists", r.written())
			}
		}
		r.ID, r.Tags = "sgr-"+s.ids.Hex(17), tags
		g.Rules = append(g.Rules, r)
		out = append(out, r.describe(l, g))
	}
	return out, groupNoun.put(l, g)
}

// revoke removes rules from a group, all or none.
func revoke(l look, g *SecurityGroup, egress bool, wanted func(Rule) int, count int) ([]types.RevokedSecurityGroupRule, error) {
	out := []types.RevokedSecurityGroupRule{}
	var kept []Rule
	found := map[int]bool{}
	for _, r := range g.Rules {
		i := -1
		if r.Egress == egress {
			i = wanted(r)
		}
		if i < 0 {
			kept = append(kept, r)
			continue
		}
		found[i] = true
		one := types.RevokedSecurityGroupRule{
			SecurityGroupRuleId: new(r.ID), GroupId: &g.ID, IsEgress: new(r.Egress), IpProtocol: new(r.Protocol), FromPort: new(r.From), ToPort: new(r.To),
			CidrIpv4: api.Optional(r.CIDR), CidrIpv6: api.Optional(r.CIDR6), ReferencedGroupId: api.Optional(r.Group), Description: api.Optional(r.Description),
		}
		out = append(out, one)
	}
	if len(found) < count {
		return nil, noRule()
	}
	g.Rules = kept
	return out, groupNoun.put(l, g)
}

func noRule() error {
	return fault("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
}

// withdrawal is what the calls that take permissions back have in common.
type withdrawal struct {
	group, name   *string
	rules         []string
	permissions   []types.IpPermission
	source, owner *string // of EC2-Classic
	egress        bool
}

// withdraw takes permissions back, named by their ids or by what they permit.
func (s *Service) withdraw(ctx context.Context, w withdrawal) (out []types.RevokedSecurityGroupRule, err error) {
	if w.source != nil || w.owner != nil {
		return nil, noSource()
	}
	err = s.change(ctx, func(l look) error {
		g, err := groupBy(l, w.group, w.name)
		if err != nil {
			return err
		}
		if len(w.rules) > 0 {
			for _, id := range w.rules {
				if err := (rules{}).unlike(id); err != nil {
					return err
				}
				if _, _, err := groupWith(l, id); err != nil {
					return err
				}
			}
			out, err = revoke(l, g, w.egress, func(r Rule) int { return slices.Index(w.rules, r.ID) }, len(w.rules))
			return err
		}
		gone, err := rulesOf(l, g, w.permissions, w.egress)
		if err != nil {
			return err
		}
		out, err = revoke(l, g, w.egress, func(r Rule) int { return slices.IndexFunc(gone, r.same) }, len(gone))
		return err
	})
	return out, err
}

// noSource refuses what named groups before there were VPCs.
func noSource() error {
	return fault("InvalidParameterCombination", "The parameter sourceSecurityGroupName cannot be used with a VPC; use ipPermissions.")
}

// permit adds the rules that a call asks for to a group, outward or inward.
func (s *Service) permit(ctx context.Context, id, name *string, asked []types.IpPermission, outward bool, specs []types.TagSpecification) (out []types.SecurityGroupRule, err error) {
	tags, err := specified(specs, rules{})
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(l look) error {
		g, err := groupBy(l, id, name)
		if err != nil {
			return err
		}
		added, err := rulesOf(l, g, asked, outward)
		if err != nil {
			return err
		}
		out, err = s.authorize(l, g, added, tags)
		return err
	})
	return out, err
}
