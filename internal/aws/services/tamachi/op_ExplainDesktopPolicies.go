package tamachi

import (
	"context"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// ExplainDesktopPoliciesInput names a user of a directory.
type ExplainDesktopPoliciesInput struct {
	DirectoryId, UserName *string
}

// ExplainDesktopPoliciesOutput is what policies decide for a user, and why.
type ExplainDesktopPoliciesOutput struct {
	DirectoryId, UserName *string
	Groups                []string
	Settings              []DecidedSetting
	Policies              []ConsideredPolicy
	Desktops              []DressedDesktop
}

// DecidedSetting is one setting and the policy that decided it. Enforced says
// that it is carried out, by the plane in sessions or by the desktop.
type DecidedSetting struct {
	Setting                             *string
	Values                              []string
	PolicyId, PolicyName, Scope, Target *string
	Reason                              *string
	Enforced                            *bool
	OverruledPolicyIds                  []string
}

// ConsideredPolicy is a policy and why it is for the user, or not.
type ConsideredPolicy struct {
	PolicyId, Name, Reason *string
	Applies                *bool
}

// ExplainDesktopPolicies is the resultant set of policies for a user.
func (s *Service) ExplainDesktopPolicies(ctx context.Context, in *ExplainDesktopPoliciesInput) (*ExplainDesktopPoliciesOutput, error) {
	call := api.CallFrom(ctx)
	sc := store.In(call.Place())
	all, who, err := s.decide(ctx, sc, *in.DirectoryId, *in.UserName)
	if err != nil {
		return nil, noSubject(err, *in.DirectoryId, *in.UserName)
	}
	out := &ExplainDesktopPoliciesOutput{DirectoryId: in.DirectoryId, UserName: &who.UserName, Groups: who.Groups}
	for _, d := range desktops.Resultant(all, who) {
		reason, _ := d.By.Reason(who)
		one := DecidedSetting{
			Setting: &d.Setting, Values: d.Values, PolicyId: &d.By.ID, PolicyName: &d.By.Name,
			Scope: new(string(d.By.Scope)), Target: known(d.By.Target), Reason: &reason, Enforced: new(desktops.EnforcedSetting(d.Setting) || s.ports.Wardrobe.Dresses()),
		}
		for _, p := range d.Over {
			one.OverruledPolicyIds = append(one.OverruledPolicyIds, p.ID)
		}
		out.Settings = append(out.Settings, one)
	}
	for _, p := range all {
		reason, applies := p.Reason(who)
		out.Policies = append(out.Policies, ConsideredPolicy{PolicyId: &p.ID, Name: &p.Name, Reason: &reason, Applies: &applies})
	}
	out.Desktops, err = s.worn(ctx, sc, *in.DirectoryId, who.UserName)
	return out, err
}

func (s *Service) explainDesktopPoliciesChecks(context.Context, *ExplainDesktopPoliciesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:DescribeWorkspaceDirectories"), nil
}
