package vpc_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func permit(protocol string, from, to int32, cidr string) []types.IpPermission {
	return []types.IpPermission{{IpProtocol: &protocol, FromPort: &from, ToPort: &to, IpRanges: []types.IpRange{{CidrIp: &cidr}}}}
}

// TestSecurityGroupsOverASocket makes groups, and gives and takes permissions.
func TestSecurityGroupsOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc := w.network("10.2.0.0/16")
	made, err := w.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: vpc, GroupName: new("files"), Description: new("file server"), TagSpecifications: tagged(types.ResourceTypeSecurityGroup, "Team", "it")})
	w.done(made, err)
	id := made.GroupId
	w.says("InvalidGroup.Duplicate", "The security group 'files' already exists for VPC '"+*vpc+"'")(w.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: vpc, GroupName: new("files"), Description: new("again")}))
	w.no("InvalidParameterValue")(w.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: vpc, GroupName: new("default"), Description: new("x")}))
	group := func() types.SecurityGroup {
		t.Helper()
		out, err := w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*id}})
		w.done(out, err)
		return out.SecurityGroups[0]
	}
	if g := group(); len(g.IpPermissions) != 0 || len(g.IpPermissionsEgress) != 1 || *g.IpPermissionsEgress[0].IpProtocol != "-1" {
		t.Errorf("a new group: %+v", g)
	}
	smb := permit("tcp", 445, 445, "10.1.0.0/16")
	given, err := w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: smb, TagSpecifications: tagged(types.ResourceTypeSecurityGroupRule, "For", "desktops")})
	w.done(given, err)
	rule := given.SecurityGroupRules[0].SecurityGroupRuleId
	w.says("InvalidPermission.Duplicate", `the specified rule "peer: 10.1.0.0/16, TCP, from port: 445, to port: 445, ALLOW" already exists`)(w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: permit("6", 445, 445, "10.1.0.0/16")}))
	w.no("InvalidParameterValue")(w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: permit("tcp", 445, 70000, "10.1.0.0/16")}))
	w.no("InvalidGroup.NotFound")(w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: []types.IpPermission{{IpProtocol: new("-1"), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: new("sg-01234567")}}}}}))
	found, err := w.DescribeSecurityGroupRules(ctx, &ec2.DescribeSecurityGroupRulesInput{Filters: append(by("group-id", *id), by("tag:For", "desktops")...)})
	w.done(found, err)
	if len(found.SecurityGroupRules) != 1 || *found.SecurityGroupRules[0].FromPort != 445 {
		t.Errorf("got %+v", found.SecurityGroupRules)
	}
	w.no("InvalidSecurityGroupRuleId.NotFound")(w.DescribeSecurityGroupRules(ctx, &ec2.DescribeSecurityGroupRulesInput{SecurityGroupRuleIds: []string{"sgr-01234567"}}))
	w.done(w.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{*rule}, Tags: tagged("", "Floor", "3")[0].Tags}))
	other, err := w.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: vpc, GroupName: new("desktops"), Description: new("desktops")})
	w.done(other, err)
	w.done(w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: []types.IpPermission{{IpProtocol: new("tcp"), FromPort: new(int32(445)), ToPort: new(int32(445)), UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: other.GroupId}}}}}))
	if g := group(); len(g.IpPermissions) != 1 || len(g.IpPermissions[0].IpRanges) != 1 || len(g.IpPermissions[0].UserIdGroupPairs) != 1 {
		t.Errorf("want one permission with two peers, got %+v", g.IpPermissions)
	}
	w.says("DependencyViolation", "resource "+*other.GroupId+" has a dependent object")(w.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: other.GroupId}))

	w.done(w.RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{GroupId: id, IpPermissions: smb}))
	w.no("InvalidPermission.NotFound")(w.RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{GroupId: id, IpPermissions: smb}))
	w.no("InvalidSecurityGroupRuleId.NotFound")(w.RevokeSecurityGroupEgress(ctx, &ec2.RevokeSecurityGroupEgressInput{GroupId: id, SecurityGroupRuleIds: []string{*rule}}))
	w.done(w.RevokeSecurityGroupEgress(ctx, &ec2.RevokeSecurityGroupEgressInput{GroupId: id, IpPermissions: permit("-1", 0, 0, "0.0.0.0/0")}))
	if g := group(); len(g.IpPermissionsEgress) != 0 || len(g.IpPermissions[0].IpRanges) != 0 {
		t.Errorf("got %+v", g)
	}
	w.done(w.AuthorizeSecurityGroupEgress(ctx, &ec2.AuthorizeSecurityGroupEgressInput{GroupId: id, IpPermissions: permit("udp", 53, 53, "10.1.5.10/32")}))
	w.no("InvalidPermission.Duplicate")(w.AuthorizeSecurityGroupEgress(ctx, &ec2.AuthorizeSecurityGroupEgressInput{GroupId: id, IpPermissions: permit("udp", 53, 53, "10.1.5.10/32")}))
	if g := group(); len(g.IpPermissionsEgress) != 1 || *g.IpPermissionsEgress[0].FromPort != 53 {
		t.Errorf("got %+v", g.IpPermissionsEgress)
	}
	defaults, err := w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: append(by("vpc-id", *vpc), by("group-name", "default")...)})
	w.done(defaults, err)
	w.no("CannotDelete")(w.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: defaults.SecurityGroups[0].GroupId}))
	w.done(w.DeleteSecurityGroup(ctx, &ec2.DeleteSecurityGroupInput{GroupId: id}))
	w.says("InvalidGroup.NotFound", "The security group '"+*id+"' does not exist")(w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*id}}))
}

