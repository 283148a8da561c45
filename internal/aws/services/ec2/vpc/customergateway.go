package vpc

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CustomerGateway is the device at the other end of VPN connections.
type CustomerGateway struct {
	Head
	ASN         string
	Address     string    `json:",omitempty"`
	Certificate string    `json:",omitempty"`
	Device      string    `json:",omitempty"`
	DeletedAt   time.Time `json:",omitzero"`
}

var customerGateways = store.Table[CustomerGateway]{Name: "ec2.customergateways", Reach: store.Regional, Key: func(g *CustomerGateway) string { return g.ID }}

var customerGatewayNoun = noun[CustomerGateway]{
	table: &customerGateways, prefix: "cgw", arn: "customer-gateway", code: "InvalidCustomerGatewayID.", text: "The customerGateway ID '%s' does not exist",
	head: func(g *CustomerGateway) *Head { return &g.Head }, facts: customerGatewayFacts,
	gone: func(g *CustomerGateway, now time.Time) bool { return past(g.DeletedAt, now) },
}

// past tells whether what was deleted is not shown any more: VPN's parts are for
// about an hour (Site-to-Site VPN User Guide, "Delete a VPN connection").
func past(deleted, now time.Time) bool { return !deleted.IsZero() && now.Sub(deleted) >= time.Hour }

// stateOf is the state of what is there at once and goes at once.
func stateOf(deleted time.Time) types.VpnState {
	if deleted.IsZero() {
		return types.VpnStateAvailable
	}
	return types.VpnStateDeleted
}

func customerGatewayFacts(_ look, g *CustomerGateway, filter string) ([]string, bool, error) {
	switch filter {
	case "bgp-asn":
		return []string{g.ASN}, true, nil
	case "customer-gateway-id":
		return []string{g.ID}, true, nil
	case "ip-address":
		return given(g.Address), true, nil
	case "state":
		return []string{string(stateOf(g.DeletedAt))}, true, nil
	case "type":
		return []string{string(types.GatewayTypeIpsec1)}, true, nil
	}
	return nil, false, nil
}

func (g *CustomerGateway) describe() types.CustomerGateway {
	return types.CustomerGateway{
		CustomerGatewayId: &g.ID, BgpAsn: &g.ASN, IpAddress: api.Optional(g.Address), CertificateArn: api.Optional(g.Certificate), DeviceName: api.Optional(g.Device),
		State: new(string(stateOf(g.DeletedAt))), Type: new(string(types.GatewayTypeIpsec1)), Tags: tagList(g.Tags),
	}
}
