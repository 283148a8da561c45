package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteCustomerGateway deletes a customer gateway to which no VPN connection leads.
func (s *Service) DeleteCustomerGateway(ctx context.Context, in *ec2.DeleteCustomerGatewayInput) (*ec2.DeleteCustomerGatewayOutput, error) {
	err := s.change(ctx, func(l look) error {
		g, err := customerGatewayNoun.get(l, text(in.CustomerGatewayId))
		if err == nil && !g.DeletedAt.IsZero() {
			err = customerGatewayNoun.unknown(g.ID)
		}
		if err != nil {
			return err
		}
		used, err := holding(l, func(c *VPNConnection) bool { return c.Customer == g.ID })
		if err != nil {
			return err
		}
		if used {
			return fault("IncorrectState", "The customer gateway is in use.")
		}
		g.DeletedAt = l.now
		return customerGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteCustomerGatewayOutput{}, nil
}

func (s *Service) deleteCustomerGatewayChecks(ctx context.Context, in *ec2.DeleteCustomerGatewayInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteCustomerGateway", thing{&customerGatewayNoun, in.CustomerGatewayId})
}
