package e2e

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// group is an aws_security_group without rules of its own. What AWS lets out of a
// new group is taken away first; of IPv6 there is nothing, which is no error.
func (n *network) group(address string) *resource {
	find := func() (*ec2.DescribeSecurityGroupsOutput, error) {
		return n.ec2().DescribeSecurityGroups(n.Context(), &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*n.id(address)}})
	}
	read := func() attributes {
		out, err := find()
		n.done("DescribeSecurityGroups", err)
		g := out.SecurityGroups[0]
		return attributes{"name": *g.GroupName, "description": *g.Description, "vpc_id": n.ref(g.VpcId), "owner_id": *g.OwnerId, "tags": ec2Tags(g.Tags)}
	}
	revoke := func(p types.IpPermission) error {
		p.IpProtocol = new("-1")
		_, err := n.ec2().RevokeSecurityGroupEgress(n.Context(), &ec2.RevokeSecurityGroupEgressInput{GroupId: n.id(address), IpPermissions: []types.IpPermission{p}})
		return err
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().CreateSecurityGroup(n.Context(), &ec2.CreateSecurityGroupInput{
				GroupName: new("desktops"), Description: new("desktops"), VpcId: n.id("aws_vpc.office"), TagSpecifications: named(types.ResourceTypeSecurityGroup, "desktops"),
			})
			n.done("CreateSecurityGroup", err)
			n.made(address, out.GroupId)
			read()
			n.done("RevokeSecurityGroupEgress", revoke(types.IpPermission{IpRanges: []types.IpRange{{CidrIp: new("0.0.0.0/0")}}}))
			n.gone("RevokeSecurityGroupEgress of IPv6", "InvalidPermission.NotFound", revoke(types.IpPermission{Ipv6Ranges: []types.Ipv6Range{{CidrIpv6: new("::/0")}}}))
		},
		read:   read,
		update: func() { n.rename(address, "desktops-2") },
		destroy: func() {
			read()
			n.wait("DeleteSecurityGroup", 15*time.Minute, func() bool {
				_, err := n.ec2().DeleteSecurityGroup(n.Context(), &ec2.DeleteSecurityGroupInput{GroupId: n.id(address)})
				return !n.depends("DeleteSecurityGroup", err)
			})
			_, err := find()
			n.gone("DescribeSecurityGroups", "InvalidGroup.NotFound", err)
		},
		want: attributes{
			"name": "desktops", "description": "desktops", "vpc_id": "aws_vpc.office", "owner_id": n.account, "tags": tags{"Name": "desktops"},
		},
		changed: attributes{"tags": tags{"Name": "desktops-2"}},
	}
}

// rule reads an aws_vpc_security_group_*_rule. A rule for everything has no ports.
func (n *network) rule(address string) (attributes, error) {
	out, err := n.ec2().DescribeSecurityGroupRules(n.Context(), &ec2.DescribeSecurityGroupRulesInput{SecurityGroupRuleIds: []string{*n.id(address)}})
	if err != nil {
		return nil, err
	}
	r := out.SecurityGroupRules[0]
	state := attributes{
		"security_group_id": n.ref(r.GroupId), "ip_protocol": *r.IpProtocol, "cidr_ipv4": aws.ToString(r.CidrIpv4), "description": aws.ToString(r.Description),
		"outward": *r.IsEgress, "tags": ec2Tags(r.Tags),
	}
	if *r.IpProtocol != "-1" {
		state["from_port"], state["to_port"] = *r.FromPort, *r.ToPort
	}
	return state, nil
}

func (n *network) readRule(address string) attributes {
	n.Helper()
	state, err := n.rule(address)
	n.done("DescribeSecurityGroupRules", err)
	return state
}

// files are the ports of a file server.
func files(to int32) types.IpPermission {
	return types.IpPermission{
		IpProtocol: new("tcp"), FromPort: new(int32(445)), ToPort: &to, IpRanges: []types.IpRange{{CidrIp: new("10.30.0.0/16"), Description: new("files")}},
	}
}

