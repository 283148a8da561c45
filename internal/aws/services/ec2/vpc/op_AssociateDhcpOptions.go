package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// AssociateDhcpOptions gives a network a set of DHCP options, or "default": none.
func (s *Service) AssociateDhcpOptions(ctx context.Context, in *ec2.AssociateDhcpOptionsInput) (*ec2.AssociateDhcpOptionsOutput, error) {
	id := text(in.DhcpOptionsId)
	err := s.change(ctx, func(l look) error {
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		if id != noOptions {
			if _, err := dhcpNoun.get(l, id); err != nil {
				return err
			}
		}
		v.DHCP = id
		return vpcNoun.put(l, v)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.AssociateDhcpOptionsOutput{}, nil
}

func (s *Service) associateDhcpOptionsChecks(ctx context.Context, in *ec2.AssociateDhcpOptionsInput) ([]api.Check, error) {
	things := []thing{{&vpcNoun, in.VpcId}}
	if text(in.DhcpOptionsId) != noOptions {
		things = append(things, thing{&dhcpNoun, in.DhcpOptionsId})
	}
	return s.on(ctx, "AssociateDhcpOptions", things...)
}
