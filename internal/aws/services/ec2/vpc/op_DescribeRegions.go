package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// DescribeRegions lists the Regions that every account has. Endpoints are named
// as AWS names them; they answer here once the names lead here.
func (s *Service) DescribeRegions(ctx context.Context, in *ec2.DescribeRegionsInput) (*ec2.DescribeRegionsOutput, error) {
	if err := filtersOf("DescribeRegions", in.Filters); err != nil {
		return nil, err
	}
	for _, name := range in.RegionNames {
		if !slices.ContainsFunc(regions, func(r region) bool { return r.name == name }) {
			return nil, fault("InvalidParameterValue", "Invalid region names: [%s]", name)
		}
	}
	out := &ec2.DescribeRegionsOutput{Regions: []types.Region{}}
	for _, r := range regions {
		if len(in.RegionNames) > 0 && !slices.Contains(in.RegionNames, r.name) {
			continue
		}
		ok, err := passes(look{}, &Head{}, in.Filters, r.facts)
		if err != nil {
			return nil, err
		}
		if ok {
			out.Regions = append(out.Regions, types.Region{RegionName: &r.name, Endpoint: new(r.endpoint()), OptInStatus: new("opt-in-not-required")})
		}
	}
	return out, nil
}

func (s *Service) describeRegionsChecks(context.Context, *ec2.DescribeRegionsInput) ([]api.Check, error) {
	return describing("DescribeRegions"), nil
}

func (r region) endpoint() string { return "ec2." + r.name + ".amazonaws.com" }

func (r region) facts(filter string) ([]string, bool, error) {
	switch filter {
	case "region-name":
		return []string{r.name}, true, nil
	case "endpoint":
		return []string{r.endpoint()}, true, nil
	case "opt-in-status":
		return []string{"opt-in-not-required"}, true, nil
	}
	return nil, false, nil
}
