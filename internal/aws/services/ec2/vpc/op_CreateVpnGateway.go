package vpc

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateVpnGateway makes a VPN gateway that is attached to no network.
func (s *Service) CreateVpnGateway(ctx context.Context, in *ec2.CreateVpnGatewayInput) (*ec2.CreateVpnGatewayOutput, error) {
	tags, err := specified(in.TagSpecifications, &vpnGatewayNoun)
	if err != nil {
		return nil, err
	}
	asn := int64(64512)
	if in.AmazonSideAsn != nil {
		asn = *in.AmazonSideAsn
	}
	if !private(asn) {
		return nil, badValue(strconv.FormatInt(asn, 10), "amazonSideAsn", "The ASN must be in the range 64512 to 65534, or 4200000000 to 4294967294.")
	}
	if text(in.AvailabilityZone) != "" { // Terraform sends an empty one for none
		if _, err := zoneBy(api.CallFrom(ctx).Region, *in.AvailabilityZone, ""); err != nil {
			return nil, err
		}
	}
	var out types.VpnGateway
	err = s.change(ctx, func(l look) error {
		if err := vpnGatewayNoun.sweep(l); err != nil {
			return err
		}
		g := &VPNGateway{Head: Head{vpnGatewayNoun.newID(s), tags}, ASN: asn, Zone: text(in.AvailabilityZone)}
		out = g.describe()
		return vpnGatewayNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateVpnGatewayOutput{VpnGateway: &out}, nil
}

func (s *Service) createVpnGatewayChecks(ctx context.Context, in *ec2.CreateVpnGatewayInput) ([]api.Check, error) {
	return s.making(ctx, "CreateVpnGateway", &vpnGatewayNoun, in.TagSpecifications)
}

// private tells whether a number is one of the private range of ASNs (RFC 6996).
func private(asn int64) bool {
	return asn >= 64512 && asn <= 65534 || asn >= 4200000000 && asn <= 4294967294
}
