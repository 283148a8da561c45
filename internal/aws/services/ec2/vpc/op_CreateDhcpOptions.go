package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateDhcpOptions makes a set of DHCP options, which never changes.
func (s *Service) CreateDhcpOptions(ctx context.Context, in *ec2.CreateDhcpOptionsInput) (*ec2.CreateDhcpOptionsOutput, error) {
	options, err := newDHCPOptions(in.DhcpConfigurations)
	if err != nil {
		return nil, err
	}
	tags, err := specified(in.TagSpecifications, &dhcpNoun)
	if err != nil {
		return nil, err
	}
	o := &DHCPOptions{Head{dhcpNoun.newID(s), tags}, options}
	var out types.DhcpOptions
	err = s.change(ctx, func(l look) error {
		out = o.describe(l)
		return dhcpNoun.put(l, o)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateDhcpOptionsOutput{DhcpOptions: &out}, nil
}

func (s *Service) createDhcpOptionsChecks(ctx context.Context, in *ec2.CreateDhcpOptionsInput) ([]api.Check, error) {
	return s.making(ctx, "CreateDhcpOptions", &dhcpNoun, in.TagSpecifications)
}