// inward is an aws_vpc_security_group_ingress_rule, changed under its id.
func (n *network) inward(address string) *resource {
	const group = "aws_security_group.desktops"
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().AuthorizeSecurityGroupIngress(n.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
				GroupId: n.id(group), IpPermissions: []types.IpPermission{files(445)}, TagSpecifications: named(types.ResourceTypeSecurityGroupRule, "files"),
			})
			n.done("AuthorizeSecurityGroupIngress", err)
			n.made(address, out.SecurityGroupRules[0].SecurityGroupRuleId)
		},
		read: func() attributes { return n.readRule(address) },
		update: func() {
			_, err := n.ec2().ModifySecurityGroupRules(n.Context(), &ec2.ModifySecurityGroupRulesInput{
				GroupId: n.id(group), SecurityGroupRules: []types.SecurityGroupRuleUpdate{{
					SecurityGroupRuleId: n.id(address), SecurityGroupRule: &types.SecurityGroupRuleRequest{
						IpProtocol: new("tcp"), FromPort: new(int32(445)), ToPort: new(int32(446)), CidrIpv4: new("10.30.0.0/16"), Description: new("files"),
					},
				}},
			})
			n.done("ModifySecurityGroupRules", err)
		},
		destroy: func() {
			_, err := n.ec2().RevokeSecurityGroupIngress(n.Context(), &ec2.RevokeSecurityGroupIngressInput{GroupId: n.id(group), SecurityGroupRuleIds: []string{*n.id(address)}})
			n.done("RevokeSecurityGroupIngress", err)
			_, err = n.rule(address)
			n.gone("DescribeSecurityGroupRules", "InvalidSecurityGroupRuleId.NotFound", err)
		},
		want: attributes{
			"security_group_id": group, "ip_protocol": "tcp", "from_port": int32(445), "to_port": int32(445), "cidr_ipv4": "10.30.0.0/16",
			"description": "files", "outward": false, "tags": tags{"Name": "files"},
		},
		changed: attributes{"to_port": int32(446)},
	}
}

// outward is an aws_vpc_security_group_egress_rule for everything.
func (n *network) outward(address string) *resource {
	const group = "aws_security_group.desktops"
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().AuthorizeSecurityGroupEgress(n.Context(), &ec2.AuthorizeSecurityGroupEgressInput{
				GroupId: n.id(group), IpPermissions: []types.IpPermission{{IpProtocol: new("-1"), IpRanges: []types.IpRange{{CidrIp: new("0.0.0.0/0")}}}},
			})
			n.done("AuthorizeSecurityGroupEgress", err)
			n.made(address, out.SecurityGroupRules[0].SecurityGroupRuleId)
		},
		read: func() attributes { return n.readRule(address) },
		destroy: func() {
			_, err := n.ec2().RevokeSecurityGroupEgress(n.Context(), &ec2.RevokeSecurityGroupEgressInput{GroupId: n.id(group), SecurityGroupRuleIds: []string{*n.id(address)}})
			n.done("RevokeSecurityGroupEgress", err)
			_, err = n.rule(address)
			n.gone("DescribeSecurityGroupRules", "InvalidSecurityGroupRuleId.NotFound", err)
		},
		want: attributes{"security_group_id": group, "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0", "description": "", "outward": true, "tags": tags{}},
	}
}

