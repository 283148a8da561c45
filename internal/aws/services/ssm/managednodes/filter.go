package managednodes

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/store"
)

// filter is one condition: one of the node's values under the key fits one of
// the filter's.
type filter struct {
	key      string
	operator types.InstancePropertyFilterOperator // Equal when empty
	values   []string
}

// filterKeys are the keys of all forms of filter, with the values that AWS
// knows where it has a list.
var filterKeys = map[string][]string{
	"InstanceIds": nil, "AgentVersion": nil, "ActivationIds": nil, "IamRole": nil, "SourceIds": nil,
	"PingStatus":    {"Online", "ConnectionLost", "Inactive"},
	"PlatformTypes": {"Windows", "Linux", "MacOS"},
	"PlatformType":  {"Windows", "Linux", "MacOS"},
	"ResourceType":  {"EC2Instance", "ManagedInstance"},
	"SourceTypes":   {"AWS::EC2::Instance", "AWS::SSM::ManagedInstance", "AWS::IoT::Thing", "Microsoft.Compute/virtualMachines"},
	"tag-key":       nil,
	// Source: InstanceInformationStringFilter, "Valid values for the
	// AssociationStatus filter key".
	"AssociationStatus": {"Success", "Pending", "Failed"},
	"DocumentName":      nil,
}

// facts are a node's values by filter key.
type facts struct {
	*managedNode
	scope    store.Scope
	status   types.PingStatus
	standing Standing // of its associations, once it is needed
}

func (s *Service) facts(scope store.Scope, n *managedNode) facts {
	return facts{managedNode: n, scope: scope, status: s.status(n)}
}

// late tells whether a filter asks for what is in another room.
func (f filter) late() bool { return f.key == "AssociationStatus" || f.key == "DocumentName" }

// of lists the values that a node has under a key.
func (n facts) of(key string) []string {
	switch key {
	case "InstanceIds":
		return []string{n.ID, n.WorkspaceID}
	case "AgentVersion":
		return []string{n.AgentVersion}
	case "ActivationIds":
		return []string{n.ActivationID}
	case "IamRole":
		return []string{n.Role}
	case "SourceIds":
		return []string{n.source()}
	case "PingStatus":
		return []string{string(n.status)}
	case "PlatformTypes", "PlatformType":
		return []string{n.PlatformType}
	case "PlatformName":
		return []string{n.PlatformName}
	case "PlatformVersion":
		return []string{n.PlatformVersion}
	case "ComputerName":
		return []string{n.ComputerName}
	case "IPAddress":
		return []string{n.IPAddress}
	case "ResourceType":
		return []string{string(types.ResourceTypeManagedInstance)}
	case "SourceTypes":
		return []string{string(types.SourceTypeAwsSsmManagedinstance)}
	case "AssociationStatus":
		return []string{n.standing.Status}
	case "DocumentName":
		return n.standing.Documents
	case "Region":
		return []string{n.scope.Region}
	case "AccountId":
		return []string{n.scope.Account}
	case "tag-key":
		keys := make([]string, 0, len(n.Tags))
		for k := range n.Tags {
			keys = append(keys, k)
		}
		return keys
	}
	if v, ok := n.Tags[strings.TrimPrefix(key, "tag:")]; ok && strings.HasPrefix(key, "tag:") {
		return []string{v}
	}
	return nil
}

func (f filter) fits(n facts) bool {
	if f.operator == types.InstancePropertyFilterOperatorNotEqual {
		return !slices.ContainsFunc(n.of(f.key), func(v string) bool { return slices.Contains(f.values, v) })
	}
	return slices.ContainsFunc(n.of(f.key), func(have string) bool {
		return have != "" && slices.ContainsFunc(f.values, func(want string) bool { return f.holds(have, want) })
	})
}

func (f filter) holds(have, want string) bool {
	switch f.operator {
	case types.InstancePropertyFilterOperatorBeginWith:
		return strings.HasPrefix(have, want)
	case types.InstancePropertyFilterOperatorLessThan:
		return inOrder(have, want) < 0
	case types.InstancePropertyFilterOperatorGreaterThan:
		return inOrder(have, want) > 0
	case types.InstancePropertyFilterOperatorEqual, types.InstancePropertyFilterOperatorNotEqual:
	}
	return have == want
}

// inOrder compares versions by their numbers, 3.10 after 3.9, and anything
// else as text.
func inOrder(a, b string) int {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, errX := strconv.ParseUint(as[i], 10, 64)
		y, errY := strconv.ParseUint(bs[i], 10, 64)
		switch {
		case errX != nil || errY != nil:
			return strings.Compare(a, b)
		case x < y:
			return -1
		case x > y:
			return 1
		}
	}
	return len(as) - len(bs)
}

// informationFilters reads the two forms of DescribeInstanceInformation.
func informationFilters(in *ssm.DescribeInstanceInformationInput) ([]filter, error) {
	if len(in.Filters) > 0 && len(in.InstanceInformationFilterList) > 0 {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Filters and InstanceInformationFilterList can't be used in one request."}
	}
	var out []filter
	for _, f := range in.Filters {
		out = append(out, filter{key: *f.Key, values: f.Values})
	}
	for _, f := range in.InstanceInformationFilterList {
		out = append(out, filter{key: string(f.Key), values: f.ValueSet})
	}
	tags, others := 0, 0
	for _, f := range out {
		known, ok := filterKeys[f.key]
		if isTagKey(f.key) {
			tags, ok = tags+1, true
		} else {
			others++
		}
		if !ok {
			return nil, invalidKey(f.key)
		}
		if wrong, found := f.unknown(known); found {
			return nil, &types.InvalidInstanceInformationFilterValue{Message: text("The value " + wrong + " of the filter " + f.key + " isn't valid.")}
		}
	}
	if tags > 0 && others > 0 {
		return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Tag filters can't be combined with other filter types."}
	}
	return out, nil
}

func isTagKey(key string) bool { return strings.HasPrefix(key, "tag:") || key == "tag-key" }

func invalidKey(key string) error {
	return &types.InvalidFilterKey{Message: text("The filter key " + key + " isn't valid.")}
}

// unknown finds a value that is none of those that AWS knows.
func (f filter) unknown(known []string) (value string, found bool) {
	if known == nil {
		return "", false
	}
	i := slices.IndexFunc(f.values, func(v string) bool { return !slices.Contains(known, v) })
	if i < 0 {
		return "", false
	}
	return f.values[i], true
}
