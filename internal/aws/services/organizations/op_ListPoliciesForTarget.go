package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListPoliciesForTarget lists the policies of a type that are attached right to a target.
func (s *Service) ListPoliciesForTarget(ctx context.Context, in *organizations.ListPoliciesForTargetInput) (*organizations.ListPoliciesForTargetOutput, error) {
	out := &organizations.ListPoliciesForTargetOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		if _, err := o.wantTarget(tx, *in.TargetId); err != nil {
			return err
		}
		bound, err := attachedTo(tx, o, *in.TargetId, string(in.Filter))
		if err != nil {
			return err
		}
		shown, next, err := page("ListPoliciesForTarget", in.NextToken, in.MaxResults, bound, attachments.Key)
		if err != nil {
			return err
		}
		for _, a := range shown {
			p, err := policyOf(tx, o, a.Policy)
			if err != nil {
				return err
			}
			out.Policies = append(out.Policies, *p.summary(o))
		}
		out.NextToken = next
		return nil
	})
	return out, err
}

func (s *Service) listPoliciesForTargetChecks(ctx context.Context, in *organizations.ListPoliciesForTargetInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "ListPoliciesForTarget", *in.TargetId)
	return withKey(checks, err, "organizations:PolicyType", string(in.Filter))
}
