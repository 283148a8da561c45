package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// filter is one condition on an attribute of a type.
type filter struct {
	kind, attribute string
	operator        types.InventoryQueryOperatorType
	values          []string
}

// readFilter reads a key such as AWS:Application.Name. Within one type its
// name may be left out.
func readFilter(f types.InventoryFilter, within string) (filter, error) {
	out := filter{kind: within, attribute: *f.Key, operator: f.Type, values: f.Values}
	if dot := strings.LastIndexByte(*f.Key, '.'); dot > 0 && strings.Contains((*f.Key)[:dot], ":") {
		out.kind, out.attribute = (*f.Key)[:dot], (*f.Key)[dot+1:]
	}
	if out.kind == "" || out.attribute == "" || (within != "" && out.kind != within) {
		return out, invalidFilter(*f.Key)
	}
	if out.operator == "" {
		out.operator = types.InventoryQueryOperatorTypeEqual
	}
	return out, nil
}

func invalidFilter(key string) error {
	return &types.InvalidFilter{Message: new("The filter name isn't valid: " + key + ". Name a type and an attribute, such as AWS:Application.Name.")}
}

func readFilters(given []types.InventoryFilter, within string) ([]filter, error) {
	var out []filter
	for _, f := range given {
		one, err := readFilter(f, within)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// fits tells whether an entry meets the condition.
func (f filter) fits(e map[string]string) bool {
	v, ok := e[f.attribute]
	if !ok {
		return false
	}
	switch f.operator {
	case types.InventoryQueryOperatorTypeExists:
		return v != ""
	case types.InventoryQueryOperatorTypeNotEqual:
		return !slices.Contains(f.values, v)
	}
	return slices.ContainsFunc(f.values, func(want string) bool {
		switch f.operator {
		case types.InventoryQueryOperatorTypeBeginWith:
			return strings.HasPrefix(v, want)
		case types.InventoryQueryOperatorTypeLessThan:
			return compareVersions(v, want) < 0
		case types.InventoryQueryOperatorTypeGreaterThan:
			return compareVersions(v, want) > 0
		}
		return v == want
	})
}

// narrow keeps the entries that meet all conditions.
func narrow(entries []map[string]string, filters []filter) []map[string]string {
	var out []map[string]string
	for _, e := range entries {
		if !slices.ContainsFunc(filters, func(f filter) bool { return !f.fits(e) }) {
			out = append(out, e)
		}
	}
	return out
}

// fleet is what GetInventory looks at: the nodes of a scope and their items,
// each type read once.
type fleet struct {
	tx       *store.Tx
	scope    store.Scope
	machines []Machine
	byKind   map[string]map[string]*item // by type and node
}

func (s *Service) fleet(tx *store.Tx, scope store.Scope) (*fleet, error) {
	all, err := s.ports.Nodes.Machines(tx, scope)
	return &fleet{tx: tx, scope: scope, machines: all, byKind: map[string]map[string]*item{}}, err
}

// of returns a node's item of a type, nil if there is none.
func (f *fleet) of(m Machine, kind string) (*item, error) {
	if i, ok := made(m, kind); ok {
		return i, nil
	}
	if f.byKind[kind] == nil {
		all, err := items.By(f.tx, f.scope, "kind", kind, store.Page{})
		if err != nil {
			return nil, err
		}
		f.byKind[kind] = make(map[string]*item, len(all))
		for _, i := range all {
			f.byKind[kind][i.Node] = i
		}
	}
	return f.byKind[kind][m.ID], nil
}

// matches tells whether a node meets the conditions: for each type one entry
// that meets all those on it.
func (f *fleet) matches(m Machine, filters []filter) (bool, error) {
	byKind := map[string][]filter{}
	for _, one := range filters {
		byKind[one.kind] = append(byKind[one.kind], one)
	}
	for kind, those := range byKind {
		i, err := f.of(m, kind)
		if err != nil || i == nil {
			return false, err
		}
		if len(narrow(i.Entries, those)) == 0 {
			return false, nil
		}
	}
	return true, nil
}

// checkKinds refuses conditions on types that there are not.
func checkKinds(tx *store.Tx, scope store.Scope, filters []filter) error {
	for _, f := range filters {
		ok, err := known(tx, scope, f.kind)
		if err != nil {
			return err
		}
		if !ok || (kinds[f.kind].Attributes != nil && !slices.Contains(kinds[f.kind].Attributes, f.attribute)) {
			return invalidFilter(fmt.Sprintf("%s.%s", f.kind, f.attribute))
		}
	}
	return nil
}

// Select returns the nodes whose inventory meets filters, in the caller's
// transaction; without filters all nodes.
func (s *Service) Select(tx *store.Tx, scope store.Scope, given []types.InventoryFilter) (map[string]bool, error) {
	filters, err := readFilters(given, "")
	if err != nil {
		return nil, err
	}
	f, err := s.fleet(tx, scope)
	if err != nil {
		return nil, err
	}
	found, err := f.fitting(filters)
	out := make(map[string]bool, len(found))
	for _, m := range found {
		out[m.ID] = true
	}
	return out, err
}

// Exists tells whether a node is registered.
func (s *Service) Exists(tx *store.Tx, scope store.Scope, node string) (bool, error) {
	_, ok, err := s.ports.Nodes.Machine(tx, scope, node)
	return ok, err
}
