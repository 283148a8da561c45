package vpc_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// A filter that AWS does not know is refused whatever there is to be filtered, and
// whatever the filters beside it say.
func TestUnknownFiltersAreRefusedWhateverIsThere(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	refused := w.says("InvalidParameterValue", "The filter 'colour' is invalid")
	refused(w.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{Filter: by("colour", "red")}))
	refused(w.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{Filters: by("colour", "red")}))
	refused(w.DescribeTags(ctx, &ec2.DescribeTagsInput{Filters: by("colour", "red")}))
	refused(w.DescribeRegions(ctx, &ec2.DescribeRegionsInput{Filters: by("colour", "red")}))
	refused(w.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{Filters: by("colour", "red")}))
	refused(w.DescribeSecurityGroupRules(ctx, &ec2.DescribeSecurityGroupRulesInput{Filters: by("colour", "red")}))
	refused(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: append(by("vpc-id", "none"), by("colour", "red")...)}))
	w.says("InvalidParameterValue", "The filter 'ip-permission.colour' is invalid")(w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: by("ip-permission.colour", "red")}))
	w.says("InvalidParameterValue", "The filter 'null' is invalid")(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: []types.Filter{{Values: []string{"red"}}}}))
	w.says("FilterLimitExceeded", "The maximum number of filter values specified on a single call is 200")(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: by("vpc-id", slices.Repeat([]string{"x"}, 201)...)}))
	w.done(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: by("vpc-id", slices.Repeat([]string{"x"}, 200)...)}))
}

// Entries are found by the word of their protocol too, and by ports only where
// they have some.
func TestFiltersOfEntriesOfLists(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	made, err := w.CreateNetworkAcl(ctx, &ec2.CreateNetworkAclInput{VpcId: w.network("10.2.0.0/16")})
	w.done(made, err)
	id := made.NetworkAcl.NetworkAclId
	w.done(w.CreateNetworkAclEntry(ctx, &ec2.CreateNetworkAclEntryInput{
		NetworkAclId: id, RuleNumber: new(int32(9)), Egress: new(false), Protocol: new("tcp"), RuleAction: types.RuleActionAllow, CidrBlock: new("10.1.0.0/16"),
		PortRange: &types.PortRange{From: new(int32(445)), To: new(int32(446))},
	}))
	for name, row := range map[string]struct {
		value string
		want  int
	}{
		"entry.protocol": {"tcp", 1}, "entry.port-range.from": {"445", 1}, "entry.port-range.to": {"0", 0}, "entry.icmp.type": {"0", 0}, "entry.icmp.code": {"*", 0},
		"entry.rule-number": {"9", 1}, "entry.cidr": {"10.1.*", 1},
	} {
		out, err := w.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{Filters: append(by(name, row.value), by("network-acl-id", *id)...)})
		w.done(out, err)
		if len(out.NetworkAcls) != row.want {
			t.Errorf("%s=%s: want %d lists, got %d", name, row.value, row.want, len(out.NetworkAcls))
		}
	}
}

// The same request with the same token is answered with what it made; another
// with that token is refused.
func TestClientTokens(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc, token := w.network("10.2.0.0/16"), new("once")
	subnet := w.subnet(vpc, "10.2.1.0/24")
	first, err := w.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: vpc, ClientToken: token})
	w.done(first, err)
	again, err := w.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: vpc, ClientToken: token})
	w.done(again, err)
	list, err := w.CreateNetworkAcl(ctx, &ec2.CreateNetworkAclInput{VpcId: vpc, ClientToken: token})
	w.done(list, err)
	same, err := w.CreateNetworkAcl(ctx, &ec2.CreateNetworkAclInput{VpcId: vpc, ClientToken: token})
	w.done(same, err)
	if *first.RouteTable.RouteTableId != *again.RouteTable.RouteTableId || *list.NetworkAcl.NetworkAclId != *same.NetworkAcl.NetworkAclId {
		t.Errorf("a repeated request made a second one: %s %s, %s %s", *first.RouteTable.RouteTableId, *again.RouteTable.RouteTableId, *list.NetworkAcl.NetworkAclId, *same.NetworkAcl.NetworkAclId)
	}
	other := w.network("10.3.0.0/16")
	w.no("IdempotentParameterMismatch")(w.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: other, ClientToken: token}))
	w.no("IdempotentParameterMismatch")(w.CreateNetworkAcl(ctx, &ec2.CreateNetworkAclInput{VpcId: other, ClientToken: token}))
	nat := ec2.CreateNatGatewayInput{SubnetId: subnet, ConnectivityType: types.ConnectivityTypePrivate, ClientToken: token}
	w.done(w.CreateNatGateway(ctx, &nat))
	w.done(w.CreateNatGateway(ctx, &nat))
	nat.PrivateIpAddress = new("10.2.1.77")
	w.no("IdempotentParameterMismatch")(w.CreateNatGateway(ctx, &nat))
	there, err := w.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{})
	w.done(there, err)
	if len(there.NatGateways) != 1 {
		t.Errorf("want one NAT gateway, got %d", len(there.NatGateways))
	}
}

