package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// DiagnoseDesktopInput names a desktop.
type DiagnoseDesktopInput struct{ WorkspaceId, Language *string }

// DiagnoseDesktopOutput is what was found.
type DiagnoseDesktopOutput struct{ Diagnosis *Diagnosis }

// DiagnoseDesktop looks at a desktop from outside and, by Run Command, from
// inside, with the caller's credentials, as `tamachi diagnose desktop` does. It
// takes some seconds.
func (s *Service) DiagnoseDesktop(ctx context.Context, in *DiagnoseDesktopInput) (*DiagnoseDesktopOutput, error) {
	if s.ports.Doctor == nil {
		return nil, none()
	}
	d, err := s.ports.Doctor.Diagnose(ctx, visitor(api.CallFrom(ctx), in.Language), *in.WorkspaceId)
	if err != nil {
		return nil, refused(err)
	}
	return &DiagnoseDesktopOutput{d}, nil
}

// What it calls is checked call by call.
func (s *Service) diagnoseDesktopChecks(context.Context, *DiagnoseDesktopInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
