package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
)

// TestEventPattern tells whether an event fits a pattern.
func (s *Service) TestEventPattern(ctx context.Context, in *eventbridge.TestEventPatternInput) (*eventbridge.TestEventPatternOutput, error) {
	p, err := checkPattern(*in.EventPattern)
	if err != nil {
		return nil, err
	}
	v, err := decode(*in.Event)
	if err != nil {
		return nil, invalid("Parameter Event is not valid.")
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, invalid("Parameter Event is not valid.")
	}
	for _, name := range []string{"id", "account", "source", "time", "region", "resources", "detail-type"} {
		if _, ok := object[name]; !ok {
			return nil, invalid("Parameter Event is not valid. Reason: the member %s is required.", name)
		}
	}
	return &eventbridge.TestEventPatternOutput{Result: p.Matches(v)}, nil
}

func (s *Service) testEventPatternChecks(context.Context, *eventbridge.TestEventPatternInput) ([]api.Check, error) {
	return api.OnAny("events:TestEventPattern"), nil
}
