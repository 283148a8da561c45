package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DetachInternetGateway detaches an internet gateway. Routes to it become black holes.
func (s *Service) DetachInternetGateway(ctx context.Context, in *ec2.DetachInternetGatewayInput) (*ec2.DetachInternetGatewayOutput, error) {
	err := s.change(ctx, func(l look) error {
		g, err := internetGatewayNoun.get(l, text(in.InternetGatewayId))
		if err != nil {
			return err
		}
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		if g.VPC != v.ID {
			return fault("Gateway.NotAttached", "resource %s is not attached to network %s", g.ID, v.ID)
		}
		gateways, err := natNoun.in(l, v.ID)
		if err != nil {
			return err
		}
		seats, err := interfaceNoun.in(l, v.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(gateways, func(n *NATGateway) bool { return n.Public != "" && n.DeletedAt.IsZero() }) ||
			slices.ContainsFunc(seats, func(i *Interface) bool { return i.Public != "" }) {
			return fault("DependencyViolation", "Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.", v.ID)
		}
		g.VPC = ""
		return internetGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DetachInternetGatewayOutput{}, nil
}

func (s *Service) detachInternetGatewayChecks(ctx context.Context, in *ec2.DetachInternetGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "DetachInternetGateway", thing{&internetGatewayNoun, in.InternetGatewayId}, thing{&vpcNoun, in.VpcId})
}
