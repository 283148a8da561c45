package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListApiDestinations lists API destinations in the order of their names.
func (s *Service) ListApiDestinations(ctx context.Context, in *eventbridge.ListApiDestinationsInput) (*eventbridge.ListApiDestinationsOutput, error) {
	p, err := pageAt("ListApiDestinations", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &eventbridge.ListApiDestinationsOutput{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		out.ApiDestinations, out.NextToken = []types.ApiDestination{}, nil
		list, err := destinations.List(tx, store.In(api.CallFrom(ctx).Place()), store.Page{After: p.after})
		for _, d := range list {
			if !p.takes(d.Name, deref(in.NamePrefix)) || in.ConnectionArn != nil && d.Connection != *in.ConnectionArn {
				continue
			}
			if p.full(len(out.ApiDestinations)) {
				out.NextToken = p.token(*out.ApiDestinations[len(out.ApiDestinations)-1].Name)
				break
			}
			state, err := d.state(tx)
			if err != nil {
				return err
			}
			out.ApiDestinations = append(out.ApiDestinations, types.ApiDestination{
				ApiDestinationArn: new(d.arn()), Name: &d.Name, ApiDestinationState: state, ConnectionArn: &d.Connection, InvocationEndpoint: &d.Endpoint,
				HttpMethod: d.Method, InvocationRateLimitPerSecond: d.rate(), CreationTime: &d.Created, LastModifiedTime: &d.Modified,
			})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) listApiDestinationsChecks(context.Context, *eventbridge.ListApiDestinationsInput) ([]api.Check, error) {
	return api.OnAny("events:ListApiDestinations"), nil
}
