package vpc_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// as is a client with the rights of a session policy.
func (w wired) as(policy string) wired {
	w.t.Helper()
	out, err := sts.NewFromConfig(w.plane.Config()).GetFederationToken(w.t.Context(), &sts.GetFederationTokenInput{Name: new("shimizu"), Policy: &policy})
	w.done(out, err)
	cfg := w.plane.Config()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	return wired{ec2.NewFromConfig(cfg), w.t, w.plane}
}

// TestRightsFollowTags lets a caller change what has a tag, and make only what
// gets it.
func TestRightsFollowTags(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	net := tagged(types.ResourceTypeVpc, "Team", "network")
	made, err := w.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.2.0.0/16"), TagSpecifications: net})
	w.done(made, err)
	other := w.network("10.3.0.0/16")
	limited := w.as(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"ec2:DeleteVpc","Resource":"arn:aws:ec2:*:*:vpc/*","Condition":{"StringEquals":{"ec2:ResourceTag/Team":"network"}}},
		{"Effect":"Allow","Action":"ec2:CreateVpc","Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/Team":"network"}}},
		{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"StringEquals":{"ec2:CreateAction":"CreateVpc"}}},
		{"Effect":"Allow","Action":"ec2:CreateSubnet","Resource":"*","Condition":{"StringLike":{"ec2:Region":"us-*"}}}]}`)
	limited.no("UnauthorizedOperation")(limited.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{}))
	limited.no("UnauthorizedOperation")(limited.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: other}))
	limited.no("UnauthorizedOperation")(limited.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: other, DryRun: new(true)}))
	limited.no("DryRunOperation")(limited.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: made.Vpc.VpcId, DryRun: new(true)}))
	limited.done(limited.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: made.Vpc.VpcId}))
	limited.no("UnauthorizedOperation")(limited.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.4.0.0/16")}))
	limited.done(limited.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.4.0.0/16"), TagSpecifications: net}))
	limited.no("UnauthorizedOperation")(limited.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{*other}, Tags: net[0].Tags}))
	_, err = limited.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: other, CidrBlock: new("10.3.1.0/24")})
	limited.no("UnauthorizedOperation")(nil, err)
	if text := "You are not authorized to perform this operation. User: arn:aws:sts::"; err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("want %q, got %v", text, err)
	}
}

// TestTerraformReadsANetwork makes the calls of Terraform's aws_vpc and
// aws_subnet in their order.
func TestTerraformReadsANetwork(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	vpc := w.network("10.2.0.0/16")
	for _, name := range []types.VpcAttributeName{types.VpcAttributeNameEnableDnsHostnames, types.VpcAttributeNameEnableDnsSupport, types.VpcAttributeNameEnableNetworkAddressUsageMetrics} {
		w.done(w.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: vpc, Attribute: name}))
	}
	acls, err := w.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{Filters: append(by("default", "true"), by("vpc-id", *vpc)...)})
	w.done(acls, err)
	tables, err := w.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: append(by("association.main", "true"), by("vpc-id", *vpc)...)})
	w.done(tables, err)
	groups, err := w.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: append(by("group-name", "default"), by("vpc-id", *vpc)...)})
	w.done(groups, err)
	if len(acls.NetworkAcls) != 1 || len(tables.RouteTables) != 1 || len(groups.SecurityGroups) != 1 {
		t.Errorf("want one of each, got %d lists, %d tables, %d groups", len(acls.NetworkAcls), len(tables.RouteTables), len(groups.SecurityGroups))
	}
	subnet := w.subnet(vpc, "10.2.1.0/24")
	w.done(w.ModifySubnetAttribute(ctx, &ec2.ModifySubnetAttributeInput{SubnetId: subnet, PrivateDnsHostnameTypeOnLaunch: types.HostnameTypeResourceName}))
	read, err := w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{SubnetIds: []string{*subnet}})
	w.done(read, err)
	if got := read.Subnets[0].PrivateDnsNameOptionsOnLaunch.HostnameType; got != types.HostnameTypeResourceName {
		t.Errorf("got %s", got)
	}
}