// Ranges that no machine can have are no networks, targets are of the kind that
// their member is for, and what is not there is not taken for something else.
func TestRequestsThatCannotBe(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	for _, cidr := range []string{"0.0.0.0/16", "127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/16"} {
		w.says("InvalidVpc.Range", "The CIDR '"+cidr+"' is invalid.")(w.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: &cidr}))
	}
	vpc, far := w.network("10.2.0.0/16"), w.network("10.3.0.0/16")
	tables, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: by("vpc-id", *vpc)})
	w.done(tables, err)
	gateway, err := w.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})
	w.done(gateway, err)
	igw := gateway.InternetGateway.InternetGatewayId
	w.done(w.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: igw, VpcId: vpc}))
	route := &ec2.CreateRouteInput{RouteTableId: tables.RouteTables[0].RouteTableId, DestinationCidrBlock: new("10.9.0.0/16"), NatGatewayId: igw}
	w.no("NatGatewayMalformed")(w.CreateRoute(ctx, route))
	route.NatGatewayId, route.GatewayId = nil, new("nat-01234567")
	w.says("InvalidGatewayID.NotFound", "The gateway ID 'nat-01234567' does not exist")(w.CreateRoute(ctx, route))
	w.no("InvalidParameterValue")(w.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{Type: types.GatewayTypeIpsec1, AvailabilityZone: new("mars-1a")}))
	w.no("InvalidParameterValue")(w.AllocateAddress(ctx, &ec2.AllocateAddressInput{NetworkBorderGroup: new("us-east-1")}))
	w.no("UnsupportedOperation")(w.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.4.0.0/16"), Ipv4NetmaskLength: new(int32(16))}))
	w.no("InvalidParameterCombination")(w.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc, CidrBlock: new("10.2.9.0/24"), AvailabilityZone: new("ap-northeast-1a"), AvailabilityZoneId: new("apne1-az4")}))

	joined, err := w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: vpc, PeerVpcId: far})
	w.done(joined, err)
	w.no("VpcPeeringConnectionAlreadyExists")(w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: vpc, PeerVpcId: far}))
	pcx := joined.VpcPeeringConnection.VpcPeeringConnectionId
	w.done(w.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: pcx}))
	w.no("VpcPeeringConnectionAlreadyExists")(w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: far, PeerVpcId: vpc}))
	w.done(w.DeleteVpcPeeringConnection(ctx, &ec2.DeleteVpcPeeringConnectionInput{VpcPeeringConnectionId: pcx}))
	w.done(w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: far, PeerVpcId: vpc}))
}

// A rule names groups of its own network, and of those that are joined to it.
func TestRulesNameGroupsWithinReach(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc, far := w.network("10.2.0.0/16"), w.network("10.3.0.0/16")
	group := func(vpc *string, name string) *string {
		out, err := w.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: vpc, GroupName: &name, Description: new("x")})
		w.done(out, err)
		return out.GroupId
	}
	here, there := group(vpc, "here"), group(far, "there")
	asked := func(pair types.UserIdGroupPair) *ec2.AuthorizeSecurityGroupIngressInput {
		return &ec2.AuthorizeSecurityGroupIngressInput{GroupId: here, IpPermissions: []types.IpPermission{{IpProtocol: new("-1"), UserIdGroupPairs: []types.UserIdGroupPair{pair}}}}
	}
	apart := w.says("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
	apart(w.AuthorizeSecurityGroupIngress(ctx, asked(types.UserIdGroupPair{GroupId: there})))
	apart(w.AuthorizeSecurityGroupIngress(ctx, asked(types.UserIdGroupPair{GroupId: here, UserId: new("999999999999")})))
	joined, err := w.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: vpc, PeerVpcId: far})
	w.done(joined, err)
	apart(w.AuthorizeSecurityGroupIngress(ctx, asked(types.UserIdGroupPair{GroupId: there})))
	w.done(w.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: joined.VpcPeeringConnection.VpcPeeringConnectionId}))
	w.done(w.AuthorizeSecurityGroupIngress(ctx, asked(types.UserIdGroupPair{GroupId: there})))
	// A name is one of the default network.
	w.no("InvalidGroup.NotFound")(w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupNames: []string{"here"}}))
	w.no("InvalidGroup.NotFound")(w.AuthorizeSecurityGroupIngress(ctx, asked(types.UserIdGroupPair{GroupName: new("here")})))
	standard, err := w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupNames: []string{"default"}})
	w.done(standard, err)
	if len(standard.SecurityGroups) != 1 {
		t.Errorf("want the default group of the default network, got %d", len(standard.SecurityGroups))
	}
	bad := permit("tcp", 1, 2, "10.0.0.0/8")
	bad[0].IpRanges[0].Description = new("共有")
	w.says("InvalidParameterValue", "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")(
		w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: here, IpPermissions: bad}))
}

