package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateRouteTable makes a route table that leads inside the network only.
func (s *Service) CreateRouteTable(ctx context.Context, in *ec2.CreateRouteTableInput) (*ec2.CreateRouteTableOutput, error) {
	tags, err := specified(in.TagSpecifications, &routeTableNoun)
	if err != nil {
		return nil, err
	}
	asked := *in
	asked.ClientToken, asked.DryRun = nil, nil
	claim, err := newClaim(in.ClientToken, asked)
	if err != nil {
		return nil, err
	}
	var out types.RouteTable
	err = s.change(ctx, func(l look) error {
		had, err := claimed(l, &routeTableNoun, claim, func(t *RouteTable) Claim { return t.Claim })
		if err != nil {
			return err
		}
		if had != nil {
			out, err = had.describe(l)
			return err
		}
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		t := &RouteTable{Head: Head{routeTableNoun.newID(s), tags}, VPC: v.ID, Claim: claim}
		if err := routeTableNoun.put(l, t); err != nil {
			return err
		}
		out, err = t.describe(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateRouteTableOutput{RouteTable: &out, ClientToken: in.ClientToken}, nil
}

func (s *Service) createRouteTableChecks(ctx context.Context, in *ec2.CreateRouteTableInput) ([]api.Check, error) {
	return s.making(ctx, "CreateRouteTable", &routeTableNoun, in.TagSpecifications, thing{&vpcNoun, in.VpcId})
}
