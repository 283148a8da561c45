package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// ReplaceRoute lets a route lead elsewhere.
func (s *Service) ReplaceRoute(ctx context.Context, in *ec2.ReplaceRouteInput) (*ec2.ReplaceRouteOutput, error) {
	if yes(in.LocalTarget) {
		return nil, fault("UnsupportedOperation", "A local route leads inside the network only.")
	}
	to, p, err := wayOf(&ec2.CreateRouteInput{
		GatewayId: in.GatewayId, NatGatewayId: in.NatGatewayId, VpcPeeringConnectionId: in.VpcPeeringConnectionId, TransitGatewayId: in.TransitGatewayId,
		CarrierGatewayId: in.CarrierGatewayId, CoreNetworkArn: in.CoreNetworkArn, EgressOnlyInternetGatewayId: in.EgressOnlyInternetGatewayId,
		InstanceId: in.InstanceId, LocalGatewayId: in.LocalGatewayId, NetworkInterfaceId: in.NetworkInterfaceId, VpcEndpointId: in.VpcEndpointId, OdbNetworkArn: in.OdbNetworkArn,
		DestinationCidrBlock: in.DestinationCidrBlock, DestinationIpv6CidrBlock: in.DestinationIpv6CidrBlock, DestinationPrefixListId: in.DestinationPrefixListId,
	})
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(l look) error {
		return s.changeTable(l, in.RouteTableId, func(t *RouteTable) error {
			i := t.route(p)
			if i < 0 {
				return fault("InvalidParameterValue", "There is no route defined for '%s' in the route table. Use CreateRoute instead.", p)
			}
			t.Routes[i].Target = to
			return reachable(l, t, to)
		})
	})
	if err != nil {
		return nil, err
	}
	return &ec2.ReplaceRouteOutput{}, nil
}

func (s *Service) replaceRouteChecks(ctx context.Context, in *ec2.ReplaceRouteInput) ([]api.Check, error) {
	return s.on(ctx, "ReplaceRoute", thing{&routeTableNoun, in.RouteTableId})
}
