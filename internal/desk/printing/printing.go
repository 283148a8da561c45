package printing

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tamachi/internal/desk/account"
)

// Rule is what decides about printing for one user.
type Rule struct {
	Directory  string   `json:"directory"`
	User       string   `json:"user"`
	Allowed    bool     `json:"allowed"`
	Policy     string   `json:"policy,omitempty"` // "" where none says anything: then printing is allowed
	PolicyID   string   `json:"policyId,omitempty"`
	Reason     string   `json:"reason,omitempty"`
	Overruled  []string `json:"overruled,omitempty"` // names or ids of policies
	Considered []string `json:"notApplied,omitempty"`
	Problem    string   `json:"problem,omitempty"` // why nobody can tell
}

// Plan is the diagnosis of one user, or the list of all.
type Plan struct {
	Rules []Rule `json:"rules"`
	List  bool   `json:"-"`
}

// Bad tells whether somebody who was asked for may not print, or nobody can tell.
func (p *Plan) Bad() bool {
	return !p.List && slices.ContainsFunc(p.Rules, func(r Rule) bool { return !r.Allowed }) ||
		slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Problem != "" })
}

// explained is the part of a plane's ExplainDesktopPolicies that is read.
type explained struct {
	Settings []struct {
		Setting, PolicyName, Reason string
		PolicyID                    string `json:"PolicyId"`
		Values                      []string
		OverruledPolicyIDs          []string `json:"OverruledPolicyIds"`
	}
	Policies []struct {
		PolicyID     string `json:"PolicyId"`
		Name, Reason string
		Applies      bool
	}
}

// Eyes are the reads of the diagnosis.
type Eyes interface {
	Plane(ctx context.Context, operation string, in, out any) error
}

var _ Eyes = (*account.Account)(nil)

// subject is a user of a directory.
type subject struct{ directory, user string }

// subjects are the users who have desktops: one of them, or all.
func subjects(ctx context.Context, api account.Finder, user string) ([]subject, error) {
	var out []subject
	if user != "" {
		found, err := account.Find(ctx, api, user)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			out = append(out, subject{aws.ToString(d.DirectoryId), aws.ToString(d.UserName)})
		}
	} else {
		all, err := account.AllDesktops(ctx, api, nil)
		if err != nil {
			return nil, err
		}
		for _, d := range all {
			out = append(out, subject{aws.ToString(d.DirectoryId), aws.ToString(d.UserName)})
		}
	}
	slices.SortFunc(out, func(a, b subject) int {
		return cmp.Or(cmp.Compare(a.directory, b.directory), cmp.Compare(a.user, b.user))
	})
	return slices.Compact(out), nil
}

// look asks for the rule of each. Somebody of whom nothing is told is in the
// answer with why.
func look(ctx context.Context, e Eyes, of []subject, problem func(*account.Problem) string) (*Plan, error) {
	p := &Plan{Rules: []Rule{}}
	for _, s := range of {
		var told explained
		err := e.Plane(ctx, "ExplainDesktopPolicies", map[string]string{"DirectoryId": s.directory, "UserName": s.user}, &told)
		if err != nil {
			why := account.Explain("", err)
			if why.Ends() {
				return nil, why
			}
			p.Rules = append(p.Rules, Rule{Directory: s.directory, User: s.user, Problem: problem(why)})
			continue
		}
		p.Rules = append(p.Rules, ruleOf(s, told))
	}
	return p, nil
}

// setting is the name of the setting in a plane's policies.
const setting = "Printing"

func ruleOf(s subject, told explained) Rule {
	r := Rule{Directory: s.directory, User: s.user, Allowed: true}
	name := map[string]string{}
	for _, p := range told.Policies {
		name[p.PolicyID] = p.Name
		if !p.Applies {
			r.Considered = append(r.Considered, p.Name+": "+p.Reason)
		}
	}
	for _, d := range told.Settings {
		if d.Setting != setting {
			continue
		}
		r.Allowed = slices.ContainsFunc(d.Values, func(v string) bool { return strings.EqualFold(v, "ENABLED") })
		r.Policy, r.PolicyID, r.Reason = d.PolicyName, d.PolicyID, d.Reason
		for _, id := range d.OverruledPolicyIDs {
			r.Overruled = append(r.Overruled, cmp.Or(name[id], id))
		}
	}
	return r
}
