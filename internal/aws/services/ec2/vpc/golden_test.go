package vpc

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	tags := map[string]string{"Team": "network"}
	storetest.Golden(t, &settled, &Settled{ID: settledKey, DHCP: "dopt-0123456789abcdef0", Options: true})
	storetest.Golden(t, &dhcpOptions, &DHCPOptions{Head{"dopt-0123456789abcdef0", tags}, []DHCPOption{{nameDomain, []string{"example.co.jp"}}, {nameServers, []string{"10.3.0.5"}}}})
	storetest.Golden(t, &vpcs, &VPC{
		Head: Head{"vpc-0123456789abcdef0", tags}, Blocks: []Block{{"vpc-cidr-assoc-0123456789abcdef0", "10.2.0.0/16"}}, DHCP: "dopt-0123456789abcdef0",
		Tenancy: "default", Default: true, DNSSupport: true, DNSHostnames: true, UsageMetrics: true,
	})
	storetest.Golden(t, &subnets, &Subnet{
		Head: Head{"subnet-0123456789abcdef0", tags}, VPC: "vpc-0123456789abcdef0", CIDR: "10.2.1.0/24", Zone: "ap-northeast-1a", ZoneID: "apne1-az1",
		Default: true, MapPublic: true, Hostnames: "resource-name", RecordA: true, RecordAAAA: true,
	})
	storetest.Golden(t, &routeTables, &RouteTable{
		Head: Head{"rtb-0123456789abcdef0", tags}, VPC: "vpc-0123456789abcdef0",
		Associations: []Association{{ID: "rtbassoc-0123456789abcdef0", Main: true}, {ID: "rtbassoc-0123456789abcdef1", Subnet: "subnet-0123456789abcdef0"}},
		Routes:       []Route{{CIDR: "10.3.0.0/16", Target: "pcx-0123456789abcdef0"}}, Propagating: []string{"vgw-0123456789abcdef0"}, Claim: Claim{"once", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"},
	})
	storetest.Golden(t, &internetGateways, &InternetGateway{Head: Head{"igw-0123456789abcdef0", tags}, VPC: "vpc-0123456789abcdef0"})
	storetest.Golden(t, &securityGroups, &SecurityGroup{
		Head: Head{"sg-0123456789abcdef0", tags}, Name: "files", Description: "file server", VPC: "vpc-0123456789abcdef0",
		Rules: []Rule{{
			ID: "sgr-0123456789abcdef0", Egress: true, Protocol: "tcp", From: 445, To: 445, CIDR: "10.0.0.0/8", CIDR6: "2001:db8::/32",
			Group: "sg-0123456789abcdef1", GroupOwner: "111122223333", Description: "SMB", Tags: tags,
		}},
	})
	storetest.Golden(t, &networkACLs, &NetworkACL{
		Head: Head{"acl-0123456789abcdef0", tags}, VPC: "vpc-0123456789abcdef0", Default: true,
		Entries: []Entry{{Number: 100, Egress: true, Protocol: "6", Allow: true, CIDR: everywhere, CIDR6: "::/0", From: 1, To: 2, ICMPType: 3, ICMPCode: 4}},
		Subnets: []Guard{{"aclassoc-0123456789abcdef0", "subnet-0123456789abcdef0"}}, Claim: Claim{"once", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"},
	})
	at := time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC)
	storetest.Golden(t, &peerings, &Peering{
		Head: Head{"pcx-0123456789abcdef0", tags}, Requester: Side{"111122223333", "ap-northeast-1", "vpc-0123456789abcdef0", "10.2.0.0/16", true},
		Accepter: Side{"444455556666", "us-east-1", "vpc-0123456789abcdef1", "10.3.0.0/16", false}, State: peeringDeleted, Message: "Deleted", CreatedAt: at, EndedAt: at,
	})
	storetest.Golden(t, &natGateways, &NATGateway{
		Head: Head{"nat-0123456789abcdef0", tags}, VPC: "vpc-0123456789abcdef0", Subnet: "subnet-0123456789abcdef0", Private: true,
		Allocation: "eipalloc-0123456789abcdef0", Association: "eipassoc-0123456789abcdef0", Interface: "eni-0123456789abcdef0", Address: "10.2.1.4",
		Public: "198.18.0.1", Claim: Claim{"once", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}, CreatedAt: at, DeletedAt: at,
	})
	storetest.Golden(t, &interfaces, &Interface{
		Head: Head{"eni-0123456789abcdef0", tags}, VPC: "vpc-0123456789abcdef0", Subnet: "subnet-0123456789abcdef0", Address: "10.2.1.5", Zone: "ap-northeast-1a",
		Groups: []string{"sg-0123456789abcdef0"}, Desktop: "ws-0123456789", CreatedAt: at,
		Allocation: "eipalloc-0123456789abcdef0", Association: "eipassoc-0123456789abcdef0", Public: "198.18.0.1",
	})
	storetest.Golden(t, &customerGateways, &CustomerGateway{Head{"cgw-0123456789abcdef0", tags}, "65000", "192.0.2.1", "arn:aws:acm:ap-northeast-1:111122223333:certificate/1", "edge", at})
	storetest.Golden(t, &vpnGateways, &VPNGateway{Head{"vgw-0123456789abcdef0", tags}, "vpc-0123456789abcdef0", 64512, "ap-northeast-1a", at})
	storetest.Golden(t, &vpnConnections, &VPNConnection{
		Head: Head{"vpn-0123456789abcdef0", tags}, Customer: "cgw-0123456789abcdef0", Gateway: "vgw-0123456789abcdef0", Transit: "tgw-0123456789abcdef0", StaticOnly: true,
		Local: "10.3.0.0/16", Remote: "10.2.0.0/16", Routes: []string{"10.3.0.0/16"}, CreatedAt: at, DeletedAt: at,
		Logs: []TunnelLog{{"arn:aws:logs:ap-northeast-1:111122223333:log-group:vpn", "json"}},
	})
	storetest.Golden(t, &transitGateways, &TransitGateway{Head{"tgw-0123456789abcdef0", tags}, "hub", 64512, "tgw-rtb-0123456789abcdef0", "tgw-rtb-0123456789abcdef1", true, true, at, at, true, true, true})
	storetest.Golden(t, &transitAttachments, &TransitAttachment{
		Head{"tgw-attach-0123456789abcdef0", tags}, "tgw-0123456789abcdef0", "vpc-0123456789abcdef0", []string{"subnet-0123456789abcdef0"}, at, at, true, true, true,
	})
	storetest.Golden(t, &transitTables, &TransitTable{
		Head: Head{"tgw-rtb-0123456789abcdef0", tags}, Transit: "tgw-0123456789abcdef0", Associations: []string{"tgw-attach-0123456789abcdef0"},
		Propagations: []string{"tgw-attach-0123456789abcdef1"}, Routes: []TransitRoute{{CIDR: "10.3.0.0/16", Attachment: "tgw-attach-0123456789abcdef1"}}, CreatedAt: at, DeletedAt: at,
	})
	storetest.Golden(t, &addressTable, &Address{Head{"eipalloc-0123456789abcdef0", tags}, "198.18.0.1", "eni-0123456789abcdef0"})
}

