package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeAvailabilityZones lists the zones of the Region. There are no Local
// Zones and no Wavelength Zones.
func (s *Service) DescribeAvailabilityZones(ctx context.Context, in *ec2.DescribeAvailabilityZonesInput) (*ec2.DescribeAvailabilityZonesOutput, error) {
	if err := filtersOf("DescribeAvailabilityZones", in.Filters); err != nil {
		return nil, err
	}
	call := api.CallFrom(ctx)
	zones := zonesOf(call.Region)
	for _, name := range in.ZoneNames {
		if !slices.ContainsFunc(zones, func(z zone) bool { return z.name == name }) {
			return nil, fault("InvalidParameterValue", "Invalid availability zone: [%s]", name)
		}
	}
	for _, id := range in.ZoneIds {
		if !slices.ContainsFunc(zones, func(z zone) bool { return z.id == id }) {
			return nil, fault("InvalidParameterValue", "Invalid availability zone-id: [%s]", id)
		}
	}
	out := &ec2.DescribeAvailabilityZonesOutput{AvailabilityZones: []types.AvailabilityZone{}}
	for _, z := range zones {
		if len(in.ZoneNames) > 0 && !slices.Contains(in.ZoneNames, z.name) || len(in.ZoneIds) > 0 && !slices.Contains(in.ZoneIds, z.id) {
			continue
		}
		ok, err := passes(look{}, &Head{}, in.Filters, z.facts)
		if err != nil {
			return nil, err
		}
		if ok {
			out.AvailabilityZones = append(out.AvailabilityZones, z.describe())
		}
	}
	return out, nil
}

func (s *Service) describeAvailabilityZonesChecks(context.Context, *ec2.DescribeAvailabilityZonesInput) ([]api.Check, error) {
	return describing("DescribeAvailabilityZones"), nil
}

func (z zone) facts(filter string) ([]string, bool, error) {
	switch filter {
	case "zone-name":
		return []string{z.name}, true, nil
	case "zone-id":
		return []string{z.id}, true, nil
	case "region-name":
		return []string{z.region}, true, nil
	case "state":
		return []string{"available"}, true, nil
	case "zone-type":
		return []string{"availability-zone"}, true, nil
	case "opt-in-status":
		return []string{"opt-in-not-required"}, true, nil
	case "group-name":
		return []string{z.region}, true, nil
	case "message", "parent-zone-id", "parent-zone-name", "group-long-name":
		return nil, true, nil
	}
	return nil, false, nil
}

func (z zone) describe() types.AvailabilityZone {
	return types.AvailabilityZone{
		ZoneName: &z.name, ZoneId: &z.id, RegionName: &z.region, GroupName: &z.region, NetworkBorderGroup: &z.region, ZoneType: new("availability-zone"),
		State: types.AvailabilityZoneStateAvailable, OptInStatus: types.AvailabilityZoneOptInStatusOptInNotRequired, Messages: []types.AvailabilityZoneMessage{},
	}
}
