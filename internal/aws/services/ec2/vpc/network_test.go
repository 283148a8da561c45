package vpc_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// TestVpcsOverASocket makes, finds, changes and deletes networks and subnets.
func TestVpcsOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	for _, row := range []struct{ cidr, code, text string }{
		{"10.0.0.0", "InvalidParameterValue", "Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block."},
		{"2001:db8::/48", "InvalidParameterValue", "Value (2001:db8::/48) for parameter cidrBlock is invalid. This is not a valid CIDR block."},
		{"10.0.0.0/8", "InvalidVpc.Range", "The CIDR '10.0.0.0/8' is invalid."},
		{"10.0.0.0/29", "InvalidVpc.Range", "The CIDR '10.0.0.0/29' is invalid."},
	} {
		w.says(row.code, row.text)(w.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: &row.cidr}))
	}
	w.no("MissingParameter")(w.CreateVpc(ctx, &ec2.CreateVpcInput{}))
	_, err := w.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.2.0.0/16"), DryRun: new(true)})
	w.says("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")(nil, err)
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); !ok || answer.HTTPStatusCode() != 412 {
		t.Errorf("want status 412, got %v", err)
	}
	made, err := w.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.2.3.4/16"), TagSpecifications: tagged(types.ResourceTypeVpc, "Name", "office")})
	w.done(made, err)
	id := made.Vpc.VpcId
	if v := made.Vpc; *v.CidrBlock != "10.2.0.0/16" || *v.IsDefault || v.InstanceTenancy != types.TenancyDefault || len(v.Tags) != 1 {
		t.Errorf("got %+v", v)
	}
	w.done(nil, ec2.NewVpcAvailableWaiter(w).Wait(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{*id}}, 10*time.Second))
	found, err := w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: append(by("tag:Name", "off*"), by("is-default", "false")...)})
	w.done(found, err)
	if len(found.Vpcs) != 1 || *found.Vpcs[0].VpcId != *id {
		t.Errorf("by tag: %+v", found.Vpcs)
	}
	w.says("InvalidParameterValue", "The filter 'colour' is invalid")(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: by("colour", "red")}))
	w.says("InvalidVpcID.NotFound", "The vpc ID 'vpc-01234567' does not exist")(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{"vpc-01234567"}}))
	w.no("InvalidVpcID.Malformed")(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{"vpc-zz"}}))

	attribute := func(name types.VpcAttributeName) *ec2.DescribeVpcAttributeOutput {
		out, err := w.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: id, Attribute: name})
		w.done(out, err)
		return out
	}
	if a := attribute(types.VpcAttributeNameEnableDnsSupport); !*a.EnableDnsSupport.Value {
		t.Error("a new network has DNS")
	}
	if a := attribute(types.VpcAttributeNameEnableDnsHostnames); *a.EnableDnsHostnames.Value {
		t.Error("a new network has no DNS host names")
	}
	on := &types.AttributeBooleanValue{Value: new(true)}
	w.done(w.ModifyVpcAttribute(ctx, &ec2.ModifyVpcAttributeInput{VpcId: id, EnableDnsHostnames: on}))
	if a := attribute(types.VpcAttributeNameEnableDnsHostnames); !*a.EnableDnsHostnames.Value {
		t.Error("the change is not there")
	}
	w.no("InvalidParameterCombination")(w.ModifyVpcAttribute(ctx, &ec2.ModifyVpcAttributeInput{VpcId: id, EnableDnsHostnames: on, EnableDnsSupport: on}))
	w.no("InvalidVpcID.NotFound")(w.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: new("vpc-01234567"), Attribute: types.VpcAttributeNameEnableDnsSupport}))

	w.subnets(id)
	w.done(w.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: id}))
	w.no("InvalidVpcID.NotFound")(w.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: id}))
	w.no("InvalidVpcID.NotFound")(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{*id}}))
}

