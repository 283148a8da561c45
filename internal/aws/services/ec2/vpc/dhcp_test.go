package vpc_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func dhcp(pairs ...string) *ec2.CreateDhcpOptionsInput {
	in := &ec2.CreateDhcpOptionsInput{}
	for i := 0; i < len(pairs); i += 2 {
		in.DhcpConfigurations = append(in.DhcpConfigurations, types.NewDhcpConfiguration{Key: &pairs[i], Values: strings.Fields(pairs[i+1])})
	}
	return in
}

// Every network has DHCP options: those of the Region, some of its own, or none.
func TestDHCPOptionsOfNetworks(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	first, err := w.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{Filters: append(by("key", "domain-name"), by("value", w.plane.Config().Region+".compute.internal")...)})
	w.done(first, err)
	if len(first.DhcpOptions) != 1 || *first.DhcpOptions[0].DhcpConfigurations[1].Values[0].Value != "AmazonProvidedDNS" {
		t.Fatalf("got %+v", first.DhcpOptions)
	}
	network := w.network("10.2.0.0/16")
	has := func(want string) {
		t.Helper()
		got, err := w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: append(by("dhcp-options-id", want), by("vpc-id", *network)...)})
		w.done(got, err)
		if len(got.Vpcs) != 1 || *got.Vpcs[0].DhcpOptionsId != want {
			t.Errorf("want options %s, got %+v", want, got.Vpcs)
		}
	}
	has(*first.DhcpOptions[0].DhcpOptionsId)
	in := dhcp("domain-name", "corp.example.com", "domain-name-servers", "10.2.0.5 10.2.0.6")
	in.TagSpecifications = tagged(types.ResourceTypeDhcpOptions, "Team", "network")
	made, err := w.CreateDhcpOptions(ctx, in)
	w.done(made, err)
	id := made.DhcpOptions.DhcpOptionsId
	w.done(w.AssociateDhcpOptions(ctx, &ec2.AssociateDhcpOptionsInput{DhcpOptionsId: id, VpcId: network}))
	has(*id)
	w.says("DependencyViolation", "The dhcpOptions '"+*id+"' has dependencies and cannot be deleted.")(w.DeleteDhcpOptions(ctx, &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id}))
	w.done(w.AssociateDhcpOptions(ctx, &ec2.AssociateDhcpOptionsInput{DhcpOptionsId: new("default"), VpcId: network}))
	has("default")
	for range 4 {
		w.done(w.CreateDhcpOptions(ctx, dhcp("netbios-node-type", "2")))
	}
	page, err := w.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{MaxResults: new(int32(5))})
	w.done(page, err)
	rest, err := w.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{MaxResults: new(int32(5)), NextToken: page.NextToken})
	w.done(rest, err)
	if len(page.DhcpOptions) != 5 || len(rest.DhcpOptions) != 1 || rest.NextToken != nil {
		t.Errorf("want pages of five and one, got %+v, %+v", page, rest)
	}
	found, err := w.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{Filters: by("tag:Team", "network")})
	w.done(found, err)
	if len(found.DhcpOptions) != 1 || *found.DhcpOptions[0].DhcpOptionsId != *id {
		t.Errorf("got %+v", found.DhcpOptions)
	}
	w.done(w.DeleteDhcpOptions(ctx, &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id}))
	unknown := w.says("InvalidDhcpOptionID.NotFound", "The dhcpOptions ID '"+*id+"' does not exist")
	w.says("InvalidDhcpOptionsID.NotFound", "The dhcpOptions ID '"+*id+"' does not exist")(w.DeleteDhcpOptions(ctx, &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: id}))
	unknown(w.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{DhcpOptionsIds: []string{*id}}))
	unknown(w.AssociateDhcpOptions(ctx, &ec2.AssociateDhcpOptionsInput{DhcpOptionsId: id, VpcId: network}))
	w.no("InvalidVpcID.NotFound")(w.AssociateDhcpOptions(ctx, &ec2.AssociateDhcpOptionsInput{DhcpOptionsId: new("default"), VpcId: new("vpc-01234567")}))
}

func TestDHCPOptionsThatCannotBe(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	w.says("InvalidParameterValue", "Value (colour) for parameter name is invalid. Unknown DHCP option")(w.CreateDhcpOptions(ctx, dhcp("colour", "red")))
	w.no("MissingParameter")(w.CreateDhcpOptions(ctx, dhcp("domain-name", "")))
	for _, row := range [][]string{
		{"domain-name-servers", "dns.example.com"},
		{"domain-name-servers", "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5"},
		{"domain-name", "-"},
		{"domain-name", "a;b"},
		{"ntp-servers", "x"},
		{"netbios-node-type", "3"},
		{"netbios-name-servers", "2001:db8::1"},
		{"ipv6-address-preferred-lease-time", "139"},
		{"domain-name", "a", "domain-name", "b"},
	} {
		w.no("InvalidParameterValue")(w.CreateDhcpOptions(ctx, dhcp(row...)))
	}
	hostile := dhcp("domain-name", "a")
	hostile.DhcpConfigurations[0].Values = []string{"example.com\nnameserver 192.0.2.1"}
	w.no("InvalidParameterValue")(w.CreateDhcpOptions(ctx, hostile))
	w.done(w.CreateDhcpOptions(ctx, dhcp("ntp-servers", "169.254.169.123 fd00:ec2::123", "netbios-node-type", "2", "domain-name-servers", "AmazonProvidedDNS")))
}

// The Region's first options are made anew for the next network when they were
// deleted.
func TestTheFirstDHCPOptionsMayGo(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	all, err := w.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	w.done(all, err)
	v := all.Vpcs[0]
	w.done(w.AssociateDhcpOptions(ctx, &ec2.AssociateDhcpOptionsInput{DhcpOptionsId: new("default"), VpcId: v.VpcId}))
	w.done(w.DeleteDhcpOptions(ctx, &ec2.DeleteDhcpOptionsInput{DhcpOptionsId: v.DhcpOptionsId}))
	made, err := w.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("10.2.0.0/16")})
	w.done(made, err)
	w.done(w.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{DhcpOptionsIds: []string{*made.Vpc.DhcpOptionsId}}))
}

// The security groups that interfaces of a network can have.
func TestSecurityGroupsForANetwork(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	network := w.network("10.2.0.0/16")
	made, err := w.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: network, GroupName: new("files"), Description: new("file server")})
	w.done(made, err)
	all, err := w.GetSecurityGroupsForVpc(ctx, &ec2.GetSecurityGroupsForVpcInput{VpcId: network})
	w.done(all, err)
	if len(all.SecurityGroupForVpcs) != 2 {
		t.Errorf("want the default group and ours, got %+v", all.SecurityGroupForVpcs)
	}
	one, err := w.GetSecurityGroupsForVpc(ctx, &ec2.GetSecurityGroupsForVpcInput{VpcId: network, Filters: by("group-name", "files")})
	w.done(one, err)
	if len(one.SecurityGroupForVpcs) != 1 || *one.SecurityGroupForVpcs[0].GroupId != *made.GroupId || *one.SecurityGroupForVpcs[0].PrimaryVpcId != *network {
		t.Errorf("got %+v", one.SecurityGroupForVpcs)
	}
	w.no("InvalidVpcID.NotFound")(w.GetSecurityGroupsForVpc(ctx, &ec2.GetSecurityGroupsForVpcInput{VpcId: new("vpc-01234567")}))
}
