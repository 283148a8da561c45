package desk

import (
	"context"

	"tamachi/internal/aws/api"
)

// ProposeImageRolloutInput says which image goes to which bundle's desktops, and
// how. What is not given is as with `tamachi image rollout`; a Window of "" is at
// any time.
type ProposeImageRolloutInput struct {
	ImageId, BundleId             *string
	Method                        *string  // rebuild or migrate
	BundleName                    *string  // of the new bundle, to migrate to
	Only                          []string // these desktops and users alone
	Canary                        []string // these are first
	Canaries, WaveSize, StopAfter *int32
	Window                        *string
	WithoutSnapshots              *bool // desktops whose user volume has no snapshot too
	Reason, Language              *string
}

// ProposeImageRolloutOutput names the plan: DescribePlan shows it.
type ProposeImageRolloutOutput struct{ PlanId *string }

// ProposeImageRollout makes the plan of bringing an image to the desktops of a
// bundle: canaries, then wave after wave. Nothing is changed before ApplyPlan.
func (s *Service) ProposeImageRollout(ctx context.Context, in *ProposeImageRolloutInput) (*ProposeImageRolloutOutput, error) {
	if s.ports.Images == nil {
		return nil, none()
	}
	id, err := s.ports.Images.ProposeRollout(ctx, visitor(api.CallFrom(ctx), in.Language), in)
	if err != nil {
		return nil, refused(err)
	}
	return &ProposeImageRolloutOutput{&id}, nil
}

// What it reads is checked call by call.
func (s *Service) proposeImageRolloutChecks(context.Context, *ProposeImageRolloutInput) ([]api.Check, error) {
	return api.OnAny(proposes), nil
}
