package vpc

import (
	"net/netip"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/store"
)

// Interface is the network interface of a desktop in its customer's subnet
// (WorkSpaces Administration Guide, "Network interfaces": eth1).
type Interface struct {
	Head
	VPC, Subnet string
	Address     string
	Zone        string
	Groups      []string `json:",omitempty"`
	Desktop     string   // ws-...
	CreatedAt   time.Time
	// The Elastic IP address that it has.
	Allocation  string `json:",omitempty"`
	Association string `json:",omitempty"`
	Public      string `json:",omitempty"`
}

var interfaces = store.Table[Interface]{
	Name: "ec2.interfaces", Reach: store.Regional, Key: func(i *Interface) string { return i.ID },
	Indexes: map[string]func(*Interface) string{
		"vpc": func(i *Interface) string { return i.VPC }, "desktop": func(i *Interface) string { return i.Desktop },
		"place": func(i *Interface) string { return placeOf(i.Subnet, i.Address) },
	},
}

// placeOf is an address in a subnet.
func placeOf(subnet, address string) string { return subnet + " " + address }

var interfaceNoun = noun[Interface]{
	table: &interfaces, prefix: "eni", arn: "network-interface", code: "InvalidNetworkInterfaceID.", text: "The networkInterface ID '%s' does not exist",
	head: func(i *Interface) *Head { return &i.Head }, vpc: func(i *Interface) string { return i.VPC }, facts: interfaceFacts,
}

func interfaceFacts(l look, i *Interface, filter string) (out []string, ok bool, err error) {
	switch filter {
	case "network-interface-id":
		return []string{i.ID}, true, nil
	case "vpc-id":
		return []string{i.VPC}, true, nil
	case "subnet-id":
		return []string{i.Subnet}, true, nil
	case "private-ip-address", "addresses.private-ip-address":
		return []string{i.Address}, true, nil
	case "private-dns-name":
		return []string{i.hostname(l)}, true, nil
	case "addresses.primary", "requester-managed":
		return []string{"true"}, true, nil
	case "availability-zone":
		return []string{i.Zone}, true, nil
	case "description":
		return []string{i.description(l)}, true, nil
	case "group-id":
		return i.Groups, true, nil
	case "group-name":
		for _, id := range i.Groups {
			g, err := groupNoun.get(l, id)
			if err := unlessModelled(err); err != nil {
				return nil, true, err
			}
			if g != nil {
				out = append(out, g.Name)
			}
		}
		return out, true, nil
	case "interface-type":
		return []string{string(types.NetworkInterfaceTypeInterface)}, true, nil
	case "status":
		return []string{string(types.NetworkInterfaceStatusInUse)}, true, nil
	case "source-dest-check":
		return []string{"true"}, true, nil
	case "availability-zone-id":
		for _, z := range zonesOf(l.sc.Region) {
			if z.name == i.Zone {
				out = append(out, z.id)
			}
		}
		return out, true, nil
	case "operator.managed":
		return []string{"false"}, true, nil
	case "association.allocation-id":
		return given(i.Allocation), true, nil
	case "association.association-id":
		return given(i.Association), true, nil
	case "association.public-ip", "addresses.association.public-ip":
		return given(i.Public), true, nil
	case "association.ip-owner-id", "addresses.association.owner-id":
		if i.Public != "" {
			out = append(out, l.sc.Account)
		}
		return out, true, nil
	}
	return nil, true, nil // what interfaces of desktops do not have: attachments, public names, IPv6
}

// description is what AWS writes on the interfaces of WorkSpaces.
func (i *Interface) description(l look) string {
	return "Created By Amazon Workspaces for AWS Account ID " + l.sc.Account
}

// hostname is the name by which AWS's resolver knows an address.
func (i *Interface) hostname(l look) string {
	return "ip-" + strings.ReplaceAll(i.Address, ".", "-") + "." + domainOf(l.sc.Region)
}

func (i *Interface) describe(l look) (types.NetworkInterface, error) {
	out := types.NetworkInterface{
		NetworkInterfaceId: &i.ID, VpcId: &i.VPC, SubnetId: &i.Subnet, PrivateIpAddress: &i.Address, PrivateDnsName: new(i.hostname(l)), AvailabilityZone: &i.Zone,
		Description: new(i.description(l)), OwnerId: &l.sc.Account, RequesterManaged: new(true), SourceDestCheck: new(true), Status: types.NetworkInterfaceStatusInUse,
		InterfaceType: types.NetworkInterfaceTypeInterface, TagSet: tagList(i.Tags), Groups: []types.GroupIdentifier{},
		PrivateIpAddresses: []types.NetworkInterfacePrivateIpAddress{{Primary: new(true), PrivateIpAddress: &i.Address, PrivateDnsName: new(i.hostname(l))}},
	}
	if i.Public != "" {
		out.Association = &types.NetworkInterfaceAssociation{AllocationId: &i.Allocation, AssociationId: &i.Association, IpOwnerId: &l.sc.Account, PublicIp: &i.Public}
		out.PrivateIpAddresses[0].Association = out.Association
	}
	for _, id := range i.Groups {
		g, err := groupNoun.get(l, id)
		if err := unlessModelled(err); err != nil {
			return out, err
		}
		if g != nil {
			out.Groups = append(out.Groups, types.GroupIdentifier{GroupId: &g.ID, GroupName: &g.Name})
		}
	}
	return out, nil
}

func (i *Interface) addr() netip.Addr {
	a, _ := netip.ParseAddr(i.Address) // it was written by takes
	return a
}
