package vpc

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
)

// DeleteSecurityGroup deletes a group that no rule of another names and no
// interface has.
func (s *Service) DeleteSecurityGroup(ctx context.Context, in *ec2.DeleteSecurityGroupInput) (*ec2.DeleteSecurityGroupOutput, error) {
	if in.GroupId == nil && in.GroupName == nil {
		return nil, fault("MissingParameter", "The request must contain the parameter groupName or groupId")
	}
	var out string
	err := s.change(ctx, func(l look) error {
		g, err := groupBy(l, in.GroupId, in.GroupName)
		if err != nil {
			return err
		}
		if g.Name == "default" {
			return fault("CannotDelete", "the specified group: %q name: %q cannot be deleted by a user", g.ID, g.Name)
		}
		if needed, err := g.needed(l); err != nil {
			return err
		} else if needed {
			return fault("DependencyViolation", "resource %s has a dependent object", g.ID)
		}
		out = g.ID
		return groupNoun.remove(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.DeleteSecurityGroupOutput{GroupId: &out, Return: new(true)}, nil
}

func (s *Service) deleteSecurityGroupChecks(ctx context.Context, in *ec2.DeleteSecurityGroupInput) ([]api.Check, error) {
	return s.on(ctx, "DeleteSecurityGroup", thing{&groupNoun, in.GroupId})
}

// needed tells whether a rule of another group names the group, or an interface
// has it.
func (g *SecurityGroup) needed(l look) (bool, error) {
	others, err := groupNoun.all(l)
	if err != nil {
		return false, err
	}
	for _, o := range others {
		if o.ID != g.ID && slices.ContainsFunc(o.Rules, func(r Rule) bool { return r.Group == g.ID }) {
			return true, nil
		}
	}
	used, err := interfaceNoun.in(l, g.VPC)
	return slices.ContainsFunc(used, func(i *Interface) bool { return slices.Contains(i.Groups, g.ID) }), err
}
