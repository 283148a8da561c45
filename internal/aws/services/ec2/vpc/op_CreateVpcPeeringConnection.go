package vpc

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateVpcPeeringConnection asks another network, of any account and Region, to be joined.
func (s *Service) CreateVpcPeeringConnection(ctx context.Context, in *ec2.CreateVpcPeeringConnectionInput) (*ec2.CreateVpcPeeringConnectionOutput, error) {
	if in.PeerVpcId == nil {
		return nil, fault("MissingParameter", "The request must contain the parameter peerVpcId")
	}
	tags, err := specified(in.TagSpecifications, &peeringNoun)
	if err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	to := Side{Account: cmp.Or(text(in.PeerOwnerId), call.Account), Region: cmp.Or(text(in.PeerRegion), call.Region), VPC: *in.PeerVpcId}
	var out types.VpcPeeringConnection
	err = s.change(ctx, func(l look) error {
		v, err := vpcNoun.get(l, text(in.VpcId))
		if err != nil {
			return err
		}
		if err := peeringNoun.sweep(l); err != nil {
			return err
		}
		if err := notPeered(l, v, to); err != nil {
			return err
		}
		p := &Peering{Head: Head{peeringNoun.newID(s), tags}, State: peeringPending, CreatedAt: l.now, EndedAt: time.Time{}}
		p.Message = "Pending Acceptance by " + to.Account
		p.Requester = Side{Account: l.sc.Account, Region: l.sc.Region, VPC: v.ID, CIDR: v.Blocks[0].CIDR}
		if err := s.request(l, p, v, to); err != nil {
			return err
		}
		out, err = p.describe(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateVpcPeeringConnectionOutput{VpcPeeringConnection: &out}, nil
}

func (s *Service) createVpcPeeringConnectionChecks(ctx context.Context, in *ec2.CreateVpcPeeringConnectionInput) ([]api.Check, error) {
	return s.making(ctx, "CreateVpcPeeringConnection", &peeringNoun, in.TagSpecifications, thing{&vpcNoun, in.VpcId})
}

// notPeered refuses a second connection between two networks (VPC Peering Guide,
// "VPC peering limitations").
func notPeered(l look, from *VPC, to Side) error {
	all, err := peeringNoun.all(l)
	for _, p := range all {
		far := look{l.tx, store.Scope{Account: to.Account, Region: to.Region}, l.now}
		state := p.state(l.now)
		if p.joins(l, from.ID) && p.joins(far, to.VPC) && from.ID != to.VPC && (state == peeringPending || state == peeringActive) {
			return fault("VpcPeeringConnectionAlreadyExists", "A VPC peering connection (%s) between the VPCs already exists.", p.ID)
		}
	}
	return err
}

// request tells the other side of a request. One that can never be, for the
// other network is not there or has the same addresses, fails.
func (s *Service) request(l look, p *Peering, from *VPC, to Side) error {
	there := look{l.tx, store.In(to.Account, to.Region), l.now}
	other, err := vpcNoun.get(there, to.VPC)
	if err := unlessModelled(err); err != nil {
		return err
	}
	p.Accepter = to
	if other == nil || from.ID == other.ID || slices.ContainsFunc(other.Blocks, func(b Block) bool { return from.overlaps(prefixOf(b.CIDR)) }) {
		p.State, p.Message, p.EndedAt = peeringFailed, "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range", l.now
		return peeringNoun.put(l, p)
	}
	p.Accepter.CIDR = other.Blocks[0].CIDR
	if err := peeringNoun.put(l, p); err != nil || there.sc == l.sc {
		return err
	}
	copied := *p
	copied.Tags = nil
	return peeringNoun.put(there, &copied)
}
