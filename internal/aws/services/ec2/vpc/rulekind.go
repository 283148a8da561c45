package vpc

import (
	"slices"
	"strings"
)

// rules are the rules of security groups as what can have tags.
type rules struct{}

var _ kind = rules{}

func (rules) resource() string { return "security-group-rule" }

func (rules) owns(id string) bool {
	rest, ok := strings.CutPrefix(id, "sgr-")
	return ok && hexID.MatchString(rest)
}

// unlike refuses what cannot be an id of a rule.
func (r rules) unlike(id string) error {
	if r.owns(id) {
		return nil
	}
	return fault("InvalidSecurityGroupRuleId.Malformed", "Invalid id: %q (expecting %q)", id, "sgr-...")
}

// groupWith finds the group that has a rule, and its place.
func groupWith(l look, id string) (*SecurityGroup, int, error) {
	all, err := groupNoun.all(l)
	for _, g := range all {
		if i := slices.IndexFunc(g.Rules, func(r Rule) bool { return r.ID == id }); i >= 0 {
			return g, i, nil
		}
	}
	if err != nil {
		return nil, 0, err
	}
	return nil, 0, fault("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist", id)
}

func (rules) find(l look, id string) (Head, string, error) {
	g, i, err := groupWith(l, id)
	if err != nil {
		return Head{}, "", err
	}
	return Head{id, g.Rules[i].Tags}, g.VPC, nil
}

func (rules) retag(l look, id string, change func(map[string]string) (map[string]string, error)) error {
	g, i, err := groupWith(l, id)
	if err != nil {
		return err
	}
	if g.Rules[i].Tags, err = change(g.Rules[i].Tags); err != nil {
		return err
	}
	return groupNoun.put(l, g)
}

func (rules) each(l look, visit func(Head)) error {
	all, err := groupNoun.all(l)
	for _, g := range all {
		for _, r := range g.Rules {
			visit(Head{r.ID, r.Tags})
		}
	}
	return err
}
