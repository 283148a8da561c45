package managednodes

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeInstanceInformation lists the managed nodes that have reported.
func (s *Service) DescribeInstanceInformation(ctx context.Context, in *ssm.DescribeInstanceInformationInput) (*ssm.DescribeInstanceInformationOutput, error) {
	call := api.CallFrom(ctx)
	filters, err := readFilters(in)
	if err != nil {
		return nil, err
	}
	after, limit, err := place("DescribeInstanceInformation", in.NextToken, in.MaxResults, 10)
	if err != nil {
		return nil, err
	}
	out := &ssm.DescribeInstanceInformationOutput{InstanceInformationList: []types.InstanceInformation{}}
	var last string
	more := false
	err = s.st.View(ctx, func(tx *store.Tx) error {
		more, err = scan(tx, &managedNodes, scopeOf(call), after, func(n *managedNode) bool {
			if n.LastPing.IsZero() || slices.ContainsFunc(filters, func(f filter) bool { return !f.fits(n, s.status(n)) }) {
				return true
			}
			if len(out.InstanceInformationList) == limit {
				return false
			}
			out.InstanceInformationList = append(out.InstanceInformationList, n.describe(s.status(n)))
			last = n.ID
			return true
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	if more {
		out.NextToken = text(api.Token("DescribeInstanceInformation", last))
	}
	return out, nil
}

// status is Online while the control channel is open: what AWS learns from
// missed pings is known here at once.
func (s *Service) status(n *managedNode) types.PingStatus {
	if s.ports.Channels.Connected(n.ID) {
		return types.PingStatusOnline
	}
	return types.PingStatusConnectionLost
}

func (n *managedNode) describe(status types.PingStatus) types.InstanceInformation {
	source := n.ID
	if n.WorkspaceID != "" {
		source = n.WorkspaceID
	}
	return types.InstanceInformation{
		InstanceId: &n.ID, PingStatus: status, LastPingDateTime: &n.LastPing,
		AgentVersion: optional(n.AgentVersion), PlatformType: types.PlatformType(n.PlatformType),
		PlatformName: optional(n.PlatformName), PlatformVersion: optional(n.PlatformVersion),
		ActivationId: &n.ActivationID, IamRole: &n.Role, RegistrationDate: &n.Registered,
		ResourceType: types.ResourceTypeManagedInstance, Name: optional(n.Name),
		IPAddress: optional(n.IPAddress), ComputerName: optional(n.ComputerName),
		SourceId: &source, SourceType: types.SourceTypeAwsSsmManagedinstance,
	}
}

// filter is one condition: the node's value must be among the values.
type filter struct {
	key    string
	values []string
}

// filterKeys are the keys of both forms of filter, with the values that AWS
// knows where it has a list.
var filterKeys = map[string][]string{
	"InstanceIds": nil, "AgentVersion": nil, "ActivationIds": nil, "IamRole": nil, "SourceIds": nil,
	"PingStatus":    {"Online", "ConnectionLost", "Inactive"},
	"PlatformTypes": {"Windows", "Linux", "MacOS"},
	"PlatformType":  {"Windows", "Linux", "MacOS"},
	"ResourceType":  {"EC2Instance", "ManagedInstance"},
	"SourceTypes":   {"AWS::EC2::Instance", "AWS::SSM::ManagedInstance", "AWS::IoT::Thing", "Microsoft.Compute/virtualMachines"},
	"tag-key":       nil,
}

func readFilters(in *ssm.DescribeInstanceInformationInput) ([]filter, error) {
	if len(in.Filters) > 0 && len(in.InstanceInformationFilterList) > 0 {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Filters and InstanceInformationFilterList can't be used in one request."}
	}
	var out []filter
	for _, f := range in.Filters {
		out = append(out, filter{*f.Key, f.Values})
	}
	for _, f := range in.InstanceInformationFilterList {
		out = append(out, filter{string(f.Key), f.ValueSet})
	}
	tags, others := 0, 0
	for _, f := range out {
		known, ok := filterKeys[f.key]
		if strings.HasPrefix(f.key, "tag:") || f.key == "tag-key" {
			tags, ok = tags+1, true
		} else {
			others++
		}
		if !ok {
			// AssociationStatus is one: there are no associations yet.
			return nil, &types.InvalidFilterKey{Message: text("The filter key " + f.key + " isn't valid.")}
		}
		for _, v := range f.values {
			if known != nil && !slices.Contains(known, v) {
				return nil, &types.InvalidInstanceInformationFilterValue{Message: text("The value " + v + " of the filter " + f.key + " isn't valid.")}
			}
		}
	}
	if tags > 0 && others > 0 {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Tag filters can't be combined with other filter types."}
	}
	return out, nil
}

func (f filter) fits(n *managedNode, status types.PingStatus) bool {
	has := func(values ...string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return v != "" && slices.Contains(f.values, v) })
	}
	switch f.key {
	case "InstanceIds":
		return has(n.ID, n.WorkspaceID)
	case "AgentVersion":
		return has(n.AgentVersion)
	case "ActivationIds":
		return has(n.ActivationID)
	case "IamRole":
		return has(n.Role)
	case "SourceIds":
		return has(*n.describe(status).SourceId)
	case "PingStatus":
		return has(string(status))
	case "PlatformTypes", "PlatformType":
		return has(n.PlatformType)
	case "ResourceType":
		return has(string(types.ResourceTypeManagedInstance))
	case "SourceTypes":
		return has(string(types.SourceTypeAwsSsmManagedinstance))
	case "tag-key":
		return slices.ContainsFunc(f.values, func(k string) bool { _, ok := n.Tags[k]; return ok })
	}
	v, ok := n.Tags[strings.TrimPrefix(f.key, "tag:")]
	return ok && slices.Contains(f.values, v)
}

func (s *Service) describeInstanceInformationChecks(context.Context, *ssm.DescribeInstanceInformationInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeInstanceInformation"), nil
}
