package vpc

import (
	"context"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// CreateRoute makes a route. Of the routes that hold an address, the narrowest decides.
func (s *Service) CreateRoute(ctx context.Context, in *ec2.CreateRouteInput) (*ec2.CreateRouteOutput, error) {
	to, p, err := wayOf(in)
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(l look) error {
		return s.changeTable(l, in.RouteTableId, func(t *RouteTable) error {
			if err := reachable(l, t, to); err != nil {
				return err
			}
			v, err := vpcNoun.get(l, t.VPC)
			if err != nil {
				return err
			}
			if t.route(p) >= 0 || v.has(p) {
				return fault("RouteAlreadyExists", "The route identified by %s already exists.", p)
			}
			if v.overlaps(p) && v.holds(p) {
				return fault("InvalidParameterValue", "The destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.", p)
			}
			t.Routes = append(t.Routes, Route{p.String(), to})
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateRouteOutput{Return: new(true)}, nil
}

func (s *Service) createRouteChecks(ctx context.Context, in *ec2.CreateRouteInput) ([]api.Check, error) {
	return s.on(ctx, "CreateRoute", thing{&routeTableNoun, in.RouteTableId})
}

// wayOf reads where a route leads, and the range that it is for.
func wayOf(in *ec2.CreateRouteInput) (target string, p netip.Prefix, err error) {
	target, err = targets{
		in.GatewayId, in.NatGatewayId, in.VpcPeeringConnectionId, in.TransitGatewayId,
		[]*string{in.CarrierGatewayId, in.CoreNetworkArn, in.EgressOnlyInternetGatewayId, in.InstanceId, in.LocalGatewayId, in.NetworkInterfaceId, in.VpcEndpointId, in.OdbNetworkArn},
	}.one()
	if err != nil {
		return "", p, err
	}
	p, err = destination(in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.DestinationPrefixListId)
	return target, p, err
}

// destination reads the range that a route is for.
func destination(cidr, cidr6, list *string) (netip.Prefix, error) {
	if cidr6 != nil || list != nil {
		return netip.Prefix{}, fault("UnsupportedOperation", "Routes are for ranges of IPv4 addresses only.")
	}
	if cidr == nil {
		return netip.Prefix{}, fault("MissingParameter", "The request must contain the parameter destinationCidrBlock")
	}
	return block(*cidr, "destinationCidrBlock")
}

// has tells whether a range is exactly one of the network's.
func (v *VPC) has(p netip.Prefix) bool {
	return slices.ContainsFunc(v.Blocks, func(b Block) bool { return prefixOf(b.CIDR) == p })
}
