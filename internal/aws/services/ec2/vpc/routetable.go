package vpc

import (
	"slices"

	"tamachi/internal/store"
)

// RouteTable says where the traffic of subnets goes.
type RouteTable struct {
	Head
	VPC          string
	Associations []Association `json:",omitempty"`
	Routes       []Route       `json:",omitempty"` // those that were made; the network's own are not among them
	Propagating  []string      `json:",omitempty"` // VPN gateways whose routes appear by themselves
}

// Association gives a route table to a subnet, or makes it the network's main
// one, which subnets without an association have.
type Association struct {
	ID     string
	Subnet string `json:",omitempty"`
	Main   bool   `json:",omitempty"`
}

// Route sends a range of addresses somewhere.
type Route struct {
	CIDR   string // IPv4
	Target string // the id of what it goes to: igw-, nat-, pcx-, vgw-, tgw-
}

var routeTables = store.Table[RouteTable]{
	Name: "ec2.routetables", Reach: store.Regional, Key: func(t *RouteTable) string { return t.ID },
	Indexes: map[string]func(*RouteTable) string{"vpc": func(t *RouteTable) string { return t.VPC }},
}

var routeTableNoun = noun[RouteTable]{
	table: &routeTables, prefix: "rtb", arn: "route-table", code: "InvalidRouteTableID", text: "The routeTable ID '%s' does not exist",
	head: func(t *RouteTable) *Head { return &t.Head }, vpc: func(t *RouteTable) string { return t.VPC }, facts: routeTableFacts,
}

func routeTableFacts(look, *RouteTable, string) ([]string, bool, error) { return nil, false, nil }

// main tells whether the network's subnets have the table by default.
func (t *RouteTable) main() bool {
	return slices.ContainsFunc(t.Associations, func(a Association) bool { return a.Main })
}
