package vpc_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// address allocates an Elastic IP address.
func (w wired) address() (allocation *string, public string) {
	w.t.Helper()
	out, err := w.AllocateAddress(w.t.Context(), &ec2.AllocateAddressInput{})
	w.done(out, err)
	return out.AllocationId, *out.PublicIp
}

// An Elastic IP address is given to the interface of a desktop, moved, taken, and
// free again when the desktop goes.
func TestDesktopsHaveElasticAddresses(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	network := w.network("10.2.0.0/16")
	first, second := w.subnet(network, "10.2.1.0/28"), w.subnet(network, "10.2.2.0/28")
	directory, _ := w.directory(*network, *first, *second)
	ws := w.desktop(directory)
	seats, err := w.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{})
	w.done(seats, err)
	eni := seats.NetworkInterfaces[0].NetworkInterfaceId
	a, public := w.address()
	b, _ := w.address()
	to := &ec2.AssociateAddressInput{AllocationId: a, NetworkInterfaceId: eni}
	w.says("Gateway.NotAttached", "Network "+*network+" is not attached to any internet gateway")(w.AssociateAddress(ctx, to))
	door, err := w.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})
	w.done(door, err)
	igw := door.InternetGateway.InternetGatewayId
	w.done(w.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: igw, VpcId: network}))
	tied, err := w.AssociateAddress(ctx, to)
	w.done(tied, err)
	again, err := w.AssociateAddress(ctx, to)
	w.done(again, err)
	if *again.AssociationId != *tied.AssociationId {
		t.Errorf("the same request again made %s, not %s", *again.AssociationId, *tied.AssociationId)
	}
	found, err := w.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{Filters: by("association.public-ip", public)})
	w.done(found, err)
	if len(found.NetworkInterfaces) != 1 || *found.NetworkInterfaces[0].Association.AllocationId != *a {
		t.Fatalf("got %+v", found.NetworkInterfaces)
	}
	shown, err := w.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{Filters: by("association-id", *tied.AssociationId)})
	w.done(shown, err)
	if len(shown.Addresses) != 1 || *shown.Addresses[0].NetworkInterfaceId != *eni || *shown.Addresses[0].PrivateIpAddress != *ws.IpAddress {
		t.Errorf("got %+v", shown.Addresses)
	}
	w.no("InvalidIPAddress.InUse")(w.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: a}))
	w.no("DependencyViolation")(w.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{InternetGatewayId: igw, VpcId: network}))
	w.no("Resource.AlreadyAssociated")(w.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: first, AllocationId: a}))

	replaced, err := w.AssociateAddress(ctx, &ec2.AssociateAddressInput{AllocationId: b, NetworkInterfaceId: eni}) // in the place of the first
	w.done(replaced, err)
	w.done(w.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: a}))
	w.done(w.DisassociateAddress(ctx, &ec2.DisassociateAddressInput{AssociationId: replaced.AssociationId}))
	shown, err = w.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{Filters: by("association-id", *replaced.AssociationId)})
	w.done(shown, err)
	if len(shown.Addresses) != 0 {
		t.Errorf("an association that was ended: want no address, got %+v", shown.Addresses)
	}
	w.says("InvalidAssociationID.NotFound", "The association ID '"+*replaced.AssociationId+"' does not exist")(w.DisassociateAddress(ctx, &ec2.DisassociateAddressInput{AssociationId: replaced.AssociationId}))
	w.done(w.AssociateAddress(ctx, &ec2.AssociateAddressInput{AllocationId: b, NetworkInterfaceId: eni}))
	w.gone(*ws.WorkspaceId)
	w.done(w.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: b}))
}

func TestAddressesThatCannotBeGiven(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	a, public := w.address()
	w.no("MissingParameter")(w.AssociateAddress(ctx, &ec2.AssociateAddressInput{}))
	w.no("MissingParameter")(w.AssociateAddress(ctx, &ec2.AssociateAddressInput{AllocationId: a}))
	w.no("InvalidParameterCombination")(w.AssociateAddress(ctx, &ec2.AssociateAddressInput{PublicIp: &public}))
	w.no("InvalidInstanceID.NotFound")(w.AssociateAddress(ctx, &ec2.AssociateAddressInput{AllocationId: a, InstanceId: new("i-0123456789abcdef0")}))
	w.no("InvalidNetworkInterfaceID.NotFound")(w.AssociateAddress(ctx, &ec2.AssociateAddressInput{AllocationId: a, NetworkInterfaceId: new("eni-0123456789abcdef0")}))
	w.no("InvalidAllocationID.NotFound")(w.AssociateAddress(ctx, &ec2.AssociateAddressInput{AllocationId: new("eipalloc-0123456789abcdef0"), NetworkInterfaceId: new("eni-0123456789abcdef0")}))
	w.no("MissingParameter")(w.DisassociateAddress(ctx, &ec2.DisassociateAddressInput{}))
	w.no("InvalidParameterValue")(w.DisassociateAddress(ctx, &ec2.DisassociateAddressInput{PublicIp: &public}))

	all, err := w.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: by("default-for-az", "true")})
	w.done(all, err)
	made, err := w.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: all.Subnets[0].SubnetId, AllocationId: a})
	w.done(made, err)
	held, err := w.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{AllocationIds: []string{*a}})
	w.done(held, err)
	w.says("AuthFailure", "You do not have permission to access the specified resource.")(w.DisassociateAddress(ctx, &ec2.DisassociateAddressInput{AssociationId: held.Addresses[0].AssociationId}))

	names, err := w.DescribeAddressesAttribute(ctx, &ec2.DescribeAddressesAttributeInput{AllocationIds: []string{*a}, Attribute: "domain-name"})
	w.done(names, err)
	if len(names.Addresses) != 1 || *names.Addresses[0].PublicIp != public || names.Addresses[0].PtrRecord != nil {
		t.Errorf("got %+v", names.Addresses)
	}
	w.no("InvalidAllocationID.NotFound")(w.DescribeAddressesAttribute(ctx, &ec2.DescribeAddressesAttributeInput{AllocationIds: []string{"eipalloc-0123456789abcdef0"}}))
}
