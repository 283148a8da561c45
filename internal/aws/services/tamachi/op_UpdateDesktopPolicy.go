package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateDesktopPolicyInput names a policy and what is to change. Settings, when
// given, take the place of all that were there.
type UpdateDesktopPolicyInput struct {
	PolicyId, Name, Target *string
	Priority               *int32
	Enabled                *bool
	Settings               *DesktopPolicySettings
}

// UpdateDesktopPolicyOutput is the policy as it is now.
type UpdateDesktopPolicyOutput struct {
	Policy *DesktopPolicy
}

// UpdateDesktopPolicy changes a policy; the next session has it.
func (s *Service) UpdateDesktopPolicy(ctx context.Context, in *UpdateDesktopPolicyInput) (*UpdateDesktopPolicyOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	var out DesktopPolicy
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		p, err := findPolicy(tx, sc, *in.PolicyId)
		if err != nil {
			return err
		}
		p.change(in)
		p.Updated = call.Time
		if err := p.sound(); err != nil {
			return err
		}
		out = p.shown()
		return policies.Put(tx, sc, p)
	})
	if err != nil {
		return nil, err
	}
	return &UpdateDesktopPolicyOutput{Policy: &out}, nil
}

// change takes what is given.
func (p *deskPolicy) change(in *UpdateDesktopPolicyInput) {
	if in.Name != nil {
		p.Name = *in.Name
	}
	if in.Target != nil {
		p.Target = *in.Target
	}
	if in.Priority != nil {
		p.Priority = int(*in.Priority)
	}
	if in.Enabled != nil {
		p.Disabled = !*in.Enabled
	}
	if in.Settings != nil {
		p.Settings = in.Settings.stored()
	}
}

func (s *Service) updateDesktopPolicyChecks(ctx context.Context, in *UpdateDesktopPolicyInput) ([]api.Check, error) {
	return s.onPolicy(ctx, "workspaces:ModifyStreamingProperties", *in.PolicyId)
}
