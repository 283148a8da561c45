package organizations

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AttachPolicy lets a policy hold a root, a unit or an account and all that is below it.
func (s *Service) AttachPolicy(ctx context.Context, in *organizations.AttachPolicyInput) (*organizations.AttachPolicyOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		p, err := wantPolicy(tx, o, *in.PolicyId)
		if err != nil {
			return err
		}
		t, err := o.wantTarget(tx, *in.TargetId)
		if err == nil && t.target == "" {
			err = &types.TargetNotFoundException{Message: aws.String("You specified a target that doesn't exist.")}
		}
		if err != nil {
			return err
		}
		if err := o.wantEnabled(p.Type); err != nil {
			return err
		}
		bound, err := attachedTo(tx, o, *in.TargetId, p.Type)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(bound, func(a *attachment) bool { return a.Policy == p.ID }) {
			return &types.DuplicatePolicyAttachmentException{Message: aws.String("The selected policy is already attached to the specified target.")}
		}
		if len(bound) >= limitsOf[p.Type].attached {
			return violation(types.ConstraintViolationExceptionReasonMaxPolicyTypeAttachmentLimitExceeded, "You have reached the maximum number of policies of this type that can be attached to the specified target.")
		}
		return attach(tx, o, *in.TargetId, p)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.AttachPolicyOutput{}, nil
}

func (s *Service) attachPolicyChecks(ctx context.Context, in *organizations.AttachPolicyInput) ([]api.Check, error) {
	return s.onPolicy(ctx, "AttachPolicy", *in.PolicyId, *in.TargetId)
}
