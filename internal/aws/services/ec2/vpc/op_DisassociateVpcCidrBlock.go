package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DisassociateVpcCidrBlock takes a range from a network, in which no subnet lies;
// the first one stays.
func (s *Service) DisassociateVpcCidrBlock(ctx context.Context, in *ec2.DisassociateVpcCidrBlockInput) (*ec2.DisassociateVpcCidrBlockOutput, error) {
	var out *ec2.DisassociateVpcCidrBlockOutput
	err := s.change(ctx, func(l look) error {
		v, i, err := networkWith(l, text(in.AssociationId))
		if err != nil {
			return err
		}
		b := v.Blocks[i]
		if i == 0 {
			return fault("OperationNotPermitted", "The vpc CIDR block with association ID %s may not be disassociated. It is the primary IPv4 CIDR block of the VPC", b.ID)
		}
		inside, err := subnetNoun.in(l, v.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(inside, func(n *Subnet) bool { return within(prefixOf(b.CIDR), n.prefix()) }) {
			return fault("InvalidCidrBlock.InUse", "The vpc %s currently has a subnet within CIDR block %s", v.ID, b.CIDR)
		}
		v.Blocks = slices.Delete(v.Blocks, i, i+1)
		out = &ec2.DisassociateVpcCidrBlockOutput{VpcId: &v.ID, CidrBlockAssociation: new(b.describe(types.VpcCidrBlockStateCodeDisassociated))}
		return vpcNoun.put(l, v)
	})
	return out, err
}

func (s *Service) disassociateVpcCidrBlockChecks(ctx context.Context, in *ec2.DisassociateVpcCidrBlockInput) ([]api.Check, error) {
	var network *string
	call := api.CallFrom(ctx)
	err := s.store.View(ctx, func(tx *store.Tx) error {
		v, _, err := networkWith(look{tx, store.In(call.Place()), call.Time}, text(in.AssociationId))
		if err == nil {
			network = &v.ID
		}
		return unlessModelled(err)
	})
	if err != nil {
		return nil, err
	}
	return s.on(ctx, "DisassociateVpcCidrBlock", thing{&vpcNoun, network})
}

// networkWith finds the network that has a range by the association's id, and the
// place of the range.
func networkWith(l look, association string) (*VPC, int, error) {
	all, err := vpcNoun.all(l)
	for _, v := range all {
		if i := slices.IndexFunc(v.Blocks, func(b Block) bool { return b.ID == association }); i >= 0 {
			return v, i, nil
		}
	}
	if err != nil {
		return nil, 0, err
	}
	return nil, 0, fault("InvalidVpcCidrBlockAssociationID.NotFound", "The vpc CIDR block association ID '%s' does not exist", association)
}
