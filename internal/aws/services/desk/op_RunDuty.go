package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// RunDutyInput names a duty and its options.
type RunDutyInput struct {
	Duty     *string
	Values   []Value
	Language *string
}

// RunDutyOutput is what it found.
type RunDutyOutput struct{ Report *DutyReport }

// RunDuty looks, with the caller's credentials, as the command `tamachi DUTY`
// does. It takes some seconds and changes nothing.
func (s *Service) RunDuty(ctx context.Context, in *RunDutyInput) (*RunDutyOutput, error) {
	r, err := s.duty(ctx, in.Language, Asked{Duty: *in.Duty, Values: in.Values})
	return &RunDutyOutput{r}, err
}

func (s *Service) duty(ctx context.Context, language *string, asked Asked) (*DutyReport, error) {
	if s.ports.Duties == nil {
		return nil, none()
	}
	r, err := s.ports.Duties.Duty(ctx, visitor(api.CallFrom(ctx), language), asked)
	return r, refused(err)
}

// What it calls is checked call by call.
func (s *Service) runDutyChecks(context.Context, *RunDutyInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