// subnets makes subnets of 10.2.0.0/16, and leaves none.
func (w wired) subnets(vpc *string) {
	t, ctx := w.t, w.t.Context()
	first := w.subnet(vpc, "10.2.1.0/24")
	second := w.subnet(vpc, "10.2.2.0/28")
	for _, row := range []struct{ cidr, code, text string }{
		{"10.2.1.128/25", "InvalidSubnet.Conflict", "The CIDR '10.2.1.128/25' conflicts with another subnet"},
		{"10.3.1.0/24", "InvalidSubnet.Range", "The CIDR '10.3.1.0/24' is invalid."},
		{"10.2.4.0/30", "InvalidSubnet.Range", "The CIDR '10.2.4.0/30' is invalid."},
	} {
		w.says(row.code, row.text)(w.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc, CidrBlock: &row.cidr}))
	}
	w.no("InvalidParameterValue")(w.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc, CidrBlock: new("10.2.9.0/24"), AvailabilityZone: new("us-east-1a")}))
	w.done(nil, ec2.NewSubnetAvailableWaiter(w).Wait(ctx, &ec2.DescribeSubnetsInput{SubnetIds: []string{*first, *second}}, 10*time.Second))
	found, err := w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: append(by("vpc-id", *vpc), by("available-ip-address-count", "251", "11")...)})
	w.done(found, err)
	if len(found.Subnets) != 2 || *found.Subnets[0].AvailabilityZone == *found.Subnets[1].AvailabilityZone {
		t.Errorf("want two subnets in two zones, got %+v", found.Subnets)
	}
	w.done(w.ModifySubnetAttribute(ctx, &ec2.ModifySubnetAttributeInput{SubnetId: first, MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: new(true)}}))
	found, err = w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: append(by("vpc-id", *vpc), by("map-public-ip-on-launch", "true")...)})
	w.done(found, err)
	if len(found.Subnets) != 1 || *found.Subnets[0].SubnetId != *first {
		t.Errorf("got %+v", found.Subnets)
	}
	w.no("MissingParameter")(w.ModifySubnetAttribute(ctx, &ec2.ModifySubnetAttributeInput{SubnetId: first}))
	w.says("DependencyViolation", "The vpc '"+*vpc+"' has dependencies and cannot be deleted.")(w.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: vpc}))
	for _, id := range []*string{first, second} {
		w.done(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: id}))
	}
	w.no("InvalidSubnetID.NotFound")(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: first}))
	w.no("InvalidSubnetID.NotFound")(w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{SubnetIds: []string{*first}}))
}

// TestTheDefaultVpc finds what AWS gives every account, deletes it and makes it
// anew.
func TestTheDefaultVpc(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpcs, err := w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	w.done(vpcs, err)
	if len(vpcs.Vpcs) != 1 || !*vpcs.Vpcs[0].IsDefault || *vpcs.Vpcs[0].CidrBlock != "172.31.0.0/16" {
		t.Fatalf("got %+v", vpcs.Vpcs)
	}
	id := vpcs.Vpcs[0].VpcId
	elsewhere, err := w.in("us-west-1").DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	w.done(elsewhere, err)
	if len(elsewhere.Vpcs) != 1 || *elsewhere.Vpcs[0].VpcId == *id {
		t.Errorf("another Region has another default VPC, got %+v", elsewhere.Vpcs)
	}
	w.no("DefaultVpcAlreadyExists")(w.CreateDefaultVpc(ctx, &ec2.CreateDefaultVpcInput{}))
	zones, err := w.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{Filters: by("state", "available")})
	w.done(zones, err)
	subnets, err := w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: by("default-for-az", "true")})
	w.done(subnets, err)
	if len(zones.AvailabilityZones) != 3 || len(subnets.Subnets) != 3 {
		t.Fatalf("want a subnet in each of 3 zones, got %d and %d", len(zones.AvailabilityZones), len(subnets.Subnets))
	}
	zone := subnets.Subnets[0].AvailabilityZone
	w.no("DefaultSubnetAlreadyExistsInAvailabilityZone")(w.CreateDefaultSubnet(ctx, &ec2.CreateDefaultSubnetInput{AvailabilityZone: zone}))
	w.done(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: subnets.Subnets[0].SubnetId}))
	anew, err := w.CreateDefaultSubnet(ctx, &ec2.CreateDefaultSubnetInput{AvailabilityZone: zone})
	w.done(anew, err)
	if *anew.Subnet.CidrBlock != *subnets.Subnets[0].CidrBlock || *anew.Subnet.AvailableIpAddressCount != 4091 {
		t.Errorf("got %+v", anew.Subnet)
	}
	w.done(w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{SubnetIds: []string{*anew.Subnet.SubnetId}}))
	w.no("InvalidParameterValue")(w.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{ZoneNames: []string{"us-east-1a"}}))
	regions, err := w.DescribeRegions(ctx, &ec2.DescribeRegionsInput{Filters: by("region-name", "ap-*")})
	w.done(regions, err)
	if len(regions.Regions) != 6 {
		t.Errorf("got %+v", regions.Regions)
	}
	w.no("InvalidParameterValue")(w.DescribeRegions(ctx, &ec2.DescribeRegionsInput{RegionNames: []string{"mars-1"}}))
	mine, err := w.DescribeAccountAttributes(ctx, &ec2.DescribeAccountAttributesInput{AttributeNames: []types.AccountAttributeName{types.AccountAttributeNameDefaultVpc}})
	w.done(mine, err)
	if len(mine.AccountAttributes) != 1 || *mine.AccountAttributes[0].AttributeValues[0].AttributeValue != *id {
		t.Errorf("got %+v", mine.AccountAttributes)
	}
	w.no("InvalidParameterValue")(w.DescribeAccountAttributes(ctx, &ec2.DescribeAccountAttributesInput{AttributeNames: []types.AccountAttributeName{"colour"}}))
}

