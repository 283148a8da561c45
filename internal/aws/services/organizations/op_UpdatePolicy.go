package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdatePolicy changes a policy; what it is attached to is held by the new text with the answer.
func (s *Service) UpdatePolicy(ctx context.Context, in *organizations.UpdatePolicyInput) (*organizations.UpdatePolicyOutput, error) {
	out := &organizations.UpdatePolicyOutput{}
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		p, err := wantOwn(tx, o, *in.PolicyId)
		if err != nil {
			return err
		}
		if in.Name != nil {
			p.Name = *in.Name
		}
		if in.Description != nil {
			p.Description = *in.Description
		}
		if in.Content != nil {
			if err := acceptContent(p.Type, *in.Content); err != nil {
				return err
			}
			p.Content = *in.Content
		}
		all, err := policiesOf(tx, o)
		if err != nil {
			return err
		}
		if err := freePolicyName(all, p); err != nil {
			return err
		}
		out.Policy = p.shown(o)
		return policies.Put(tx, store.Scope{}, p)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) updatePolicyChecks(ctx context.Context, in *organizations.UpdatePolicyInput) ([]api.Check, error) {
	return s.onPolicy(ctx, "UpdatePolicy", *in.PolicyId)
}
