package vpc

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// filterNames are the filters that each operation knows besides those of tags,
// with the other spellings that AWS allows (EC2 API Reference, parameter Filter
// of each operation).
var filterNames = map[string]string{
	"DescribeAddresses":                       "domain allocation-id association-id instance-id network-border-group network-interface-id network-interface-owner-id private-ip-address public-ip",
	"DescribeAvailabilityZones":               "group-long-name group-name message opt-in-status parent-zone-id parent-zone-name region-name state zone-id zone-name zone-type",
	"DescribeCustomerGateways":                "bgp-asn customer-gateway-id ip-address state type",
	"DescribeDhcpOptions":                     "dhcp-options-id key owner-id value",
	"DescribeInternetGateways":                "attachment.state attachment.vpc-id internet-gateway-id owner-id",
	"DescribeNatGateways":                     "nat-gateway-id state subnet-id vpc-id",
	"DescribeNetworkAcls":                     "association.association-id association.network-acl-id association.subnet-id default entry.cidr entry.egress entry.icmp.code entry.icmp.type entry.ipv6-cidr entry.port-range.from entry.port-range.to entry.protocol entry.rule-action entry.rule-number network-acl-id owner-id vpc-id",
	"DescribeNetworkInterfaces":               "group-name addresses.association.owner-id addresses.association.public-ip addresses.primary addresses.private-ip-address association.allocation-id association.association-id association.ip-owner-id association.public-dns-name association.public-ip attachment.attach-time attachment.attachment-id attachment.delete-on-termination attachment.device-index attachment.instance-id attachment.instance-owner-id attachment.status availability-zone availability-zone-id description group-id interface-type ipv6-addresses.ipv6-address mac-address network-interface-id operator.managed operator.principal owner-id private-dns-name private-ip-address requester-id requester-managed source-dest-check status subnet-id vpc-id",
	"DescribeRegions":                         "endpoint opt-in-status region-name",
	"DescribeRouteTables":                     "association.gateway-id association.main association.route-table-association-id association.route-table-id association.subnet-id owner-id route-table-id route.destination-cidr-block route.destination-ipv6-cidr-block route.destination-prefix-list-id route.egress-only-internet-gateway-id route.gateway-id route.instance-id route.nat-gateway-id route.origin route.state route.transit-gateway-id route.vpc-peering-connection-id vpc-id",
	"DescribeSecurityGroupRules":              "group-id security-group-rule-id",
	"DescribeSecurityGroups":                  "description egress.ip-permission.cidr egress.ip-permission.from-port egress.ip-permission.group-id egress.ip-permission.group-name egress.ip-permission.ipv6-cidr egress.ip-permission.prefix-list-id egress.ip-permission.protocol egress.ip-permission.to-port egress.ip-permission.user-id group-id group-name ip-permission.cidr ip-permission.from-port ip-permission.group-id ip-permission.group-name ip-permission.ipv6-cidr ip-permission.prefix-list-id ip-permission.protocol ip-permission.to-port ip-permission.user-id owner-id vpc-id",
	"DescribeSubnets":                         "availabilityZone availabilityZoneId cidr cidrBlock defaultForAz availability-zone availability-zone-id available-ip-address-count cidr-block customer-owned-ipv4-pool default-for-az enable-dns64 enable-lni-at-device-index ipv6-cidr-block-association.association-id ipv6-cidr-block-association.ipv6-cidr-block ipv6-cidr-block-association.state ipv6-native map-customer-owned-ip-on-launch map-public-ip-on-launch outpost-arn owner-id private-dns-name-options-on-launch.enable-resource-name-dns-a-record private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record private-dns-name-options-on-launch.hostname-type state subnet-arn subnet-id vpc-id",
	"DescribeTags":                            "key resource-id resource-type value",
	"DescribeTransitGatewayAttachments":       "association.state association.transit-gateway-route-table-id resource-id resource-owner-id resource-type state transit-gateway-attachment-id transit-gateway-id transit-gateway-owner-id",
	"DescribeTransitGatewayRouteTables":       "default-association-route-table default-propagation-route-table state transit-gateway-id transit-gateway-route-table-id",
	"DescribeTransitGatewayVpcAttachments":    "state transit-gateway-attachment-id transit-gateway-id vpc-id",
	"DescribeTransitGateways":                 "options.amazon-side-asn options.association-default-route-table-id options.auto-accept-shared-attachments options.default-route-table-association options.default-route-table-propagation options.dns-support options.propagation-default-route-table-id options.vpn-ecmp-support owner-id state transit-gateway-id",
	"DescribeVpcPeeringConnections":           "accepter-vpc-info.cidr-block accepter-vpc-info.owner-id accepter-vpc-info.vpc-id expiration-time requester-vpc-info.cidr-block requester-vpc-info.owner-id requester-vpc-info.vpc-id status-code status-message vpc-peering-connection-id",
	"DescribeVpcs":                            "cidr-block cidrBlock dhcpOptionsId isDefault cidr cidr-block-association.association-id cidr-block-association.cidr-block cidr-block-association.state dhcp-options-id ipv6-cidr-block-association.association-id ipv6-cidr-block-association.ipv6-cidr-block ipv6-cidr-block-association.ipv6-pool ipv6-cidr-block-association.state is-default owner-id state vpc-id",
	"DescribeVpnConnections":                  "bgp-asn customer-gateway-configuration customer-gateway-id option.static-routes-only route.destination-cidr-block state transit-gateway-id type vpn-connection-id vpn-gateway-id",
	"DescribeVpnGateways":                     "amazon-side-asn attachment.state attachment.vpc-id availability-zone state type vpn-gateway-id",
	"GetSecurityGroupsForVpc":                 "description group-id group-name owner-id primary-vpc-id",
	"GetTransitGatewayRouteTableAssociations": "resource-id resource-type transit-gateway-attachment-id",
	"GetTransitGatewayRouteTablePropagations": "resource-id resource-type transit-gateway-attachment-id",
	"SearchTransitGatewayRoutes":              "attachment.resource-id attachment.resource-type attachment.transit-gateway-attachment-id prefix-list-id route-search.exact-match route-search.longest-prefix-match route-search.subnet-of-match route-search.supernet-of-match state type",
}

// untagged are the operations whose filters do not ask for tags.
var untagged = []string{"DescribeAvailabilityZones", "DescribeRegions", "GetTransitGatewayRouteTableAssociations", "GetTransitGatewayRouteTablePropagations", "SearchTransitGatewayRoutes"}

// maxFilterValues is how many values all filters of a call may have (EC2 User
// Guide, "List and filter using the CLI and API").
const maxFilterValues = 200

// filtersOf refuses filters that an operation does not know, whatever there is
// to be filtered.
func filtersOf(operation string, filters []types.Filter) error {
	values := 0
	for _, f := range filters {
		values += len(f.Values)
		name := "null"
		if f.Name != nil {
			name = *f.Name
		}
		if !knowsFilter(operation, name) {
			return fault("InvalidParameterValue", "The filter '%s' is invalid", name)
		}
	}
	if values > maxFilterValues {
		return fault("FilterLimitExceeded", "The maximum number of filter values specified on a single call is %d", maxFilterValues)
	}
	return nil
}

func knowsFilter(operation, name string) bool {
	if slices.Contains(strings.Fields(filterNames[operation]), name) {
		return true
	}
	tagged := name == "tag-key" && operation != "DescribeTags" || strings.HasPrefix(name, "tag:")
	return tagged && !slices.Contains(untagged, operation)
}