func TestPatternsOfFilters(t *testing.T) {
	for _, row := range []struct {
		pattern, value string
		want           bool
	}{
		{"vpc-1", "vpc-1", true},
		{"vpc-1", "vpc-12", false},
		{"vpc-*", "vpc-", true},
		{"*-1", "vpc-1-1", true},
		{"a*b*c", "axxbyybzc", true},
		{"a*b*c", "axxbyyb", false},
		{"a?c", "abc", true},
		{"a?c", "ac", false},
		{`a\*c`, "a*c", true},
		{`a\*c`, "abc", false},
		{`\\`, `\`, true},
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"Prod", "prod", false},
	} {
		if got := like(row.pattern, row.value); got != row.want {
			t.Errorf("like(%q, %q) = %v, want %v", row.pattern, row.value, got, row.want)
		}
	}
}

// A pattern that is a text with each of its characters escaped fits that text
// only, and * fits any.
func FuzzLike(f *testing.F) {
	f.Add("a*b", "axb")
	f.Add(`\`, "x?")
	f.Fuzz(func(t *testing.T, pattern, value string) {
		var escaped []byte
		for i := range len(value) {
			escaped = append(escaped, '\\', value[i])
		}
		if !like(string(escaped), value) || !like("*", value) || like(pattern, value) && pattern == "" && value != "" {
			t.Errorf("%q does not fit itself", value)
		}
	})
}
