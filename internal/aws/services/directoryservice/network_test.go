package directoryservice_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/apitest"
)

// standing is where a directory stands: two subnets of the default network.
func standing(t *testing.T, plane *apitest.Plane) *types.DirectoryVpcSettings {
	t.Helper()
	out, err := ec2.NewFromConfig(plane.Config()).DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{})
	if err != nil {
		t.Fatal(err)
	}
	return &types.DirectoryVpcSettings{VpcId: out.Subnets[0].VpcId, SubnetIds: []string{*out.Subnets[0].SubnetId, *out.Subnets[1].SubnetId}}
}

// TestDirectoriesStandInSubnets: only in two of one network in different zones,
// which then cannot be deleted, as on AWS.
func TestDirectoriesStandInSubnets(t *testing.T) {
	c := cli{t, apitest.Start(t, apitest.Options{})}
	network := c.good("ec2 create-vpc --cidr-block 10.9.0.0/16")["Vpc"].(map[string]any)["VpcId"].(string)
	subnet := func(third, zone string) string {
		line := "ec2 create-subnet --vpc-id " + network + " --cidr-block 10.9." + third + ".0/24 --availability-zone " + c.plane.Access().Region + zone
		return c.good(line)["Subnet"].(map[string]any)["SubnetId"].(string)
	}
	a, b, other := subnet("1", "a"), subnet("2", "a"), subnet("3", "c")
	in := func(vpc, one, two string) string { return "VpcId=" + vpc + ",SubnetIds=" + one + "," + two }
	simple := "ds create-directory --name corp.example.com --password Sesame-1 --size Small --vpc-settings "
	const nowhere, one, foreign = "(InvalidParameterException) when calling the %s operation: Invalid subnet ID(s). They must correspond to two subnets in different Availability Zones.",
		"(ClientException) when calling the %s operation: Invalid subnet ID(s). The two subnets must be in different Availability Zones.",
		"(ClientException) when calling the %s operation: Invalid VPC ID."
	c.bad(simple+in(network, a, "subnet-12345678"), fmt.Sprintf(nowhere, "CreateDirectory"))
	c.bad(simple+in(network, a, b), fmt.Sprintf(one, "CreateDirectory"))
	c.bad(simple+in("vpc-12345678", a, other), fmt.Sprintf(foreign, "CreateDirectory"))
	c.bad("ds create-microsoft-ad --name corp.example.com --password Sesame-1 --vpc-settings "+in(network, a, b), fmt.Sprintf(one, "CreateMicrosoftAD"))
	c.bad("ds connect-directory --name corp.example.com --password Sesame-1 --size Small --connect-settings CustomerDnsIps=10.0.0.5,CustomerUserName=svc,"+in(network, a, b),
		fmt.Sprintf(one, "ConnectDirectory"))
	c.bad(strings.Replace(simple, "ds create-directory", "ds create-directory --short-name A\x01", 1)+in(network, a, other), "(InvalidParameterException) when calling the CreateDirectory operation: ShortName has a control character.")
	id := c.good(simple + in(network, a, other))["DirectoryId"].(string)
	shown := c.good("ds describe-directories --directory-ids " + id)["DirectoryDescriptions"].([]any)[0].(map[string]any)["VpcSettings"]
	region := c.plane.Access().Region
	if d := cmp.Diff(map[string]any{"VpcId": network, "SubnetIds": []any{a, other}, "AvailabilityZones": []any{region + "a", region + "c"}}, shown); d != "" {
		t.Errorf("VpcSettings: want -, got +:\n%s", d)
	}
	c.bad("ec2 delete-subnet --subnet-id "+other, "(DependencyViolation) when calling the DeleteSubnet operation: The subnet '"+other+"' has dependencies and cannot be deleted.")
	c.good("ec2 delete-subnet --subnet-id " + b)
	c.good("ds create-alias --alias office --directory-id " + id)
	c.bad("ds create-alias --alias office2 --directory-id "+id, "(InvalidParameterException) when calling the CreateAlias operation: The directory in the request already has an alias. That alias must be deleted before a new alias can be created.")
	c.good("ds delete-directory --directory-id " + id)
	c.good("ec2 delete-subnet --subnet-id " + other)
}
