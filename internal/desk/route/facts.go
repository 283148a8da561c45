package route

import (
	"net/netip"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	workspaces "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/netpath"
)

// Asked is what the person who asks wants to reach from where.
type Asked struct {
	From     string `json:"from"` // ws-, i-, eni-, a user or an address
	To       string `json:"to"`
	Protocol string `json:"protocol"`
	Port     int    `json:"port,omitempty"`

	Name string   `json:"name,omitempty"` // that the resolver is asked for
	DNS  []string `json:"dns,omitempty"`  // servers that a desktop is expected to ask
}

// Facts is everything that was read about the way.
type Facts struct {
	At       time.Time `json:"at"`
	Asked    Asked     `json:"asked"`
	Region   string    `json:"region"`
	Endpoint string    `json:"endpoint,omitempty"`
	From     End       `json:"fromEnd"`
	To       End       `json:"toEnd"`

	World      netpath.World      `json:"-"` // the networks that the first end's leads to
	Gates      []Gate             `json:"gates,omitempty"`
	Naming     *Naming            `json:"naming,omitempty"` // nil where no name was asked for
	Unseen     []string           `json:"unseen,omitempty"` // networks of other accounts
	Unanswered []*account.Problem `json:"unanswered,omitempty"`

	parts parts
}

// End is one end of the way, as it was found.
type End struct {
	Name      string     `json:"name"` // as asked
	Address   netip.Addr `json:"address"`
	Interface string     `json:"interface,omitempty"`
	Subnet    string     `json:"subnet,omitempty"`
	Groups    []string   `json:"groups,omitempty"`
	Public    bool       `json:"public,omitempty"` // it has a public address
	Owner     string     `json:"owner,omitempty"`  // whose desktop it is

	desktop *workspaces.Workspace
}

// Gate is something at the edge of a network: a peering connection, NAT
// gateway, internet gateway, VPN gateway or VPN connection.
type Gate struct {
	ID      string    `json:"id"`
	State   string    `json:"state"`
	Reason  string    `json:"reason,omitempty"`
	Network string    `json:"network,omitempty"` // in which it stands, or to which it is attached
	Subnet  string    `json:"subnet,omitempty"`  // of a NAT gateway
	Behind  string    `json:"behind,omitempty"`  // of a VPN connection: the gateway
	Tunnels []Tunnel  `json:"tunnels,omitempty"`
	Static  bool      `json:"static,omitempty"` // of a VPN connection: it learns no ranges by BGP
	Ends    [2]string `json:"-"`                // of a peering connection: networks

	Ranges []netip.Prefix `json:"ranges,omitempty"` // of a VPN connection: behind the customer's gateway

	sides [2]*types.VpcPeeringConnectionVpcInfo
}

// Tunnel is one tunnel of a VPN connection.
type Tunnel struct {
	Outside string    `json:"outside"`
	Up      bool      `json:"up"`
	Since   time.Time `json:"since"`
	Message string    `json:"message,omitempty"`
	Log     string    `json:"log,omitempty"`   // ARN of the log group that it writes to
	Lost    *Loss     `json:"lost,omitempty"`  // as its log has it
	Quiet   bool      `json:"quiet,omitempty"` // its log has nothing around the fall
}

func (f *Facts) gate(id string) *Gate {
	i := slices.IndexFunc(f.Gates, func(g Gate) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	return &f.Gates[i]
}

// network is the network in which an address is, as far as it is known.
func (f *Facts) network(a netip.Addr) *netpath.Network {
	for i := range f.World.Networks {
		for _, s := range f.World.Networks[i].Subnets {
			if s.Prefix.Contains(a) {
				return &f.World.Networks[i]
			}
		}
	}
	return nil
}

// packet is what is to arrive.
func (f *Facts) packet() netpath.Packet {
	return netpath.Packet{
		From:     netpath.End{Address: f.From.Address, Groups: f.From.Groups},
		To:       netpath.End{Address: f.To.Address, Groups: f.To.Groups},
		Protocol: protocols[f.Asked.Protocol], Port: f.Asked.Port,
	}
}

// protocols are those that can be asked for.
var protocols = map[string]int{"tcp": netpath.TCP, "udp": netpath.UDP, "icmp": netpath.ICMP}
