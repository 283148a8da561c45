package accessanalyzer

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// CheckNoNewAccess tells whether a policy allows what an existing one does not.
func (s *Service) CheckNoNewAccess(ctx context.Context, in *accessanalyzer.CheckNoNewAccessInput) (*accessanalyzer.CheckNoNewAccessOutput, error) {
	updated, err := document(*in.NewPolicyDocument, in.PolicyType)
	if err != nil {
		return nil, err
	}
	existing, err := document(*in.ExistingPolicyDocument, in.PolicyType)
	if err != nil {
		return nil, err
	}
	p := policy.NoNew(updated, existing)
	switch p.Verdict {
	case policy.Proved:
		return &accessanalyzer.CheckNoNewAccessOutput{
			Result: types.CheckNoNewAccessResultPass, Reasons: []types.ReasonSummary{},
			Message: new("The updated policy document does not grant new access compared to your existing policy."),
		}, nil
	case policy.Refuted:
		return &accessanalyzer.CheckNoNewAccessOutput{
			Result: types.CheckNoNewAccessResultFail, Reasons: reasons(updated, p, "New access in the statement"),
			Message: new("The modified permissions grant new access compared to your existing policy."),
		}, nil
	case policy.Open:
	}
	return nil, open(p)
}

func (s *Service) checkNoNewAccessChecks(context.Context, *accessanalyzer.CheckNoNewAccessInput) ([]api.Check, error) {
	return api.OnAny("access-analyzer:CheckNoNewAccess"), nil
}
