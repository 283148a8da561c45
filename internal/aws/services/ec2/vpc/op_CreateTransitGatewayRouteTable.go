package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateTransitGatewayRouteTable makes a route table of a transit gateway.
func (s *Service) CreateTransitGatewayRouteTable(ctx context.Context, in *ec2.CreateTransitGatewayRouteTableInput) (*ec2.CreateTransitGatewayRouteTableOutput, error) {
	tags, err := specified(in.TagSpecifications, &transitTableNoun)
	if err != nil {
		return nil, err
	}
	var out types.TransitGatewayRouteTable
	err = s.change(ctx, func(l look) error {
		g, err := liveTransit(l, text(in.TransitGatewayId))
		if err != nil {
			return err
		}
		t := &TransitTable{Head: Head{transitTableNoun.newID(s), tags}, Transit: g.ID, CreatedAt: l.now}
		if out, err = t.describe(l); err != nil {
			return err
		}
		return transitTableNoun.put(l, t)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateTransitGatewayRouteTableOutput{TransitGatewayRouteTable: &out}, nil
}

func (s *Service) createTransitGatewayRouteTableChecks(ctx context.Context, in *ec2.CreateTransitGatewayRouteTableInput) ([]api.Check, error) {
	return s.making(ctx, "CreateTransitGatewayRouteTable", &transitTableNoun, in.TagSpecifications, thing{&transitGatewayNoun, in.TransitGatewayId})
}
