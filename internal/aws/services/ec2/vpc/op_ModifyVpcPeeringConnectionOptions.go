package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// ModifyVpcPeeringConnectionOptions changes what each side of a connection lets
// the other one do. Those of one side are its own account's, in its own Region.
func (s *Service) ModifyVpcPeeringConnectionOptions(ctx context.Context, in *ec2.ModifyVpcPeeringConnectionOptionsInput) (*ec2.ModifyVpcPeeringConnectionOptionsOutput, error) {
	asked, accepts := in.RequesterPeeringConnectionOptions, in.AccepterPeeringConnectionOptions
	if asked == nil && accepts == nil {
		return nil, fault("MissingParameter", "The request must contain the parameter requesterPeeringConnectionOptions or accepterPeeringConnectionOptions")
	}
	for _, o := range []*types.PeeringConnectionOptionsRequest{asked, accepts} {
		if o != nil && (yes(o.AllowEgressFromLocalClassicLinkToRemoteVpc) || yes(o.AllowEgressFromLocalVpcToRemoteClassicLink)) {
			return nil, fault("InvalidParameterValue", "EC2-Classic is retired.")
		}
	}
	out := &ec2.ModifyVpcPeeringConnectionOptionsOutput{}
	err := s.change(ctx, func(l look) error {
		p, err := peeringNoun.get(l, text(in.VpcPeeringConnectionId))
		if err != nil {
			return err
		}
		if p.state(l.now) != peeringActive {
			return fault("OperationNotPermitted", "Peering %s is not active. Peering options can be added only to active peerings.", p.ID)
		}
		if asked != nil {
			if err := p.Requester.own(l, "Requester"); err != nil {
				return err
			}
		}
		if accepts != nil {
			if err := p.Accepter.own(l, "Accepter"); err != nil {
				return err
			}
		}
		if err := p.both(l, func(r *Peering) { r.Requester.allow(asked); r.Accepter.allow(accepts) }); err != nil {
			return err
		}
		out.RequesterPeeringConnectionOptions, out.AccepterPeeringConnectionOptions = p.Requester.allows(asked), p.Accepter.allows(accepts)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) modifyVpcPeeringConnectionOptionsChecks(ctx context.Context, in *ec2.ModifyVpcPeeringConnectionOptionsInput) ([]api.Check, error) {
	return s.on(ctx, "ModifyVpcPeeringConnectionOptions", thing{&peeringNoun, in.VpcPeeringConnectionId})
}

// own refuses a side that is not the caller's.
func (d Side) own(l look, which string) error {
	switch {
	case d.Account != l.sc.Account:
		return fault("OperationNotPermitted", "User %s cannot modify %s's VPC Peering connection options.", l.sc.Account, which)
	case d.Region != l.sc.Region:
		return fault("OperationNotPermitted", "%s's VPC Peering connection options cannot be modified for a different region", which)
	}
	return nil
}

// allow writes down what a request says; what it does not say stays.
func (d *Side) allow(o *types.PeeringConnectionOptionsRequest) {
	if o != nil && o.AllowDnsResolutionFromRemoteVpc != nil {
		d.Names = *o.AllowDnsResolutionFromRemoteVpc
	}
}

// allows shows the options of a side that a request was about.
func (d Side) allows(o *types.PeeringConnectionOptionsRequest) *types.PeeringConnectionOptions {
	if o == nil {
		return nil
	}
	return &types.PeeringConnectionOptions{
		AllowDnsResolutionFromRemoteVpc: &d.Names, AllowEgressFromLocalClassicLinkToRemoteVpc: new(false), AllowEgressFromLocalVpcToRemoteClassicLink: new(false),
	}
}
