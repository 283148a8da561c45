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
	if len(in.Filters) == 0 {
		return nil, fault("MissingParameter", "The request must contain the parameter filters")
	}
	most := defaultPage
	if in.MaxResults != nil {
		most = int(*in.MaxResults)
	}
	out := &ec2.SearchTransitGatewayRoutesOutput{}
	err := s.read(ctx, func(l look) error {
		out.Routes, out.AdditionalRoutesAvailable = []types.TransitGatewayRoute{}, new(false)
		t, err := liveTable(l, text(in.TransitGatewayRouteTableId))
		if err != nil {
			return err
		}
		all, err := t.all(l)
		for _, r := range all {
			if err != nil {
				return err
			}
			var one types.TransitGatewayRoute
			if one, err = r.describe(l); err != nil {
				return err
			}
			ok, no := passes(l, &Head{}, in.Filters, func(filter string) ([]string, bool, error) {
				values, known := transitRouteFacts(one, filter)
				return values, known, nil
			})
			switch {
			case no != nil:
				return no
			case ok && len(out.Routes) < most:
				out.Routes = append(out.Routes, one)
			case ok:
				*out.AdditionalRoutesAvailable = true
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) searchTransitGatewayRoutesChecks(ctx context.Context, in *ec2.SearchTransitGatewayRoutesInput) ([]api.Check, error) {
	return s.on(ctx, "SearchTransitGatewayRoutes", thing{&transitTableNoun, in.TransitGatewayRouteTableId})
}
