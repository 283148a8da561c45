package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// DescribeRequestInput names a request.
type DescribeRequestInput struct{ RequestId, Language *string }

// DescribeRequestOutput is the request with its stages and votes.
type DescribeRequestOutput struct{ Request *Request }

// DescribeRequest shows who is asked to agree to what, why, and who has.
func (s *Service) DescribeRequest(ctx context.Context, in *DescribeRequestInput) (*DescribeRequestOutput, error) {
	if s.ports.Requests == nil {
		return nil, none()
	}
	r, err := s.ports.Requests.Request(ctx, visitor(api.CallFrom(ctx), in.Language), *in.RequestId)
	if err != nil {
		return nil, refused(err)
	}
	return &DescribeRequestOutput{r}, nil
}

func (s *Service) describeRequestChecks(context.Context, *DescribeRequestInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
