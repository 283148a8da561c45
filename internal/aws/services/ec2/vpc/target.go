package vpc

import "strings"

// targets are what a request for a route may name; one of them must be there.
type targets struct {
	gateway, nat, peering, transit *string
	// other are targets that the plane does not have.
	other []*string
}

// one is the id of the target that a request names.
func (t targets) one() (string, error) {
	for _, id := range t.other {
		if id != nil {
			return "", fault("UnsupportedOperation", "Routes lead to internet gateways, NAT gateways, VPN gateways, transit gateways and peering connections only.")
		}
	}
	var found []string
	var wrong error
	for _, given := range []struct {
		id     *string
		unlike func(id string) error
	}{{t.gateway, unlikeGateway}, {t.nat, natNoun.unlike}, {t.peering, peeringNoun.unlike}, {t.transit, transitGatewayNoun.unlike}} {
		if given.id != nil {
			found = append(found, *given.id)
			wrong = given.unlike(*given.id)
		}
	}
	if len(found) != 1 {
		return "", fault("InvalidParameterCombination", "The request must contain exactly one of gatewayId, natGatewayId, transitGatewayId, vpcPeeringConnectionId")
	}
	return found[0], wrong
}

// unlikeGateway refuses what cannot be the id of a gateway at a network.
func unlikeGateway(id string) error {
	if internetGatewayNoun.owns(id) || vpnGatewayNoun.owns(id) {
		return nil
	}
	return fault("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", id)
}

// reachable refuses a target that is not there, or not in the table's network.
func reachable(l look, t *RouteTable, id string) error {
	elsewhere := func(what string) error {
		return fault("InvalidParameterValue", "route table %s and %s %s belong to different networks", t.ID, what, id)
	}
	var err error
	switch kind, _, _ := strings.Cut(id, "-"); kind {
	case "igw":
		var g *InternetGateway
		if g, err = internetGatewayNoun.get(l, id); err == nil && g.VPC != t.VPC {
			return elsewhere("network gateway")
		}
	case "nat":
		var g *NATGateway
		if g, err = natNoun.get(l, id); err == nil && g.VPC != t.VPC {
			return elsewhere("nat gateway")
		}
	case "tgw":
		var a *TransitAttachment
		if a, err = attached(l, id, t.VPC); err == nil && a == nil {
			return fault("InvalidTransitGatewayID.NotFound", "The transitGateway ID '%s' does not exist.", id)
		}
	case "vgw":
		var g *VPNGateway
		if g, err = liveVPNGateway(l, id); err == nil && g.VPC != t.VPC {
			return elsewhere("network gateway")
		}
	case "pcx":
		var p *Peering
		if p, err = peeringNoun.get(l, id); err == nil && !p.joins(l, t.VPC) {
			return elsewhere("vpc peering connection")
		}
	}
	return err
}

// leads tells whether a route's target takes traffic of a network now; else the
// route is a black hole.
func leads(l look, id, vpc string) (ok bool, err error) {
	switch kind, _, _ := strings.Cut(id, "-"); kind {
	case "igw":
		var g *InternetGateway
		g, err = internetGatewayNoun.get(l, id)
		ok = err == nil && g.VPC == vpc
	case "nat":
		var g *NATGateway
		g, err = natNoun.get(l, id)
		ok = err == nil && g.DeletedAt.IsZero()
	case "tgw":
		var a *TransitAttachment
		a, err = attached(l, id, vpc)
		ok = a != nil
	case "vgw":
		var g *VPNGateway
		g, err = liveVPNGateway(l, id)
		ok = err == nil && g.VPC == vpc
	case "pcx":
		var p *Peering
		p, err = peeringNoun.get(l, id)
		ok = err == nil && p.state(l.now) == peeringActive && p.joins(l, vpc)
	}
	return ok, unlessModelled(err)
}
