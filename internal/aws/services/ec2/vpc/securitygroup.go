package vpc

import "tamachi/internal/store"

// SecurityGroup is a list of what may come to machines and go from them. What
// answers a permitted packet is permitted too.
type SecurityGroup struct {
	Head
	Name        string
	Description string
	VPC         string
	Rules       []Rule `json:",omitempty"`
}

// Rule permits one peer. Ports of ICMP are its type and code; -1 is any.
type Rule struct {
	ID          string // sgr-...
	Egress      bool   `json:",omitempty"`
	Protocol    string // tcp, udp, icmp, icmpv6, a number, or -1
	From, To    int32
	CIDR        string            `json:",omitempty"`
	CIDR6       string            `json:",omitempty"`
	Group       string            `json:",omitempty"` // the peer has this group
	GroupOwner  string            `json:",omitempty"`
	Description string            `json:",omitempty"`
	Tags        map[string]string `json:",omitempty"`
}

// everywhere and anyProtocol leave nothing out.
const (
	everywhere  = "0.0.0.0/0"
	anyProtocol = "-1"
)

var securityGroups = store.Table[SecurityGroup]{
	Name: "ec2.securitygroups", Reach: store.Regional, Key: func(g *SecurityGroup) string { return g.ID },
	Indexes: map[string]func(*SecurityGroup) string{"vpc": func(g *SecurityGroup) string { return g.VPC }},
}

var groupNoun = noun[SecurityGroup]{
	table: &securityGroups, prefix: "sg", arn: "security-group", code: "InvalidGroup.", malformed: "InvalidGroupId.Malformed", text: "The security group '%s' does not exist",
	head: func(g *SecurityGroup) *Head { return &g.Head }, vpc: func(g *SecurityGroup) string { return g.VPC }, facts: groupFacts,
}

func groupFacts(look, *SecurityGroup, string) ([]string, bool, error) { return nil, false, nil }

// newGroup makes a group whose machines may reach everything.
func (s *Service) newGroup(name, description, vpc string) *SecurityGroup {
	return &SecurityGroup{
		Head: Head{ID: groupNoun.newID(s)}, Name: name, Description: description, VPC: vpc,
		Rules: []Rule{{ID: "sgr-" + s.ids.Hex(17), Egress: true, Protocol: anyProtocol, From: -1, To: -1, CIDR: everywhere}},
	}
}
