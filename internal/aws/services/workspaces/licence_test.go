package workspaces_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// ranges lists all that are available in a range, by pages of two.
func (w wired) ranges(inside string) (all []string) {
	w.t.Helper()
	in := &sdk.ListAvailableManagementCidrRangesInput{ManagementCidrRangeConstraint: &inside, MaxResults: new(int32(2))}
	for {
		out, err := w.ListAvailableManagementCidrRanges(w.t.Context(), in)
		w.done(out, err)
		all = append(all, out.ManagementCidrRanges...)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return all
		}
	}
}

// TestAManagementRangeIsSetApart chooses one that no network has, after which no
// directory is registered in it.
func TestAManagementRangeIsSetApart(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	net := ec2.NewFromConfig(w.plane.Config())
	vpc, err := net.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: new("198.18.4.0/24")})
	w.done(vpc, err)
	for inside, want := range map[string][]string{
		"198.18.0.0/15": {"198.19.0.0/16"}, // the other holds the network
		"100.64.9.9/14": {"100.64.0.0/16", "100.65.0.0/16", "100.66.0.0/16", "100.67.0.0/16"},
		"8.8.0.0/16":    nil, // not for management
		"10.0.0.0/24":   nil, // holds no range
	} {
		if got := w.ranges(inside); !slices.Equal(got, want) {
			t.Errorf("in %s: want %v, got %v", inside, want, got)
		}
	}
	if got := w.ranges("0.0.0.0/0"); len(got) != 256+64+15+1+1 || got[0] != "10.0.0.0/16" {
		t.Errorf("everywhere: want 337 without 172.31.0.0/16 and 198.18.0.0/16, got %d from %v", len(got), got[:1])
	}
	w.no("InvalidParameterValuesException")(w.ListAvailableManagementCidrRanges(ctx, &sdk.ListAvailableManagementCidrRangesInput{ManagementCidrRangeConstraint: new("10.0.0.0/8"), NextToken: new("bogus")}))

	enabled, kept := types.DedicatedTenancySupportEnumEnabled, new("10.7.0.0/16")
	w.no("InvalidParameterValuesException")(w.ModifyAccount(ctx, &sdk.ModifyAccountInput{}))
	w.no("InvalidParameterValuesException")(w.ModifyAccount(ctx, &sdk.ModifyAccountInput{DedicatedTenancySupport: enabled}))
	w.no("InvalidResourceStateException")(w.ModifyAccount(ctx, &sdk.ModifyAccountInput{DedicatedTenancyManagementCidrRange: kept}))
	w.no("ResourceUnavailableException")(w.ModifyAccount(ctx, &sdk.ModifyAccountInput{DedicatedTenancySupport: enabled, DedicatedTenancyManagementCidrRange: new("198.18.0.0/16")}))
	w.done(w.ModifyAccount(ctx, &sdk.ModifyAccountInput{DedicatedTenancySupport: enabled, DedicatedTenancyManagementCidrRange: new("10.8.0.0/16")}))
	w.done(w.ModifyAccount(ctx, &sdk.ModifyAccountInput{DedicatedTenancyManagementCidrRange: kept}))
	w.done(w.ModifyAccount(ctx, &sdk.ModifyAccountInput{DedicatedTenancySupport: enabled}))
	mine, err := w.DescribeAccount(ctx, &sdk.DescribeAccountInput{})
	w.done(mine, err)
	if mine.DedicatedTenancySupport != types.DedicatedTenancySupportResultEnumEnabled || *mine.DedicatedTenancyManagementCidrRange != *kept {
		t.Errorf("got %+v", mine)
	}
	changes, err := w.DescribeAccountModifications(ctx, &sdk.DescribeAccountModificationsInput{})
	w.done(changes, err)
	if c := changes.AccountModifications; len(c) != 2 || *c[0].DedicatedTenancyManagementCidrRange != *kept || c[0].ModificationState != types.DedicatedTenancyModificationStateEnumCompleted || c[1].StartTime == nil {
		t.Errorf("changes %+v", c)
	}

	inside, outside := w.seated(net, "10.7.0.0/20"), w.seated(net, "10.9.0.0/20")
	w.no("UnsupportedNetworkConfigurationException")(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &inside}))
	w.done(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &outside}))
	w.no("InvalidResourceStateException")(w.ModifyAccount(ctx, &sdk.ModifyAccountInput{DedicatedTenancyManagementCidrRange: new("10.8.0.0/16")}))

	w.no("OperationNotSupportedException")(w.ModifyEndpointEncryptionMode(ctx, &sdk.ModifyEndpointEncryptionModeInput{DirectoryId: &outside, EndpointEncryptionMode: types.EndpointEncryptionModeFipsValidated}))
	w.done(w.ModifyEndpointEncryptionMode(ctx, &sdk.ModifyEndpointEncryptionModeInput{DirectoryId: &outside, EndpointEncryptionMode: types.EndpointEncryptionModeStandardTls}))
	out, err := w.DescribeWorkspaceDirectories(ctx, &sdk.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{outside}})
	w.done(out, err)
	if len(out.Directories) != 1 || out.Directories[0].EndpointEncryptionMode != types.EndpointEncryptionModeStandardTls {
		t.Errorf("directories %+v", out.Directories)
	}
}

// seated makes a directory in a network of a range.
func (w wired) seated(net *ec2.Client, block string) string {
	w.t.Helper()
	ctx := w.t.Context()
	vpc, err := net.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: &block})
	w.done(vpc, err)
	var subnets []string
	for i, zone := range []string{"a", "c"} {
		part := block[:len(block)-len("0.0/20")] + []string{"0.0/24", "1.0/24"}[i]
		n, err := net.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: &part, AvailabilityZone: new(w.plane.Config().Region + zone)})
		w.done(n, err)
		subnets = append(subnets, *n.Subnet.SubnetId)
	}
	made, err := directoryservice.NewFromConfig(w.plane.Config()).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: new("in-" + block[:4] + ".example.com"), Password: new("Sesame-123"), Size: dstypes.DirectorySizeSmall,
		VpcSettings: &dstypes.DirectoryVpcSettings{VpcId: vpc.Vpc.VpcId, SubnetIds: subnets},
	})
	w.done(made, err)
	return *made.DirectoryId
}
