package iam

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/policy"
)

// outcomes are the words of the simulators.
var outcomes = map[policy.Outcome]types.PolicyEvaluationDecisionType{
	policy.Allow:        types.PolicyEvaluationDecisionTypeAllowed,
	policy.ExplicitDeny: types.PolicyEvaluationDecisionTypeExplicitDeny,
	policy.ImplicitDeny: types.PolicyEvaluationDecisionTypeImplicitDeny,
}

// result simulates one action on one resource.
func (m *simulation) result(action, resource string) types.EvaluationResult {
	r := m.request(action, resource)
	d := policy.Explain(r, &m.held)
	out := types.EvaluationResult{
		EvalActionName: &action, EvalResourceName: &resource, EvalDecision: outcomes[d.Decision.Outcome],
		MatchedStatements: m.matched(d), MissingContextValues: append([]string{}, d.Missing...),
	}
	stands := func(t policy.Type) bool {
		return slices.ContainsFunc(d.Changes, func(c policy.Change) bool { return c.Type == t })
	}
	if m.held.Boundary != nil {
		out.PermissionsBoundaryDecisionDetail = &types.PermissionsBoundaryDecisionDetail{AllowedByPermissionsBoundary: !stands(policy.Boundary)}
	}
	if len(m.held.SCPs) > 0 && !r.Who.Manages {
		out.OrganizationsDecisionDetail = &types.OrganizationsDecisionDetail{AllowedByOrganizations: !stands(policy.SCP)}
	}
	if r.Owner != r.Who.Account {
		out.EvalDecisionDetails = map[string]types.PolicyEvaluationDecisionType{
			"IAM Policy": side(d, policy.Identity), "Resource Policy": side(d, policy.ResourceBased),
		}
	}
	if len(m.resources) > 0 {
		out.ResourceSpecificResults = []types.ResourceSpecificResult{{
			EvalResourceName: &resource, EvalResourceDecision: out.EvalDecision, MatchedStatements: out.MatchedStatements,
			MissingContextValues: out.MissingContextValues, EvalDecisionDetails: out.EvalDecisionDetails,
			PermissionsBoundaryDecisionDetail: out.PermissionsBoundaryDecisionDetail,
		}}
	}
	return out
}

// side is what one side of a call between accounts says.
func side(d *policy.Diagnosis, t policy.Type) types.PolicyEvaluationDecisionType {
	out := types.PolicyEvaluationDecisionTypeImplicitDeny
	for _, f := range d.Findings {
		switch {
		case f.Type != t || !f.Applies && f.Unknown == "":
		case f.Deny || f.Unknown != "":
			return types.PolicyEvaluationDecisionTypeExplicitDeny
		default:
			out = types.PolicyEvaluationDecisionTypeAllowed
		}
	}
	return out
}

// matched are the statements that made the decision: what allows, or what
// denies. An implicit deny has none.
func (m *simulation) matched(d *policy.Diagnosis) []types.Statement {
	out := []types.Statement{}
	for _, f := range d.Findings {
		if !f.Applies || f.Deny == d.Decision.Allowed() || d.Decision.Outcome == policy.ImplicitDeny {
			continue
		}
		s := m.names[f.Policy.Document]
		out = append(out, types.Statement{
			SourcePolicyId: &s.id, SourcePolicyType: s.kind,
			// The column behind the opening brace, as the AWS CLI reference shows it
			// (simulate-custom-policy).
			StartPosition: &types.Position{Line: int32(f.Start.Line), Column: int32(f.Start.Column + 1)},
			EndPosition:   &types.Position{Line: int32(f.End.Line), Column: int32(f.End.Column)},
		})
	}
	return out
}
