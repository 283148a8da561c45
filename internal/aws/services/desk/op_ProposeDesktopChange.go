package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// ProposeDesktopChangeInput says what is to be done to which desktops.
type ProposeDesktopChangeInput struct {
	Change                   *string // a verb of `tamachi desktop`
	WorkspaceIds             []string
	AutoStopTimeoutInMinutes *int32 // of auto-stop
	Reason, Language         *string
}

// ProposeDesktopChangeOutput names the plan: DescribePlan shows it.
type ProposeDesktopChangeOutput struct{ PlanId *string }

// ProposeDesktopChange makes the plan of a change to desktops, as `tamachi desktop
// stop` and its neighbours do. Nothing is changed before ApplyPlan.
func (s *Service) ProposeDesktopChange(ctx context.Context, in *ProposeDesktopChangeInput) (*ProposeDesktopChangeOutput, error) {
	if s.ports.Fleet == nil {
		return nil, none()
	}
	id, err := s.ports.Fleet.ProposeChange(ctx, visitor(api.CallFrom(ctx), in.Language), in)
	if err != nil {
		return nil, refused(err)
	}
	return &ProposeDesktopChangeOutput{&id}, nil
}

// What it reads is checked call by call.
func (s *Service) proposeDesktopChangeChecks(context.Context, *ProposeDesktopChangeInput) ([]api.Check, error) {
	return api.OnAny(proposes), nil
}
