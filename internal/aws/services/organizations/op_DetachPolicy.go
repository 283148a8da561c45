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

// DetachPolicy ends the hold of a policy. The last service control policy of a target stays, and so does RCPFullAWSAccess.
func (s *Service) DetachPolicy(ctx context.Context, in *organizations.DetachPolicyInput) (*organizations.DetachPolicyOutput, error) {
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		p, err := wantPolicy(tx, o, *in.PolicyId)
		if err != nil {
			return err
		}
		if _, err := o.wantTarget(tx, *in.TargetId); err != nil {
			return err
		}
		if p.ID == fullResources.ID {
			return &types.InvalidInputException{Message: aws.String("You can't detach the policy RCPFullAWSAccess."), Reason: types.InvalidInputExceptionReasonNonDetachablePolicy}
		}
		bound, err := attachedTo(tx, o, *in.TargetId, p.Type)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(bound, func(a *attachment) bool { return a.Policy == p.ID }) {
			return &types.PolicyNotAttachedException{Message: aws.String("The specified policy is not attached to the specified target.")}
		}
		if p.Type == scpType && len(bound) == 1 {
			return violation(types.ConstraintViolationExceptionReasonMinPolicyTypeAttachmentLimitExceeded, "You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.")
		}
		return attachments.Delete(tx, store.Scope{}, o.ID+"/"+*in.TargetId+"/"+p.ID)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.DetachPolicyOutput{}, nil
}

func (s *Service) detachPolicyChecks(ctx context.Context, in *organizations.DetachPolicyInput) ([]api.Check, error) {
	return s.onPolicy(ctx, "DetachPolicy", *in.PolicyId, *in.TargetId)
}
