// Package vpc is the room of virtual networks: VPCs, subnets, route tables,
// gateways, VPN and transit gateways, security groups and network ACLs, as EC2 has
// them.
//
// Every account has a default VPC in every Region: it is made at the first call
// about networks there, with a subnet in each Availability Zone.
//
// Where it differs from AWS:
//
//   - What is made is available in the answer; there is no time of waiting.
//   - IPv6 addresses, IPAM pools, Outposts and sharing between accounts are
//     refused. An account's zones are named in the order of their ids.
//   - Networks are real for the desktops of the local provider (decision 0024),
//     and there is nobody else in them: an interface is a desktop's. Public
//     addresses are of 198.18.0.0/15, which leads nowhere (RFC 2544).
//   - Internet and NAT gateways lead out where the plane was started with ranges
//     for it. VPN connections are state: nothing speaks IPsec, so both tunnels are
//     DOWN since the connection was made, which their telemetry says; what a route
//     sends to them is dropped; their outside addresses lead nowhere; there is no
//     configuration for a device. A tunnel's log may be wanted, and stays empty: a
//     tunnel that waits for the customer's device has nothing to tell. To transit
//     gateways networks are attached, and nothing else.
//   - DHCP options are state: desktops get their addresses without DHCP, and find
//     names by their own files (decision 0015). So are the names of the other side
//     of a peering connection. An Elastic IP address of a desktop's interface shows
//     it to nobody, and its packets leave as those of the others do.
//   - What transit gateways and attachments are said to support (DNS, ECMP,
//     references to groups, appliances) is kept and told, and changes nothing.
//   - A peering connection that ended is listed for two hours; a NAT gateway and
//     the parts of VPN and transit gateways for one.
//   - Quotas are not enforced, but that of tags.
//   - A range that AWS would only warn about is treated as AWS does: bits beyond
//     its length are dropped.
//
// EC2 models no errors. Codes and texts are those of the EC2 API Reference
// ("Error codes for the Amazon EC2 API") and of what AWS's customers report.
package vpc
