package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateInternetGateway makes an internet gateway.
func (s *Service) CreateInternetGateway(ctx context.Context, in *ec2.CreateInternetGatewayInput) (*ec2.CreateInternetGatewayOutput, error) {
	tags, err := specified(in.TagSpecifications, &internetGatewayNoun)
	if err != nil {
		return nil, err
	}
	var out types.InternetGateway
	err = s.change(ctx, func(l look) error {
		g := &InternetGateway{Head: Head{internetGatewayNoun.newID(s), tags}}
		out = g.describe(l)
		return internetGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateInternetGatewayOutput{InternetGateway: &out}, nil
}

func (s *Service) createInternetGatewayChecks(ctx context.Context, in *ec2.CreateInternetGatewayInput) ([]api.Check, error) {
	return s.making(ctx, "CreateInternetGateway", &internetGatewayNoun, in.TagSpecifications)
}
