package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListTargetsForPolicy lists what a policy is attached to.
func (s *Service) ListTargetsForPolicy(ctx context.Context, in *organizations.ListTargetsForPolicyInput) (*organizations.ListTargetsForPolicyOutput, error) {
	out := &organizations.ListTargetsForPolicyOutput{}
	err := s.view(ctx, func(tx *store.Tx, o *organization) error {
		p, err := wantPolicy(tx, o, *in.PolicyId)
		if err != nil {
			return err
		}
		bound, err := attachments.By(tx, store.Scope{}, "policy", o.ID+"/"+p.ID, store.Page{})
		if err != nil {
			return err
		}
		shown, next, err := page("ListTargetsForPolicy", in.NextToken, in.MaxResults, bound, attachments.Key)
		if err != nil {
			return err
		}
		for _, a := range shown {
			t, err := o.find(tx, a.Target)
			if err != nil {
				return err
			}
			out.Targets = append(out.Targets, types.PolicyTargetSummary{TargetId: aws.String(a.Target), Arn: aws.String(t.arn), Name: aws.String(t.name), Type: t.target})
		}
		out.NextToken = next
		return nil
	})
	return out, err
}

func (s *Service) listTargetsForPolicyChecks(ctx context.Context, in *organizations.ListTargetsForPolicyInput) ([]api.Check, error) {
	return s.onPolicy(ctx, "ListTargetsForPolicy", *in.PolicyId)
}