// TestNetworkAclsOverASocket writes entries and moves a subnet behind a list.
func TestNetworkAclsOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc := w.network("10.2.0.0/16")
	subnet := w.subnet(vpc, "10.2.1.0/24")
	made, err := w.CreateNetworkAcl(ctx, &ec2.CreateNetworkAclInput{VpcId: vpc})
	w.done(made, err)
	w.no("InvalidVpcID.NotFound")(w.CreateNetworkAcl(ctx, &ec2.CreateNetworkAclInput{VpcId: new("vpc-01234567")}))
	id := made.NetworkAcl.NetworkAclId
	entry := func(number int32) *ec2.CreateNetworkAclEntryInput {
		return &ec2.CreateNetworkAclEntryInput{
			NetworkAclId: id, RuleNumber: &number, Egress: new(false), Protocol: new("6"), RuleAction: types.RuleActionAllow, CidrBlock: new("10.1.0.0/16"),
			PortRange: &types.PortRange{From: new(int32(445)), To: new(int32(445))},
		}
	}
	w.done(w.CreateNetworkAclEntry(ctx, entry(100)))
	w.says("NetworkAclEntryAlreadyExists", "The network acl entry identified by 100 already exists.")(w.CreateNetworkAclEntry(ctx, entry(100)))
	w.no("InvalidParameterValue")(w.CreateNetworkAclEntry(ctx, entry(32767)))
	list := func() types.NetworkAcl {
		t.Helper()
		out, err := w.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{NetworkAclIds: []string{*id}})
		w.done(out, err)
		return out.NetworkAcls[0]
	}
	if a := list(); len(a.Entries) != 3 || *a.Entries[1].RuleNumber != 100 || a.Entries[2].RuleAction != types.RuleActionDeny {
		t.Errorf("got %+v", a.Entries)
	}
	w.done(w.ReplaceNetworkAclEntry(ctx, &ec2.ReplaceNetworkAclEntryInput{NetworkAclId: id, RuleNumber: new(int32(100)), Egress: new(false), Protocol: new("-1"), RuleAction: types.RuleActionDeny, CidrBlock: new("10.1.0.0/16")}))
	w.no("InvalidNetworkAclEntry.NotFound")(w.ReplaceNetworkAclEntry(ctx, &ec2.ReplaceNetworkAclEntryInput{NetworkAclId: id, RuleNumber: new(int32(101)), Egress: new(false), Protocol: new("-1"), RuleAction: types.RuleActionDeny, CidrBlock: new("10.1.0.0/16")}))
	if a := list(); a.Entries[1].RuleAction != types.RuleActionDeny || *a.Entries[1].Protocol != "-1" {
		t.Errorf("got %+v", a.Entries)
	}
	w.done(w.DeleteNetworkAclEntry(ctx, &ec2.DeleteNetworkAclEntryInput{NetworkAclId: id, RuleNumber: new(int32(100)), Egress: new(false)}))
	w.no("InvalidNetworkAclEntry.NotFound")(w.DeleteNetworkAclEntry(ctx, &ec2.DeleteNetworkAclEntryInput{NetworkAclId: id, RuleNumber: new(int32(100)), Egress: new(false)}))
	if a := list(); len(a.Entries) != 2 {
		t.Errorf("got %+v", a.Entries)
	}
	before, err := w.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{Filters: by("association.subnet-id", *subnet)})
	w.done(before, err)
	standard := before.NetworkAcls[0]
	moved, err := w.ReplaceNetworkAclAssociation(ctx, &ec2.ReplaceNetworkAclAssociationInput{AssociationId: standard.Associations[0].NetworkAclAssociationId, NetworkAclId: id})
	w.done(moved, err)
	w.no("InvalidAssociationID.NotFound")(w.ReplaceNetworkAclAssociation(ctx, &ec2.ReplaceNetworkAclAssociationInput{AssociationId: standard.Associations[0].NetworkAclAssociationId, NetworkAclId: id}))
	if a := list(); len(a.Associations) != 1 || *a.Associations[0].SubnetId != *subnet {
		t.Errorf("got %+v", a.Associations)
	}
	w.no("DependencyViolation")(w.DeleteNetworkAcl(ctx, &ec2.DeleteNetworkAclInput{NetworkAclId: id}))
	w.no("InvalidParameterValue")(w.DeleteNetworkAcl(ctx, &ec2.DeleteNetworkAclInput{NetworkAclId: standard.NetworkAclId}))
	w.done(w.ReplaceNetworkAclAssociation(ctx, &ec2.ReplaceNetworkAclAssociationInput{AssociationId: moved.NewAssociationId, NetworkAclId: standard.NetworkAclId}))
	w.done(w.DeleteNetworkAcl(ctx, &ec2.DeleteNetworkAclInput{NetworkAclId: id}))
	w.no("InvalidNetworkAclID.NotFound")(w.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{NetworkAclIds: []string{*id}}))
}
