package vpc

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// SecurityGroup is a list of what may come to machines and go from them. What
// answers a permitted packet is permitted too.
type SecurityGroup struct {
	Head
	Name        string
	Description string
	VPC         string
	Rules       []Rule `json:",omitempty"`
}

// Rule permits one peer. Ports of ICMP are its type and code; -1 is any.
type Rule struct {
	ID          string // sgr-...
	Egress      bool   `json:",omitempty"`
	Protocol    string // tcp, udp, icmp, icmpv6, a number, or -1
	From, To    int32
	CIDR        string            `json:",omitempty"`
	CIDR6       string            `json:",omitempty"`
	Group       string            `json:",omitempty"` // the peer has this group
	GroupOwner  string            `json:",omitempty"`
	Description string            `json:",omitempty"`
	Tags        map[string]string `json:",omitempty"`
}

// everywhere and anyProtocol leave nothing out.
const (
	everywhere  = "0.0.0.0/0"
	anyProtocol = "-1"
)

var securityGroups = store.Table[SecurityGroup]{
	Name: "ec2.securitygroups", Reach: store.Regional, Key: func(g *SecurityGroup) string { return g.ID },
	Indexes: map[string]func(*SecurityGroup) string{"vpc": func(g *SecurityGroup) string { return g.VPC }},
}

var groupNoun = noun[SecurityGroup]{
	table: &securityGroups, prefix: "sg", arn: "security-group", code: "InvalidGroup.", malformed: "InvalidGroupId.Malformed", text: "The security group '%s' does not exist",
	head: func(g *SecurityGroup) *Head { return &g.Head }, vpc: func(g *SecurityGroup) string { return g.VPC }, facts: groupFacts,
}

func groupFacts(_ look, g *SecurityGroup, filter string) (out []string, ok bool, err error) {
	switch filter {
	case "group-id":
		return []string{g.ID}, true, nil
	case "group-name":
		return []string{g.Name}, true, nil
	case "description":
		return []string{g.Description}, true, nil
	case "vpc-id", "primary-vpc-id":
		return []string{g.VPC}, true, nil
	}
	egress := false
	name, about := strings.CutPrefix(filter, "ip-permission.")
	if !about {
		name, about = strings.CutPrefix(filter, "egress.ip-permission.")
		egress = about
	}
	if !about {
		return nil, false, nil
	}
	for _, r := range g.Rules {
		value, known := r.fact(name)
		if !known {
			return nil, false, nil
		}
		if r.Egress == egress {
			out = append(out, given(value)...)
		}
	}
	return out, true, nil
}

// fact is what a filter of permissions compares.
func (r Rule) fact(name string) (string, bool) {
	switch name {
	case "cidr":
		return r.CIDR, true
	case "ipv6-cidr":
		return r.CIDR6, true
	case "from-port":
		return strconv.Itoa(int(r.From)), true
	case "to-port":
		return strconv.Itoa(int(r.To)), true
	case "protocol":
		return r.Protocol, true
	case "group-id":
		return r.Group, true
	case "user-id":
		return r.GroupOwner, true
	case "group-name", "prefix-list-id":
		return "", true
	}
	return "", false
}

// same tells whether two rules permit the same.
func (r Rule) same(o Rule) bool {
	return r.Egress == o.Egress && r.Protocol == o.Protocol && r.From == o.From && r.To == o.To && r.CIDR == o.CIDR && r.CIDR6 == o.CIDR6 && r.Group == o.Group
}

// peer is whom the rule permits.
func (r Rule) peer() string { return r.CIDR + r.CIDR6 + r.Group }

// written is the rule as AWS's errors write it.
func (r Rule) written() string {
	if r.Protocol == anyProtocol {
		return "peer: " + r.peer() + ", ALL, ALLOW"
	}
	return "peer: " + r.peer() + ", " + strings.ToUpper(r.Protocol) + ", from port: " + strconv.Itoa(int(r.From)) + ", to port: " + strconv.Itoa(int(r.To)) + ", ALLOW"
}

func (r Rule) describe(l look, g *SecurityGroup) types.SecurityGroupRule {
	out := types.SecurityGroupRule{
		SecurityGroupRuleId: &r.ID, GroupId: &g.ID, GroupOwnerId: &l.sc.Account, IsEgress: &r.Egress, IpProtocol: &r.Protocol, FromPort: &r.From, ToPort: &r.To,
		CidrIpv4: api.Optional(r.CIDR), CidrIpv6: api.Optional(r.CIDR6), Description: api.Optional(r.Description), Tags: tagList(r.Tags),
		SecurityGroupRuleArn: new(arn.New("ec2", l.sc.Region, l.sc.Account, "security-group-rule/"+r.ID).String()),
	}
	if r.Group != "" {
		out.ReferencedGroupInfo = &types.ReferencedSecurityGroup{GroupId: &r.Group, UserId: &r.GroupOwner}
	}
	return out
}

func (g *SecurityGroup) describe(l look) types.SecurityGroup {
	return types.SecurityGroup{
		GroupId: &g.ID, GroupName: &g.Name, Description: &g.Description, VpcId: &g.VPC, OwnerId: &l.sc.Account, Tags: tagList(g.Tags),
		SecurityGroupArn: new(arn.New("ec2", l.sc.Region, l.sc.Account, "security-group/"+g.ID).String()),
		IpPermissions:    g.permissions(false), IpPermissionsEgress: g.permissions(true),
	}
}

// permissions show the rules of a direction, those of the same ports together.
func (g *SecurityGroup) permissions(egress bool) []types.IpPermission {
	out := []types.IpPermission{}
	for _, r := range g.Rules {
		if r.Egress != egress {
			continue
		}
		i := slices.IndexFunc(out, func(p types.IpPermission) bool {
			return *p.IpProtocol == r.Protocol && (r.Protocol == anyProtocol || *p.FromPort == r.From && *p.ToPort == r.To)
		})
		if i < 0 {
			p := types.IpPermission{IpProtocol: new(r.Protocol), IpRanges: []types.IpRange{}, Ipv6Ranges: []types.Ipv6Range{}, PrefixListIds: []types.PrefixListId{}, UserIdGroupPairs: []types.UserIdGroupPair{}}
			if r.Protocol != anyProtocol {
				p.FromPort, p.ToPort = new(r.From), new(r.To)
			}
			out, i = append(out, p), len(out)
		}
		switch {
		case r.CIDR != "":
			out[i].IpRanges = append(out[i].IpRanges, types.IpRange{CidrIp: new(r.CIDR), Description: api.Optional(r.Description)})
		case r.CIDR6 != "":
			out[i].Ipv6Ranges = append(out[i].Ipv6Ranges, types.Ipv6Range{CidrIpv6: new(r.CIDR6), Description: api.Optional(r.Description)})
		default:
			out[i].UserIdGroupPairs = append(out[i].UserIdGroupPairs, types.UserIdGroupPair{GroupId: new(r.Group), UserId: new(r.GroupOwner), Description: api.Optional(r.Description)})
		}
	}
	return out
}

// newGroup makes a group whose machines may reach everything.
func (s *Service) newGroup(name, description, vpc string) *SecurityGroup {
	return &SecurityGroup{
		Head: Head{ID: groupNoun.newID(s)}, Name: name, Description: description, VPC: vpc,
		Rules: []Rule{{ID: "sgr-" + s.ids.Hex(17), Egress: true, Protocol: anyProtocol, From: -1, To: -1, CIDR: everywhere}},
	}
}
