package managednodes

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// DescribeInstanceProperties lists the managed nodes that have reported, with
// filters that compare.
func (s *Service) DescribeInstanceProperties(ctx context.Context, in *ssm.DescribeInstancePropertiesInput) (*ssm.DescribeInstancePropertiesOutput, error) {
	filters, err := propertyFilters(in)
	if err != nil {
		return nil, err
	}
	found, next, err := reported(ctx, s, asked{"DescribeInstanceProperties", in.NextToken, in.MaxResults, 50}, filters, facts.property)
	if err != nil {
		return nil, err
	}
	return &ssm.DescribeInstancePropertiesOutput{InstanceProperties: found, NextToken: next}, nil
}

// property leaves out what only an EC2 instance has: its type, key pair,
// state, launch time and architecture.
func (n facts) property() types.InstanceProperty {
	d := n.describe()
	return types.InstanceProperty{
		InstanceId: d.InstanceId, Name: d.Name, IPAddress: d.IPAddress, ComputerName: d.ComputerName,
		PingStatus: d.PingStatus, LastPingDateTime: d.LastPingDateTime, AgentVersion: d.AgentVersion,
		PlatformType: d.PlatformType, PlatformName: d.PlatformName, PlatformVersion: d.PlatformVersion,
		ActivationId: d.ActivationId, IamRole: d.IamRole, RegistrationDate: d.RegistrationDate,
		ResourceType: text(string(d.ResourceType)), SourceId: d.SourceId, SourceType: d.SourceType,
		AssociationStatus: d.AssociationStatus, AssociationOverview: d.AssociationOverview,
		LastAssociationExecutionDate: d.LastAssociationExecutionDate, LastSuccessfulAssociationExecutionDate: d.LastSuccessfulAssociationExecutionDate,
	}
}

// comparableKeys are the further keys of a filter with an operator.
var comparableKeys = []string{"PlatformName", "PlatformVersion", "ComputerName", "IPAddress"}

// propertyFilters reads the two forms of filter.
func propertyFilters(in *ssm.DescribeInstancePropertiesInput) ([]filter, error) {
	if len(in.FiltersWithOperator) > 0 && len(in.InstancePropertyFilterList) > 0 {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "FiltersWithOperator and InstancePropertyFilterList can't be used in one request."}
	}
	var out []filter
	for _, f := range in.InstancePropertyFilterList {
		out = append(out, filter{key: string(f.Key), values: f.ValueSet})
	}
	for _, f := range in.FiltersWithOperator {
		out = append(out, filter{key: *f.Key, operator: f.Operator, values: f.Values})
	}
	for _, f := range out {
		known, ok := filterKeys[f.key]
		if !ok && !slices.Contains(comparableKeys, f.key) && !isTagKey(f.key) {
			return nil, invalidKey(f.key)
		}
		if f.operator != "" && f.operator != types.InstancePropertyFilterOperatorEqual && f.operator != types.InstancePropertyFilterOperatorNotEqual {
			continue
		}
		if wrong, found := f.unknown(known); found {
			return nil, &types.InvalidInstancePropertyFilterValue{Message: text("The value " + wrong + " of the filter " + f.key + " isn't valid.")}
		}
	}
	return out, nil
}

func (s *Service) describeInstancePropertiesChecks(context.Context, *ssm.DescribeInstancePropertiesInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeInstanceProperties"), nil
}
