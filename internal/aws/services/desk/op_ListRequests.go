package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// ListRequestsInput asks for a page of requests.
type ListRequestsInput struct {
	MaxResults *int32
	NextToken  *string
}

// ListRequestsOutput is a page of requests, the newest first, and who the caller
// is to the desk.
type ListRequestsOutput struct {
	Person    *string
	Requests  []Request
	NextToken *string
}

// ListRequests lists what was asked for in the caller's account on this plane.
func (s *Service) ListRequests(ctx context.Context, in *ListRequestsInput) (*ListRequestsOutput, error) {
	if s.ports.Requests == nil {
		return nil, none()
	}
	v := visitor(api.CallFrom(ctx), nil)
	person, err := s.ports.Requests.Person(v)
	if err != nil {
		return nil, refused(err)
	}
	all, err := s.ports.Requests.Requests(ctx, v)
	if err != nil {
		return nil, refused(err)
	}
	some, next, err := page("ListRequests", all, func(r Request) string { return value(r.RequestId) }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	return &ListRequestsOutput{given(person), some, next}, nil
}

func (s *Service) listRequestsChecks(context.Context, *ListRequestsInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
