package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// DecideRequestInput is a vote; who votes is who calls.
type DecideRequestInput struct {
	RequestId *string
	Agree     *bool
	Reason    *string // wanted of who does not agree
	Language  *string
}

// DecideRequestOutput is where the request stands after it.
type DecideRequestOutput struct{ Request *Request }

// DecideRequest agrees to a request or refuses it. The rules are the desk's:
// nobody decides about their own, nobody votes twice, only who is asked.
func (s *Service) DecideRequest(ctx context.Context, in *DecideRequestInput) (*DecideRequestOutput, error) {
	if s.ports.Requests == nil {
		return nil, none()
	}
	r, err := s.ports.Requests.Decide(ctx, visitor(api.CallFrom(ctx), in.Language), *in.RequestId, *in.Agree, value(in.Reason))
	if err != nil {
		return nil, refused(err)
	}
	return &DecideRequestOutput{r}, nil
}

// There is no such right on AWS.
func (s *Service) decideRequestChecks(context.Context, *DecideRequestInput) ([]api.Check, error) {
	return api.OnAny("tamachi:DecideRequest"), nil
}
