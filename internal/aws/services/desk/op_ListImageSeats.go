package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// ListImageSeatsInput asks for a page of desktops.
type ListImageSeatsInput struct {
	MaxResults          *int32
	NextToken, Language *string
}

// ListImageSeatsOutput is a page of desktops with their images.
type ListImageSeatsOutput struct {
	Seats     []ImageSeat
	NextToken *string
}

// ListImageSeats lists which image each desktop of the caller's account and Region
// is on, as `tamachi image who` does.
func (s *Service) ListImageSeats(ctx context.Context, in *ListImageSeatsInput) (*ListImageSeatsOutput, error) {
	if s.ports.Images == nil {
		return nil, none()
	}
	all, err := s.ports.Images.ImageSeats(ctx, visitor(api.CallFrom(ctx), in.Language))
	if err != nil {
		return nil, refused(err)
	}
	some, next, err := page("ListImageSeats", all, func(i ImageSeat) string { return value(i.WorkspaceId) }, in.NextToken, in.MaxResults)
	if err != nil {
		return nil, err
	}
	return &ListImageSeatsOutput{some, next}, nil
}

// What it calls is checked call by call.
func (s *Service) listImageSeatsChecks(context.Context, *ListImageSeatsInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
