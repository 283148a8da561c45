package vpc

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// VPNGateway is the end of VPN connections at a network.
type VPNGateway struct {
	Head
	VPC       string `json:",omitempty"` // empty while it is attached to none
	ASN       int64
	Zone      string    `json:",omitempty"`
	DeletedAt time.Time `json:",omitzero"`
}

var vpnGateways = store.Table[VPNGateway]{
	Name: "ec2.vpngateways", Reach: store.Regional, Key: func(g *VPNGateway) string { return g.ID },
	Indexes: map[string]func(*VPNGateway) string{"vpc": func(g *VPNGateway) string { return g.VPC }},
}

var vpnGatewayNoun = noun[VPNGateway]{
	table: &vpnGateways, prefix: "vgw", arn: "vpn-gateway", code: "InvalidVpnGatewayID.", text: "The vpnGateway ID '%s' does not exist",
	head: func(g *VPNGateway) *Head { return &g.Head }, facts: vpnGatewayFacts,
	gone: func(g *VPNGateway, now time.Time) bool { return past(g.DeletedAt, now) },
}

func vpnGatewayFacts(_ look, g *VPNGateway, filter string) ([]string, bool, error) {
	switch filter {
	case "amazon-side-asn":
		return []string{strconv.FormatInt(g.ASN, 10)}, true, nil
	case "attachment.state":
		if g.VPC == "" {
			return nil, true, nil
		}
		return []string{string(types.AttachmentStatusAttached)}, true, nil
	case "attachment.vpc-id":
		return given(g.VPC), true, nil
	case "availability-zone":
		return given(g.Zone), true, nil
	case "state":
		return []string{string(stateOf(g.DeletedAt))}, true, nil
	case "type":
		return []string{string(types.GatewayTypeIpsec1)}, true, nil
	case "vpn-gateway-id":
		return []string{g.ID}, true, nil
	}
	return nil, false, nil
}

func (g *VPNGateway) describe() types.VpnGateway {
	out := types.VpnGateway{
		VpnGatewayId: &g.ID, AmazonSideAsn: &g.ASN, AvailabilityZone: api.Optional(g.Zone), State: stateOf(g.DeletedAt), Type: types.GatewayTypeIpsec1,
		VpcAttachments: []types.VpcAttachment{}, Tags: tagList(g.Tags),
	}
	if g.VPC != "" {
		out.VpcAttachments = append(out.VpcAttachments, types.VpcAttachment{VpcId: &g.VPC, State: types.AttachmentStatusAttached})
	}
	return out
}

// live finds a gateway that was not deleted.
func liveVPNGateway(l look, id string) (*VPNGateway, error) {
	g, err := vpnGatewayNoun.get(l, id)
	if err == nil && !g.DeletedAt.IsZero() {
		err = vpnGatewayNoun.unknown(id)
	}
	return g, err
}

// propagated are the static routes of the connections of a VPN gateway, which
// appear in route tables by themselves.
func propagated(l look, vpc string, gateways []string) ([]Route, error) {
	var out []Route
	if len(gateways) == 0 {
		return nil, nil
	}
	all, err := vpnConnectionNoun.all(l)
	for _, id := range gateways {
		g, no := vpnGatewayNoun.get(l, id)
		if no != nil || g.VPC != vpc {
			continue // detached, or gone: its routes are too
		}
		for _, c := range all {
			if c.Gateway != id || !c.DeletedAt.IsZero() {
				continue
			}
			for _, cidr := range c.Routes {
				out = append(out, Route{cidr, id})
			}
		}
	}
	return out, err
}
