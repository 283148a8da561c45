package accessanalyzer

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"tamachi/internal/aws/api"
)

// mostFindings is how many findings a page has at most; AWS names no number.
const mostFindings = 100

// ValidatePolicy tells what is wrong with a policy, what is risky in it, and what
// could be written better.
func (s *Service) ValidatePolicy(ctx context.Context, in *accessanalyzer.ValidatePolicyInput) (*accessanalyzer.ValidatePolicyOutput, error) {
	if in.ValidatePolicyResourceType != "" && in.PolicyType != types.PolicyTypeResourcePolicy {
		return nil, malformed("validatePolicyResourceType", "The resource type can be specified for resource policies only.")
	}
	if len(*in.PolicyDocument) > longest {
		return nil, malformed("policyDocument", "The policy is longer than any policy can be.")
	}
	limit, from := mostFindings, 0
	if in.MaxResults != nil {
		if *in.MaxResults < 1 {
			return nil, malformed("maxResults", "The value must be at least 1.")
		}
		limit = min(int(*in.MaxResults), mostFindings)
	}
	if in.NextToken != nil {
		after, ok := api.After("ValidatePolicy", *in.NextToken)
		n, err := strconv.Atoi(after)
		if !ok || err != nil || n < 0 {
			return nil, malformed("nextToken", "The token is not valid.")
		}
		from = n
	}
	all, err := validate(*in.PolicyDocument, in.PolicyType, in.ValidatePolicyResourceType)
	if err != nil {
		return nil, err
	}
	all = all[min(from, len(all)):]
	out := &accessanalyzer.ValidatePolicyOutput{Findings: all}
	if len(all) > limit {
		out.Findings, out.NextToken = all[:limit], new(api.Token("ValidatePolicy", strconv.Itoa(from+limit)))
	}
	return out, nil
}

func (s *Service) validatePolicyChecks(context.Context, *accessanalyzer.ValidatePolicyInput) ([]api.Check, error) {
	return api.OnAny("access-analyzer:ValidatePolicy"), nil
}

// malformed refuses a field of the request.
func malformed(field, why string) error {
	return &types.ValidationException{
		Message: &why, Reason: types.ValidationExceptionReasonFieldValidationFailed,
		FieldList: []types.ValidationExceptionField{{Name: &field, Message: &why}},
	}
}
