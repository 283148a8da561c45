package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateNetworkAcl makes a list that lets nothing pass.
func (s *Service) CreateNetworkAcl(ctx context.Context, in *ec2.CreateNetworkAclInput) (*ec2.CreateNetworkAclOutput, error) {
	tags, err := specified(in.TagSpecifications, &aclNoun)
	if err != nil {
		return nil, err
	}
	asked := *in
	asked.ClientToken, asked.DryRun = nil, nil
	claim, err := newClaim(in.ClientToken, asked)
	if err != nil {
		return nil, err
	}
	var out types.NetworkAcl
	err = s.change(ctx, func(l look) error {
		had, err := claimed(l, &aclNoun, claim, func(a *NetworkACL) Claim { return a.Claim })
		if err != nil {
			return err
		}
		if had != nil {
			out = had.describe(l)
			return nil
		}
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		a := &NetworkACL{Head: Head{aclNoun.newID(s), tags}, VPC: v.ID, Claim: claim}
		a.insert(Entry{Number: lastEntry, Protocol: anyProtocol, CIDR: everywhere})
		a.insert(Entry{Number: lastEntry, Egress: true, Protocol: anyProtocol, CIDR: everywhere})
		out = a.describe(l)
		return aclNoun.put(l, a)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateNetworkAclOutput{NetworkAcl: &out, ClientToken: in.ClientToken}, nil
}

func (s *Service) createNetworkAclChecks(ctx context.Context, in *ec2.CreateNetworkAclInput) ([]api.Check, error) {
	return s.making(ctx, "CreateNetworkAcl", &aclNoun, in.TagSpecifications, thing{&vpcNoun, in.VpcId})
}
