package vpc

import "tamachi/internal/store"

// NetworkACL is a list of what may cross the edge of subnets, in either
// direction and without memory of what went the other way.
type NetworkACL struct {
	Head
	VPC     string
	Default bool    `json:",omitempty"` // subnets without an association have it
	Entries []Entry `json:",omitempty"`
	Subnets []Guard `json:",omitempty"`
}

// Entry decides about packets, if no entry of a lower number does.
type Entry struct {
	Number   int32
	Egress   bool   `json:",omitempty"`
	Protocol string // a number, or -1
	Allow    bool   `json:",omitempty"`
	CIDR     string `json:",omitempty"`
	CIDR6    string `json:",omitempty"`
	From     int32  `json:",omitempty"` // ports of TCP and UDP
	To       int32  `json:",omitempty"`
	ICMPType int32  `json:",omitempty"` // of ICMP; -1 is any
	ICMPCode int32  `json:",omitempty"`
}

// Guard puts a subnet behind the list.
type Guard struct {
	ID     string // aclassoc-...
	Subnet string
}

// lastEntry is the number of the entry that every list ends with.
const lastEntry = 32767

var networkACLs = store.Table[NetworkACL]{
	Name: "ec2.networkacls", Reach: store.Regional, Key: func(a *NetworkACL) string { return a.ID },
	Indexes: map[string]func(*NetworkACL) string{"vpc": func(a *NetworkACL) string { return a.VPC }},
}

var aclNoun = noun[NetworkACL]{
	table: &networkACLs, prefix: "acl", arn: "network-acl", code: "InvalidNetworkAclID.", text: "The networkAcl ID '%s' does not exist",
	head: func(a *NetworkACL) *Head { return &a.Head }, vpc: func(a *NetworkACL) string { return a.VPC }, facts: aclFacts,
}

func aclFacts(look, *NetworkACL, string) ([]string, bool, error) { return nil, false, nil }

// guard puts a new subnet behind the network's default list.
func (s *Service) guard(l look, n *Subnet) error {
	lists, err := aclNoun.in(l, n.VPC)
	for _, a := range lists {
		if a.Default {
			a.Subnets = append(a.Subnets, Guard{"aclassoc-" + s.ids.Hex(17), n.ID})
			return aclNoun.put(l, a)
		}
	}
	return err
}
