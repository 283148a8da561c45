package tamachi

import (
	"context"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateDesktopPolicyInput describes a new policy.
type CreateDesktopPolicyInput struct {
	DirectoryId, Name, Scope, Target *string
	Priority                         *int32
	Enabled                          *bool
	Settings                         *DesktopPolicySettings
}

// CreateDesktopPolicyOutput is the new policy.
type CreateDesktopPolicyOutput struct {
	Policy *DesktopPolicy
}

// CreateDesktopPolicy makes a policy for the desktops of a directory, which
// need not be registered yet.
func (s *Service) CreateDesktopPolicy(ctx context.Context, in *CreateDesktopPolicyInput) (*CreateDesktopPolicyOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	p := &deskPolicy{
		ID: "dp-" + s.ids.Hex(17), DirectoryID: *in.DirectoryId, Name: *in.Name, Scope: *in.Scope, Target: value(in.Target),
		Priority: 100, Disabled: in.Enabled != nil && !*in.Enabled, Settings: in.Settings.stored(), Created: call.Time, Updated: call.Time,
	}
	if in.Priority != nil {
		p.Priority = int(*in.Priority)
	}
	if err := p.sound(); err != nil {
		return nil, err
	}
	if err := s.ports.Subjects.Has(ctx, call.Account, call.Region, p.DirectoryID); err != nil {
		return nil, noSubject(err, p.DirectoryID, "")
	}
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		have, err := policiesOf(tx, sc, p.DirectoryID)
		if err != nil {
			return err
		}
		if len(have) >= mostPolicies {
			return &smithy.GenericAPIError{Code: "InvalidResourceStateException", Message: "The directory has as many policies as it may have."}
		}
		return policies.Put(tx, sc, p)
	})
	if err != nil {
		return nil, err
	}
	return &CreateDesktopPolicyOutput{Policy: new(p.shown())}, nil
}

func (s *Service) createDesktopPolicyChecks(ctx context.Context, in *CreateDesktopPolicyInput) ([]api.Check, error) {
	return onDirectory(api.CallFrom(ctx), "workspaces:ModifyStreamingProperties", *in.DirectoryId), nil
}
