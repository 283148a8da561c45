package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// CheckImageInput names an image, or the desktop or node that will be one; Master
// is what an image was made of, where the trail does not say.
type CheckImageInput struct{ ImageId, Master, Language *string }

// CheckImageOutput is what was found.
type CheckImageOutput struct{ Check *ImageCheck }

// CheckImage holds an image against the acceptance list of the desk's settings, as
// `tamachi image check` does: by inventory, patches and a command that only reads,
// with the caller's credentials. It takes some seconds.
func (s *Service) CheckImage(ctx context.Context, in *CheckImageInput) (*CheckImageOutput, error) {
	if s.ports.Images == nil {
		return nil, none()
	}
	c, err := s.ports.Images.CheckImage(ctx, visitor(api.CallFrom(ctx), in.Language), *in.ImageId, value(in.Master))
	if err != nil {
		return nil, refused(err)
	}
	return &CheckImageOutput{c}, nil
}

// What it calls is checked call by call.
func (s *Service) checkImageChecks(context.Context, *CheckImageInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
