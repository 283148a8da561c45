package vpc

import (
	"context"
	"net/netip"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateNetworkAclEntry adds an entry to a list.
func (s *Service) CreateNetworkAclEntry(ctx context.Context, in *ec2.CreateNetworkAclEntryInput) (*ec2.CreateNetworkAclEntryOutput, error) {
	err := s.enter(ctx, in, func(a *NetworkACL, e Entry) error {
		if a.entry(e.Number, e.Egress) >= 0 {
			return fault("NetworkAclEntryAlreadyExists", "The network acl entry identified by %d already exists.", e.Number)
		}
		a.insert(e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateNetworkAclEntryOutput{}, nil
}

func (s *Service) createNetworkAclEntryChecks(ctx context.Context, in *ec2.CreateNetworkAclEntryInput) ([]api.Check, error) {
	return s.on(ctx, "CreateNetworkAclEntry", thing{&aclNoun, in.NetworkAclId})
}

// enter writes the entry that a call describes into a list.
func (s *Service) enter(ctx context.Context, in *ec2.CreateNetworkAclEntryInput, write func(a *NetworkACL, e Entry) error) error {
	e, err := entryOf(in)
	if err != nil {
		return err
	}
	return s.change(ctx, func(l look) error {
		a, err := aclNoun.get(l, text(in.NetworkAclId))
		if err != nil {
			return err
		}
		if err := write(a, e); err != nil {
			return err
		}
		return aclNoun.put(l, a)
	})
}

// entryOf reads an entry.
func entryOf(in *ec2.CreateNetworkAclEntryInput) (Entry, error) {
	e := Entry{Egress: yes(in.Egress), Allow: in.RuleAction == types.RuleActionAllow}
	if n := in.RuleNumber; n == nil || *n < 1 || *n >= lastEntry {
		return e, fault("InvalidParameterValue", "Value for parameter ruleNumber is invalid. Rule numbers are between 1 and 32766.")
	}
	e.Number = *in.RuleNumber
	if err := e.readRange(in.CidrBlock, in.Ipv6CidrBlock); err != nil {
		return e, err
	}
	if err := e.readProtocol(text(in.Protocol)); err != nil {
		return e, err
	}
	return e, e.readPorts(in.PortRange, in.IcmpTypeCode)
}

func (e *Entry) readRange(cidr, cidr6 *string) error {
	if (cidr == nil) == (cidr6 == nil) {
		return fault("MissingParameter", "The request must contain exactly one of the parameters cidrBlock or ipv6CidrBlock")
	}
	if cidr != nil {
		p, err := block(*cidr, "cidrBlock")
		e.CIDR = p.String()
		return err
	}
	p, err := netip.ParsePrefix(*cidr6)
	if err != nil || !p.Addr().Is6() {
		return badValue(*cidr6, "ipv6CidrBlock", "This is not a valid CIDR block.")
	}
	e.CIDR6 = p.Masked().String()
	return nil
}

// readProtocol takes a number or AWS's word for one.
func (e *Entry) readProtocol(protocol string) error {
	e.Protocol = protocol
	for n, word := range numbers {
		if word == protocol {
			e.Protocol = n
		}
	}
	if n, err := strconv.Atoi(e.Protocol); err != nil || n < -1 || n > 255 {
		return badValue(e.Protocol, "protocol", "Unknown protocol.")
	}
	return nil
}

// readPorts takes what a protocol with ports, or with types and codes, needs.
func (e *Entry) readPorts(ports *types.PortRange, icmp *types.IcmpTypeCode) error {
	switch e.Protocol {
	case "6", "17":
		if ports == nil || ports.From == nil || ports.To == nil || *ports.From < 0 || *ports.To > 65535 || *ports.From > *ports.To {
			return fault("InvalidParameterValue", "Value for parameter portRange is invalid. A range of ports from 0 to 65535 is needed.")
		}
		e.From, e.To = *ports.From, *ports.To
	case "1", "58":
		if icmp == nil || icmp.Type == nil || icmp.Code == nil {
			return fault("MissingParameter", "The request must contain the parameter icmpTypeCode")
		}
		e.ICMPType, e.ICMPCode = *icmp.Type, *icmp.Code
	}
	return nil
}
