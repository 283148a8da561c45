package vpc

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// SearchTransitGatewayRoutes lists the routes of a table that fit the filters, of
// which there must be one.
func (s *Service) SearchTransitGatewayRoutes(ctx context.Context, in *ec2.SearchTransitGatewayRoutesInput) (*ec2.SearchTransitGatewayRoutesOutput, error) {
	const operation = "SearchTransitGatewayRoutes"
	if len(in.Filters) == 0 {
		return nil, fault("MissingParameter", "The request must contain the parameter filters")
	}
	if err := filtersOf(operation, in.Filters); err != nil {
		return nil, err
	}
	searched, others, err := searchOf(in.Filters)
	if err != nil {
		return nil, err
	}
	most, from := defaultPage, ""
	if in.MaxResults != nil {
		most = int(*in.MaxResults)
	}
	if in.NextToken != nil {
		var ok bool
		if from, ok = api.After(operation, *in.NextToken); !ok {
			return nil, fault("InvalidParameterValue", "Unable to parse pagination token")
		}
	}
	out := &ec2.SearchTransitGatewayRoutesOutput{}
	err = s.read(ctx, func(l look) error {
		out.Routes, out.AdditionalRoutesAvailable, out.NextToken = []types.TransitGatewayRoute{}, new(false), nil
		t, err := liveTable(l, text(in.TransitGatewayRouteTableId))
		if err != nil {
			return err
		}
		all, err := t.all(l)
		if err != nil {
			return err
		}
		for _, r := range all {
			one, err := r.describe(l)
			if err != nil {
				return err
			}
			ok, err := passes(l, &Head{}, others, func(filter string) ([]string, bool, error) {
				values, known := transitRouteFacts(one, filter)
				return values, known, nil
			})
			switch {
			case err != nil:
				return err
			case !ok || !searched.finds(prefixOf(r.CIDR), all) || from != "" && compare(prefixOf(r.CIDR), prefixOf(from)) <= 0:
			case len(out.Routes) == most:
				*out.AdditionalRoutesAvailable, out.NextToken = true, new(api.Token(operation, *out.Routes[most-1].DestinationCidrBlock))
				return nil
			default:
				out.Routes = append(out.Routes, one)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) searchTransitGatewayRoutesChecks(ctx context.Context, in *ec2.SearchTransitGatewayRoutesInput) ([]api.Check, error) {
	return s.on(ctx, "SearchTransitGatewayRoutes", thing{&transitTableNoun, in.TransitGatewayRouteTableId})
}