// list is an aws_network_acl of the private subnets. A changed entry is deleted and
// made again; at the end the subnets are given back to the network's own list.
func (n *network) list(address string) *resource {
	subnets := []string{"aws_subnet.private[0]", "aws_subnet.private[1]"}
	find := func(by ...types.Filter) types.NetworkAcl {
		out, err := n.ec2().DescribeNetworkAcls(n.Context(), &ec2.DescribeNetworkAclsInput{Filters: by})
		n.done("DescribeNetworkAcls", err)
		return out.NetworkAcls[0]
	}
	own := func() types.NetworkAcl { return find(filter("network-acl-id", *n.id(address))) }
	move := func(to *string) {
		for _, s := range subnets {
			for _, a := range find(filter("association.subnet-id", *n.id(s))).Associations {
				if *a.SubnetId != *n.id(s) {
					continue
				}
				_, err := n.ec2().ReplaceNetworkAclAssociation(n.Context(), &ec2.ReplaceNetworkAclAssociationInput{AssociationId: a.NetworkAclAssociationId, NetworkAclId: to})
				n.done("ReplaceNetworkAclAssociation", err)
			}
		}
	}
	entry := func(outward bool, protocol, cidr string, action types.RuleAction, ports *types.PortRange) {
		_, err := n.ec2().CreateNetworkAclEntry(n.Context(), &ec2.CreateNetworkAclEntryInput{
			NetworkAclId: n.id(address), Egress: &outward, RuleNumber: new(int32(100)), Protocol: &protocol, CidrBlock: &cidr, RuleAction: action, PortRange: ports,
		})
		n.done("CreateNetworkAclEntry", err)
	}
	everything := &types.PortRange{From: new(int32(0)), To: new(int32(0))}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ec2().CreateNetworkAcl(n.Context(), &ec2.CreateNetworkAclInput{
				VpcId: n.id("aws_vpc.office"), ClientToken: new("terraform-2"), TagSpecifications: named(types.ResourceTypeNetworkAcl, "private"),
			})
			n.done("CreateNetworkAcl", err)
			n.made(address, out.NetworkAcl.NetworkAclId)
			own()
			entry(true, "-1", "0.0.0.0/0", types.RuleActionAllow, everything)
			entry(false, "6", "10.0.0.0/8", types.RuleActionAllow, &types.PortRange{From: new(int32(0)), To: new(int32(65535))})
			move(n.id(address))
		},
		read: func() attributes {
			acl := own()
			state := attributes{"vpc_id": n.ref(acl.VpcId), "tags": ec2Tags(acl.Tags), "subnet_ids": len(acl.Associations)}
			for _, e := range acl.Entries {
				if *e.RuleNumber == 32767 { // AWS's own, which the provider leaves out
					continue
				}
				of := "ingress"
				if *e.Egress {
					of = "egress"
				}
				state[of] = *e.Protocol + " " + string(e.RuleAction) + " " + *e.CidrBlock
				if e.PortRange != nil && *e.PortRange.To != 0 {
					state[of+"_ports"] = *e.PortRange.To
				}
			}
			return state
		},
		update: func() {
			_, err := n.ec2().DeleteNetworkAclEntry(n.Context(), &ec2.DeleteNetworkAclEntryInput{NetworkAclId: n.id(address), Egress: new(true), RuleNumber: new(int32(100))})
			n.done("DeleteNetworkAclEntry", err)
			entry(true, "-1", "0.0.0.0/0", types.RuleActionDeny, everything)
		},
		destroy: func() {
			own()
			move(find(filter("default", "true"), filter("vpc-id", *n.id("aws_vpc.office"))).NetworkAclId)
			_, err := n.ec2().DeleteNetworkAcl(n.Context(), &ec2.DeleteNetworkAclInput{NetworkAclId: n.id(address)})
			n.done("DeleteNetworkAcl", err)
			_, err = n.ec2().DescribeNetworkAcls(n.Context(), &ec2.DescribeNetworkAclsInput{NetworkAclIds: []string{*n.id(address)}})
			n.gone("DescribeNetworkAcls", "InvalidNetworkAclID.NotFound", err)
		},
		want: attributes{
			"vpc_id": "aws_vpc.office", "tags": tags{"Name": "private"}, "subnet_ids": 2,
			"egress": "-1 allow 0.0.0.0/0", "ingress": "6 allow 10.0.0.0/8", "ingress_ports": int32(65535),
		},
		changed: attributes{"egress": "-1 deny 0.0.0.0/0"},
	}
}
