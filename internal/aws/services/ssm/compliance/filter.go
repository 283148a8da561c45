package compliance

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// filter is one condition of a list.
type filter struct {
	key      string
	operator types.ComplianceQueryOperatorType
	values   []string
}

// readFilters reads the filters of a list. Those that name an inventory
// attribute are apart.
func readFilters(given []types.ComplianceStringFilter, keys ...string) (own []filter, inventory []types.InventoryFilter, err error) {
	for _, f := range given {
		if f.Key == nil || len(f.Values) == 0 {
			return nil, nil, &types.InvalidFilter{Message: new("A filter needs a key and values.")}
		}
		if strings.Contains(*f.Key, ":") && strings.Contains(*f.Key, ".") {
			inventory = append(inventory, types.InventoryFilter{Key: f.Key, Values: f.Values, Type: operators[f.Type]})
			continue
		}
		if !slices.Contains(keys, *f.Key) {
			return nil, nil, &types.InvalidFilter{Message: new("The filter name isn't valid: " + *f.Key + ". Valid are " + strings.Join(keys, ", ") + ".")}
		}
		own = append(own, filter{*f.Key, f.Type, f.Values})
	}
	return own, inventory, nil
}

var operators = map[types.ComplianceQueryOperatorType]types.InventoryQueryOperatorType{
	"": types.InventoryQueryOperatorTypeEqual, types.ComplianceQueryOperatorTypeEqual: types.InventoryQueryOperatorTypeEqual,
	types.ComplianceQueryOperatorTypeNotEqual:    types.InventoryQueryOperatorTypeNotEqual,
	types.ComplianceQueryOperatorTypeBeginWith:   types.InventoryQueryOperatorTypeBeginWith,
	types.ComplianceQueryOperatorTypeLessThan:    types.InventoryQueryOperatorTypeLessThan,
	types.ComplianceQueryOperatorTypeGreaterThan: types.InventoryQueryOperatorTypeGreaterThan,
}

// fits tells whether values by their key meet the condition.
func (f filter) fits(of map[string]string) bool {
	v := of[f.key]
	if f.operator == types.ComplianceQueryOperatorTypeNotEqual {
		return !slices.Contains(f.values, v)
	}
	return slices.ContainsFunc(f.values, func(want string) bool {
		switch f.operator {
		case types.ComplianceQueryOperatorTypeBeginWith:
			return strings.HasPrefix(v, want)
		case types.ComplianceQueryOperatorTypeLessThan:
			return v < want
		case types.ComplianceQueryOperatorTypeGreaterThan:
			return v > want
		}
		return v == want
	})
}

func meets(filters []filter, of map[string]string) bool {
	return !slices.ContainsFunc(filters, func(f filter) bool { return !f.fits(of) })
}

// facts is what filters on a resource's record ask.
func (r *record) facts() map[string]string {
	return map[string]string{
		"ComplianceType": r.Kind, "Status": r.status(), "OverallSeverity": r.severity(), "ResourceId": r.Node, "ResourceType": managedInstance,
		"ExecutionId": r.Last.ID, "ExecutionType": r.Last.Type,
	}
}

// recordKeys are the filters of both summaries.
var recordKeys = []string{"ComplianceType", "Status", "OverallSeverity", "ResourceId", "ResourceType", "ExecutionId", "ExecutionType"}

// selected returns the records that meet the filters of a summary. Nodes that
// are gone are not among them.
func (s *Service) selected(tx *store.Tx, scope store.Scope, given []types.ComplianceStringFilter) ([]*record, error) {
	own, inventory, err := readFilters(given, recordKeys...)
	if err != nil {
		return nil, err
	}
	nodes, err := s.ports.Nodes.Select(tx, scope, inventory)
	if err != nil {
		return nil, err
	}
	all, err := records.List(tx, scope, store.Page{})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(r *record) bool { return !nodes[r.Node] || !meets(own, r.facts()) }), nil
}
