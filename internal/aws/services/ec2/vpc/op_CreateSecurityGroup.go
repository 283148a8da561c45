package vpc

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// CreateSecurityGroup makes a group whose machines nobody may reach and that may reach everything.
func (s *Service) CreateSecurityGroup(ctx context.Context, in *ec2.CreateSecurityGroupInput) (*ec2.CreateSecurityGroupOutput, error) {
	name := strings.TrimRight(text(in.GroupName), " ")
	if err := nameGroup(name, text(in.Description)); err != nil {
		return nil, err
	}
	tags, err := specified(in.TagSpecifications, &groupNoun)
	if err != nil {
		return nil, err
	}
	var out types.SecurityGroup
	err = s.change(ctx, func(l look) error {
		v, err := networkFor(l, in.VpcId)
		if err != nil {
			return err
		}
		there, err := groupNoun.in(l, v.ID)
		if err != nil {
			return err
		}
		for _, g := range there {
			if g.Name == name {
				return fault("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", name, v.ID)
			}
		}
		g := s.newGroup(name, text(in.Description), v.ID)
		g.Tags = tags
		out = g.describe(l)
		return groupNoun.put(l, g)
	})
	if err != nil {
		return nil, err
	}
	return &ec2.CreateSecurityGroupOutput{GroupId: out.GroupId, SecurityGroupArn: out.SecurityGroupArn, Tags: out.Tags}, nil
}

func (s *Service) createSecurityGroupChecks(ctx context.Context, in *ec2.CreateSecurityGroupInput) ([]api.Check, error) {
	return s.making(ctx, "CreateSecurityGroup", &groupNoun, in.TagSpecifications, thing{&vpcNoun, in.VpcId})
}

// groupText is what names and descriptions may hold (EC2 API Reference,
// CreateSecurityGroup).
var groupText = regexp.MustCompile(`^[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}$`)

func nameGroup(name, description string) error {
	for parameter, value := range map[string]string{"GroupName": name, "GroupDescription": description} {
		if !groupText.MatchString(value) {
			return badValue(value, parameter, "Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
		}
	}
	switch {
	case name == "default":
		return fault("InvalidParameterValue", "Cannot use reserved security group name: default")
	case strings.HasPrefix(name, "sg-"):
		return badValue(name, "groupName", "Group names may not be in the format sg-*.")
	}
	return nil
}

// networkFor is the network that a request names, or the default one.
func networkFor(l look, id *string) (*VPC, error) {
	if id != nil {
		return vpcNoun.get(l, *id)
	}
	v, err := defaultVPC(l)
	if err == nil && v == nil {
		err = fault("VPCIdNotSpecified", "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.")
	}
	return v, err
}
