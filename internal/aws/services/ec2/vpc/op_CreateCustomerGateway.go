package vpc

import (
	"cmp"
	"context"
	"net/netip"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateCustomerGateway makes a customer gateway. The same one again is the one that is there.
func (s *Service) CreateCustomerGateway(ctx context.Context, in *ec2.CreateCustomerGatewayInput) (*ec2.CreateCustomerGatewayOutput, error) {
	g, err := s.customerGateway(in)
	if err != nil {
		return nil, err
	}
	var out types.CustomerGateway
	err = s.change(ctx, func(l look) error {
		there, err := customerGatewayNoun.all(l)
		if err != nil {
			return err
		}
		for _, o := range there {
			if o.DeletedAt.IsZero() && o.ASN == g.ASN && o.Address == g.Address && o.Certificate == g.Certificate {
				out = o.describe()
				return nil
			}
		}
		if err := customerGatewayNoun.sweep(l); err != nil {
			return err
		}
		out = g.describe()
		return customerGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateCustomerGatewayOutput{CustomerGateway: &out}, nil
}

func (s *Service) createCustomerGatewayChecks(ctx context.Context, in *ec2.CreateCustomerGatewayInput) ([]api.Check, error) {
	return s.making(ctx, "CreateCustomerGateway", &customerGatewayNoun, in.TagSpecifications)
}

// customerGateway reads what a call asks for.
func (s *Service) customerGateway(in *ec2.CreateCustomerGatewayInput) (*CustomerGateway, error) {
	tags, err := specified(in.TagSpecifications, &customerGatewayNoun)
	if err != nil {
		return nil, err
	}
	g := &CustomerGateway{
		Head: Head{customerGatewayNoun.newID(s), tags}, ASN: "65000", Address: cmp.Or(text(in.IpAddress), text(in.PublicIp)), Certificate: text(in.CertificateArn), Device: text(in.DeviceName),
	}
	switch {
	case in.BgpAsn != nil && in.BgpAsnExtended != nil:
		return nil, fault("InvalidParameterCombination", "Only one of bgpAsn and bgpAsnExtended may be given.")
	case in.BgpAsn != nil:
		g.ASN = strconv.Itoa(int(*in.BgpAsn))
	case in.BgpAsnExtended != nil:
		g.ASN = strconv.FormatInt(*in.BgpAsnExtended, 10)
	}
	if n, err := strconv.ParseInt(g.ASN, 10, 64); err != nil || n < 1 || n > 4294967294 {
		return nil, badValue(g.ASN, "bgpAsn", "The ASN must be between 1 and 4294967294.")
	}
	if g.Address == "" && g.Certificate == "" {
		return nil, fault("MissingParameter", "The request must contain the parameter ipAddress")
	}
	if a, err := netip.ParseAddr(g.Address); g.Address != "" && (err != nil || a.IsUnspecified() || a.IsMulticast() || a.IsLoopback()) {
		return nil, badValue(g.Address, "ipAddress", "The IP address is not valid.")
	}
	return g, nil
}
