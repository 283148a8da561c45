package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteDesktopPolicyInput names a policy.
type DeleteDesktopPolicyInput struct {
	PolicyId *string
}

// DeleteDesktopPolicyOutput is empty.
type DeleteDesktopPolicyOutput struct{}

// DeleteDesktopPolicy removes a policy.
func (s *Service) DeleteDesktopPolicy(ctx context.Context, in *DeleteDesktopPolicyInput) (*DeleteDesktopPolicyOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		p, err := findPolicy(tx, sc, *in.PolicyId)
		if err != nil {
			return err
		}
		return policies.Delete(tx, sc, p.ID)
	})
	if err != nil {
		return nil, err
	}
	return &DeleteDesktopPolicyOutput{}, nil
}

func (s *Service) deleteDesktopPolicyChecks(ctx context.Context, in *DeleteDesktopPolicyInput) ([]api.Check, error) {
	return s.onPolicy(ctx, "workspaces:ModifyStreamingProperties", *in.PolicyId)
}
