package vpc

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// DeleteDhcpOptions deletes a set of DHCP options that no network has.
func (s *Service) DeleteDhcpOptions(ctx context.Context, in *ec2.DeleteDhcpOptionsInput) (*ec2.DeleteDhcpOptionsOutput, error) {
	err := s.change(ctx, func(l look) error {
		o, err := dhcpNoun.get(l, text(in.DhcpOptionsId))
		if coded, ok := errors.AsType[smithy.APIError](err); ok && coded.ErrorCode() == dhcpNoun.code+"NotFound" {
			// AWS spells this one code otherwise (terraform-provider-aws, issue 36933).
			return fault("InvalidDhcpOptionsID.NotFound", "%s", coded.ErrorMessage())
		}
		if err != nil {
			return err
		}
		networks, err := vpcNoun.all(l)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(networks, func(v *VPC) bool { return v.DHCP == o.ID }) {
			return fault("DependencyViolation", "The dhcpOptions '%s' has dependencies and cannot be deleted.", o.ID)
		}
		return dhcpNoun.remove(l, o)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteDhcpOptionsOutput{}, nil
}

func (s *Service) deleteDhcpOptionsChecks(ctx context.Context, in *ec2.DeleteDhcpOptionsInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteDhcpOptions", thing{&dhcpNoun, in.DhcpOptionsId})
}