// TestTagsOverASocket gives and takes tags, and pages through them.
func TestTagsOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	var ids []string
	for _, cidr := range []string{"10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.5.0.0/16", "10.6.0.0/16"} {
		ids = append(ids, *w.network(cidr))
	}
	tags := func(pairs ...string) []types.Tag { return tagged("", pairs...)[0].Tags }
	w.done(w.CreateTags(ctx, &ec2.CreateTagsInput{Resources: ids, Tags: tags("Team", "network", "Floor", "3")}))
	w.no("InvalidID")(w.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{"thing-1"}, Tags: tags("a", "b")}))
	w.no("InvalidVpcID.NotFound")(w.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{"vpc-01234567"}, Tags: tags("a", "b")}))
	w.no("InvalidParameterValue")(w.CreateTags(ctx, &ec2.CreateTagsInput{Resources: ids, Tags: tags("aws:x", "b")}))
	all, err := w.DescribeTags(ctx, &ec2.DescribeTagsInput{Filters: append(by("resource-type", "vpc"), by("key", "Team")...)})
	w.done(all, err)
	if len(all.Tags) != 6 {
		t.Errorf("got %+v", all.Tags)
	}
	w.no("InvalidParameterValue")(w.DescribeTags(ctx, &ec2.DescribeTagsInput{NextToken: new("bogus")}))
	w.no("InvalidID")(w.DeleteTags(ctx, &ec2.DeleteTagsInput{Resources: []string{"thing-1"}}))
	w.done(w.DeleteTags(ctx, &ec2.DeleteTagsInput{Resources: ids[:1], Tags: tags("Team", "another")}))
	w.done(w.DeleteTags(ctx, &ec2.DeleteTagsInput{Resources: ids[:1], Tags: []types.Tag{{Key: new("Floor")}}}))
	left, err := w.DescribeTags(ctx, &ec2.DescribeTagsInput{Filters: by("resource-id", ids[0])})
	w.done(left, err)
	if len(left.Tags) != 1 || *left.Tags[0].Key != "Team" {
		t.Errorf("want the tag of another value kept, got %+v", left.Tags)
	}

	var seen []string
	pages := ec2.NewDescribeVpcsPaginator(w, &ec2.DescribeVpcsInput{MaxResults: new(int32(5))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		w.done(page, err)
		for _, v := range page.Vpcs {
			seen = append(seen, *v.VpcId)
		}
	}
	if len(seen) != 7 || !slices.IsSorted(seen) || len(slices.Compact(seen)) != 7 {
		t.Errorf("want 7 networks on two pages, got %v", seen)
	}
	w.no("InvalidParameterValue")(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{MaxResults: new(int32(1))}))
	w.no("InvalidParameterValue")(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{NextToken: new("bogus")}))
}

// TestTheDefaultVpcIsMadeAnew deletes it first.
func TestTheDefaultVpcIsMadeAnew(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	subnets, err := w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{})
	w.done(subnets, err)
	vpc := subnets.Subnets[0].VpcId
	for _, n := range subnets.Subnets {
		w.done(w.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: n.SubnetId}))
	}
	gateways, err := w.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{Filters: by("attachment.vpc-id", *vpc)})
	w.done(gateways, err)
	if len(gateways.InternetGateways) != 1 {
		t.Fatalf("got %+v", gateways.InternetGateways)
	}
	igw := gateways.InternetGateways[0].InternetGatewayId
	w.no("DependencyViolation")(w.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: vpc}))
	w.no("DependencyViolation")(w.DeleteInternetGateway(ctx, &ec2.DeleteInternetGatewayInput{InternetGatewayId: igw}))
	w.done(w.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{InternetGatewayId: igw, VpcId: vpc}))
	w.no("Gateway.NotAttached")(w.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{InternetGatewayId: igw, VpcId: vpc}))
	w.done(w.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{*igw}}))
	w.done(w.DeleteInternetGateway(ctx, &ec2.DeleteInternetGatewayInput{InternetGatewayId: igw}))
	w.no("InvalidInternetGatewayID.NotFound")(w.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{*igw}}))
	w.done(w.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: vpc}))
	w.no("DefaultVpcDoesNotExist")(w.CreateDefaultSubnet(ctx, &ec2.CreateDefaultSubnetInput{AvailabilityZone: subnets.Subnets[0].AvailabilityZone}))
	anew, err := w.CreateDefaultVpc(ctx, &ec2.CreateDefaultVpcInput{})
	w.done(anew, err)
	w.done(w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{*anew.Vpc.VpcId}}))
}
