package vpc

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Peering joins two networks. Each side's account and Region has its own
// record, with its own tags; moves are written to both.
type Peering struct {
	Head
	Requester, Accepter Side
	State               string
	Message             string
	CreatedAt           time.Time
	EndedAt             time.Time `json:",omitzero"`
}

// Side is a network of a peering connection. Names says whether machines of the
// other network are told its private addresses for its public names.
type Side struct {
	Account, Region, VPC, CIDR string

	Names bool `json:",omitempty"`
}

// in is where the side's own records are.
func (d Side) in(l look) look { return look{l.tx, store.In(d.Account, d.Region), l.now} }

// ranges are all ranges of the side's network; none where it was not found.
func (d Side) ranges(l look) ([]string, error) {
	v, err := vpcNoun.get(d.in(l), d.VPC)
	if err != nil || d.CIDR == "" {
		return given(d.CIDR), unlessModelled(err)
	}
	var out []string
	for _, b := range v.Blocks {
		out = append(out, b.CIDR)
	}
	return out, nil
}

// The states of a peering connection (VPC Peering Guide, "VPC peering
// connection lifecycle").
const (
	peeringPending  = string(types.VpcPeeringConnectionStateReasonCodePendingAcceptance)
	peeringActive   = string(types.VpcPeeringConnectionStateReasonCodeActive)
	peeringFailed   = string(types.VpcPeeringConnectionStateReasonCodeFailed)
	peeringExpired  = string(types.VpcPeeringConnectionStateReasonCodeExpired)
	peeringRejected = string(types.VpcPeeringConnectionStateReasonCodeRejected)
	peeringDeleted  = string(types.VpcPeeringConnectionStateReasonCodeDeleted)
)

// patience is how long a request waits for its answer; shown is how long an
// ended connection is listed.
const (
	patience = 7 * 24 * time.Hour
	shown    = 2 * time.Hour
)

var peerings = store.Table[Peering]{Name: "ec2.peerings", Reach: store.Regional, Key: func(p *Peering) string { return p.ID }}

var peeringNoun = noun[Peering]{
	table: &peerings, prefix: "pcx", arn: "vpc-peering-connection", code: "InvalidVpcPeeringConnectionID.",
	text: "The vpcPeeringConnection ID '%s' does not exist",
	head: func(p *Peering) *Head { return &p.Head }, facts: peeringFacts, gone: (*Peering).gone,
}

// state is the state now: a request that nobody answered expires.
func (p *Peering) state(now time.Time) string {
	if p.State == peeringPending && !now.Before(p.CreatedAt.Add(patience)) {
		return peeringExpired
	}
	return p.State
}

func (p *Peering) gone(now time.Time) bool {
	ended := p.EndedAt
	if p.state(now) == peeringExpired {
		ended = p.CreatedAt.Add(patience)
	}
	return !ended.IsZero() && now.Sub(ended) >= shown
}

// joins tells whether a network of the scope is a side of the connection.
func (p *Peering) joins(l look, vpc string) bool {
	for _, side := range []Side{p.Requester, p.Accepter} {
		if side.is(l, vpc) {
			return true
		}
	}
	return false
}

// is tells whether the side is a network of the scope.
func (d Side) is(l look, vpc string) bool {
	return d.Account == l.sc.Account && d.Region == l.sc.Region && d.VPC == vpc
}

// across is the other side than a network of the scope.
func (p *Peering) across(l look, vpc string) Side {
	if p.Requester.is(l, vpc) {
		return p.Accepter
	}
	return p.Requester
}

// move puts the connection into a state, on both sides.
func (p *Peering) move(l look, state, message string) error {
	now := p.state(l.now)
	legal := now == peeringPending || state == peeringDeleted && now == peeringActive || state == peeringActive && now == peeringActive
	if !legal {
		return fault("InvalidStateTransition", "Invalid state transition for %s, attempted to transition from %s to %s", p.ID, now, state)
	}
	return p.both(l, func(r *Peering) {
		r.State, r.Message = state, message
		if state != peeringActive {
			r.EndedAt = l.now
		}
	})
}

// both changes the records of both sides, and the connection itself.
func (p *Peering) both(l look, change func(*Peering)) error {
	for _, side := range []Side{p.Requester, p.Accepter} {
		r, err := peeringNoun.get(side.in(l), p.ID)
		if err != nil {
			return err
		}
		change(r)
		if err := peeringNoun.put(side.in(l), r); err != nil {
			return err
		}
	}
	change(p)
	return nil
}

func peeringFacts(l look, p *Peering, filter string) ([]string, bool, error) {
	switch filter {
	case "vpc-peering-connection-id":
		return []string{p.ID}, true, nil
	case "status-code":
		return []string{p.state(l.now)}, true, nil
	case "status-message":
		return []string{p.Message}, true, nil
	case "requester-vpc-info.vpc-id":
		return []string{p.Requester.VPC}, true, nil
	case "requester-vpc-info.owner-id":
		return []string{p.Requester.Account}, true, nil
	case "requester-vpc-info.cidr-block":
		ranges, err := p.Requester.ranges(l)
		return ranges, true, err
	case "accepter-vpc-info.vpc-id":
		return []string{p.Accepter.VPC}, true, nil
	case "accepter-vpc-info.owner-id":
		return []string{p.Accepter.Account}, true, nil
	case "accepter-vpc-info.cidr-block":
		ranges, err := p.Accepter.ranges(l)
		return ranges, true, err
	case "expiration-time":
		return []string{p.CreatedAt.Add(patience).UTC().Format(time.RFC3339)}, true, nil
	}
	return nil, false, nil
}

func (p *Peering) describe(l look) (types.VpcPeeringConnection, error) {
	out := types.VpcPeeringConnection{
		VpcPeeringConnectionId: &p.ID, Tags: tagList(p.Tags),
		Status: &types.VpcPeeringConnectionStateReason{Code: types.VpcPeeringConnectionStateReasonCode(p.state(l.now)), Message: &p.Message},
	}
	if p.State == peeringPending {
		out.ExpirationTime = new(p.CreatedAt.Add(patience))
	}
	var err error
	if out.RequesterVpcInfo, err = p.Requester.describe(l); err == nil {
		out.AccepterVpcInfo, err = p.Accepter.describe(l)
	}
	return out, err
}

func (d Side) describe(l look) (*types.VpcPeeringConnectionVpcInfo, error) {
	out := &types.VpcPeeringConnectionVpcInfo{VpcId: &d.VPC, OwnerId: &d.Account, Region: &d.Region, CidrBlock: api.Optional(d.CIDR)}
	ranges, err := d.ranges(l)
	for _, r := range ranges {
		out.CidrBlockSet = append(out.CidrBlockSet, types.CidrBlock{CidrBlock: &r})
	}
	if d.CIDR != "" {
		out.PeeringOptions = &types.VpcPeeringConnectionOptionsDescription{
			AllowDnsResolutionFromRemoteVpc: &d.Names, AllowEgressFromLocalClassicLinkToRemoteVpc: new(false), AllowEgressFromLocalVpcToRemoteClassicLink: new(false),
		}
	}
	return out, err
}
