package accessanalyzer

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// CheckAccessNotGranted tells whether a policy allows one of some actions on one
// of some resources.
func (s *Service) CheckAccessNotGranted(ctx context.Context, in *accessanalyzer.CheckAccessNotGrantedInput) (*accessanalyzer.CheckAccessNotGrantedOutput, error) {
	d, err := document(*in.PolicyDocument, in.PolicyType)
	if err != nil {
		return nil, err
	}
	actions, resources, err := accessOf(in.Access)
	if err != nil {
		return nil, err
	}
	p, err := policy.NotGranted(d, actions, resources)
	if err != nil {
		return nil, invalid("The access is not valid: %s", err)
	}
	// The texts are those of the examples in the service's model.
	switch p.Verdict {
	case policy.Proved:
		return &accessanalyzer.CheckAccessNotGrantedOutput{
			Result: types.CheckAccessNotGrantedResultPass, Reasons: []types.ReasonSummary{},
			Message: new("The policy document does not grant access to perform the listed actions or resources."),
		}, nil
	case policy.Refuted:
		return &accessanalyzer.CheckAccessNotGrantedOutput{
			Result: types.CheckAccessNotGrantedResultFail, Reasons: reasons(d, p, "One or more of the listed actions or resources in the statement"),
			Message: new("The policy document grants access to perform one or more of the listed actions or resources."),
		}, nil
	case policy.Open:
	}
	return nil, open(p)
}

// accessOf reads the one access that may be asked for.
func accessOf(list []types.Access) (actions, resources []string, err error) {
	if len(list) != 1 || len(list[0].Actions)+len(list[0].Resources) == 0 {
		return nil, nil, invalid("Specify actions or resources in the access.")
	}
	for _, a := range list[0].Actions {
		if vendor, name, ok := strings.Cut(a, ":"); a != "*" && (!ok || vendor == "" || name == "") {
			return nil, nil, invalid("The action %s is not valid.", a)
		}
	}
	for _, r := range list[0].Resources {
		parts := strings.SplitN(r, ":", 6)
		if r != "*" && (len(parts) < 6 || parts[0] != "arn" || strings.ContainsAny(strings.Join(parts[:5], ""), "*?")) {
			return nil, nil, invalid("The resource %s is not valid: wildcards may stand in the last part of an ARN only.", r)
		}
	}
	return list[0].Actions, list[0].Resources, nil
}

func (s *Service) checkAccessNotGrantedChecks(context.Context, *accessanalyzer.CheckAccessNotGrantedInput) ([]api.Check, error) {
	return api.OnAny("access-analyzer:CheckAccessNotGranted"), nil
}
