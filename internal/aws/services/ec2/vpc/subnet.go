package vpc

import (
	"net/netip"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/arn"
	"tamachi/internal/store"
)

// Subnet is a part of a network in one Availability Zone.
type Subnet struct {
	Head
	VPC        string
	CIDR       string
	Zone       string
	ZoneID     string
	Default    bool   `json:",omitempty"`
	MapPublic  bool   `json:",omitempty"`
	Hostnames  string `json:",omitempty"` // how machines are named; empty is ip-name
	RecordA    bool   `json:",omitempty"`
	RecordAAAA bool   `json:",omitempty"`
	// Next is the first address that may be free: those below it are not. Empty
	// is the lowest.
	Next string `json:",omitempty"`
}

var subnets = store.Table[Subnet]{
	Name: "ec2.subnets", Reach: store.Regional, Key: func(n *Subnet) string { return n.ID },
	Indexes: map[string]func(*Subnet) string{"vpc": func(n *Subnet) string { return n.VPC }},
}

var subnetNoun = noun[Subnet]{
	table: &subnets, prefix: "subnet", arn: "subnet", code: "InvalidSubnetID.", text: "The subnet ID '%s' does not exist",
	head: func(n *Subnet) *Head { return &n.Head }, vpc: func(n *Subnet) string { return n.VPC }, facts: subnetFacts,
}

func (n *Subnet) prefix() netip.Prefix { return prefixOf(n.CIDR) }

func (n *Subnet) arn(l look) string {
	return arn.New("ec2", l.sc.Region, l.sc.Account, "subnet/"+n.ID).String()
}

func subnetFacts(l look, n *Subnet, filter string) ([]string, bool, error) {
	switch filter {
	case "subnet-id":
		return []string{n.ID}, true, nil
	case "subnet-arn":
		return []string{n.arn(l)}, true, nil
	case "vpc-id":
		return []string{n.VPC}, true, nil
	case "cidr", "cidr-block", "cidrBlock":
		return []string{n.CIDR}, true, nil
	case "availability-zone", "availabilityZone":
		return []string{n.Zone}, true, nil
	case "availability-zone-id", "availabilityZoneId":
		return []string{n.ZoneID}, true, nil
	case "available-ip-address-count":
		free, err := n.free(l)
		return []string{strconv.Itoa(free)}, true, err
	case "default-for-az", "defaultForAz":
		return []string{word(n.Default)}, true, nil
	case "map-public-ip-on-launch":
		return []string{word(n.MapPublic)}, true, nil
	case "state":
		return []string{"available"}, true, nil
	case "private-dns-name-options-on-launch.hostname-type":
		return []string{n.hostnames()}, true, nil
	case "private-dns-name-options-on-launch.enable-resource-name-dns-a-record":
		return []string{word(n.RecordA)}, true, nil
	case "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record":
		return []string{word(n.RecordAAAA)}, true, nil
	case "ipv6-native", "enable-dns64", "map-customer-owned-ip-on-launch":
		return []string{"false"}, true, nil
	case "ipv6-cidr-block-association.ipv6-cidr-block", "ipv6-cidr-block-association.association-id", "ipv6-cidr-block-association.state",
		"customer-owned-ipv4-pool", "enable-lni-at-device-index", "outpost-arn":
		return nil, true, nil
	}
	return nil, false, nil
}

// hostnames is how machines are named.
func (n *Subnet) hostnames() string {
	if n.Hostnames == "" {
		return string(types.HostnameTypeIpName)
	}
	return n.Hostnames
}

// free is how many addresses of the subnet nobody has.
func (n *Subnet) free(l look) (int, error) {
	used, err := n.used(l)
	return addresses(n.prefix()) - reserved - len(used), err
}

func (n *Subnet) describe(l look) (types.Subnet, error) {
	free, err := n.free(l)
	return types.Subnet{
		SubnetId: &n.ID, SubnetArn: new(n.arn(l)), VpcId: &n.VPC, CidrBlock: &n.CIDR, AvailabilityZone: &n.Zone, AvailabilityZoneId: &n.ZoneID,
		AvailableIpAddressCount: new(int32(free)), DefaultForAz: &n.Default, MapPublicIpOnLaunch: &n.MapPublic, OwnerId: &l.sc.Account,
		State: types.SubnetStateAvailable, Tags: tagList(n.Tags), AssignIpv6AddressOnCreation: new(false), EnableDns64: new(false),
		Ipv6Native: new(false), MapCustomerOwnedIpOnLaunch: new(false), Ipv6CidrBlockAssociationSet: []types.SubnetIpv6CidrBlockAssociation{},
		PrivateDnsNameOptionsOnLaunch: &types.PrivateDnsNameOptionsOnLaunch{
			HostnameType: types.HostnameType(n.hostnames()), EnableResourceNameDnsARecord: &n.RecordA, EnableResourceNameDnsAAAARecord: &n.RecordAAAA,
		},
	}, err
}