// Rules are written anew under their ids, as Terraform changes them.
func TestRulesAreWrittenAnew(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	made, err := w.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: w.network("10.2.0.0/16"), GroupName: new("files"), Description: new("x")})
	w.done(made, err)
	id := made.GroupId
	given, err := w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: permit("tcp", 445, 445, "10.1.0.0/16"), TagSpecifications: tagged(types.ResourceTypeSecurityGroupRule, "For", "desktops")})
	w.done(given, err)
	rule := given.SecurityGroupRules[0].SecurityGroupRuleId
	change := func(rule *string, r types.SecurityGroupRuleRequest) (any, error) {
		return w.ModifySecurityGroupRules(ctx, &ec2.ModifySecurityGroupRulesInput{GroupId: id, SecurityGroupRules: []types.SecurityGroupRuleUpdate{{SecurityGroupRuleId: rule, SecurityGroupRule: &r}}})
	}
	port := new(int32(139))
	w.done(change(rule, types.SecurityGroupRuleRequest{IpProtocol: new("tcp"), FromPort: port, ToPort: port, CidrIpv4: new("10.7.0.0/16"), Description: new("old")}))
	w.no("InvalidSecurityGroupRuleId.NotFound")(change(new("sgr-01234567"), types.SecurityGroupRuleRequest{IpProtocol: new("-1"), CidrIpv4: new("10.7.0.0/16")}))
	w.no("InvalidParameterCombination")(change(rule, types.SecurityGroupRuleRequest{IpProtocol: new("-1")}))
	w.done(w.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: permit("tcp", 22, 22, "10.1.0.0/16")}))
	w.no("InvalidPermission.Duplicate")(change(rule, types.SecurityGroupRuleRequest{IpProtocol: new("tcp"), FromPort: new(int32(22)), ToPort: new(int32(22)), CidrIpv4: new("10.1.0.0/16")}))
	shown := func() types.SecurityGroupRule {
		t.Helper()
		out, err := w.DescribeSecurityGroupRules(ctx, &ec2.DescribeSecurityGroupRulesInput{SecurityGroupRuleIds: []string{*rule}})
		w.done(out, err)
		return out.SecurityGroupRules[0]
	}
	if r := shown(); *r.FromPort != 139 || *r.CidrIpv4 != "10.7.0.0/16" || *r.Description != "old" || len(r.Tags) != 1 {
		t.Errorf("got %+v", r)
	}
	w.done(w.UpdateSecurityGroupRuleDescriptionsIngress(ctx, &ec2.UpdateSecurityGroupRuleDescriptionsIngressInput{GroupId: id, SecurityGroupRuleDescriptions: []types.SecurityGroupRuleDescription{{SecurityGroupRuleId: rule, Description: new("new")}}}))
	if r := shown(); *r.Description != "new" {
		t.Errorf("got %q", *r.Description)
	}
	w.done(w.UpdateSecurityGroupRuleDescriptionsIngress(ctx, &ec2.UpdateSecurityGroupRuleDescriptionsIngressInput{GroupId: id, IpPermissions: permit("tcp", 139, 139, "10.7.0.0/16")}))
	if r := shown(); r.Description != nil {
		t.Errorf("want none, got %q", *r.Description)
	}
	w.no("InvalidPermission.NotFound")(w.UpdateSecurityGroupRuleDescriptionsEgress(ctx, &ec2.UpdateSecurityGroupRuleDescriptionsEgressInput{GroupId: id, IpPermissions: permit("tcp", 139, 139, "10.7.0.0/16")}))
	all := []types.IpPermission{{IpProtocol: new("-1"), IpRanges: []types.IpRange{{CidrIp: new("0.0.0.0/0"), Description: new("out")}}}}
	w.done(w.UpdateSecurityGroupRuleDescriptionsEgress(ctx, &ec2.UpdateSecurityGroupRuleDescriptionsEgressInput{GroupId: id, IpPermissions: all}))
	group, err := w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*id}})
	w.done(group, err)
	if d := group.SecurityGroups[0].IpPermissionsEgress[0].IpRanges[0].Description; d == nil || *d != "out" {
		t.Errorf("got %v", d)
	}
}
