package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeletePolicy ends a policy that is attached to nothing.
func (s *Service) DeletePolicy(ctx context.Context, in *organizations.DeletePolicyInput) (*organizations.DeletePolicyOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		p, err := wantOwn(tx, o, *in.PolicyId)
		if err != nil {
			return err
		}
		bound, err := attachments.By(tx, store.Scope{}, "policy", o.ID+"/"+p.ID, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(bound) > 0 {
			return &types.PolicyInUseException{Message: aws.String("The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.")}
		}
		return policies.Delete(tx, store.Scope{}, policies.Key(p))
	})
	if err != nil {
		return nil, err
	}
	return &organizations.DeletePolicyOutput{}, nil
}

func (s *Service) deletePolicyChecks(ctx context.Context, in *organizations.DeletePolicyInput) ([]api.Check, error) {
	return s.onPolicy(ctx, "DeletePolicy", *in.PolicyId)
}
