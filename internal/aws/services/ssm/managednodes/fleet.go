package managednodes

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// member is a node as ListNodes and ListNodesSummary see it: what inventory
// shows of it, and whose it is.
type member struct {
	*managedNode
	scope store.Scope
	facts map[string]string
	unit  unit
}

// unit is the organizational unit of an account; empty for one that is in the
// root of its organization, or in none.
type unit struct{ id, path string }

// unitOf finds the organizational unit of an account.
func (s *Service) unitOf(ctx context.Context, account string) (unit, error) {
	if s.ports.Organizations == nil {
		return unit{}, nil
	}
	_, path, err := s.ports.Organizations.Of(ctx, account)
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	last := parts[len(parts)-1]
	if err != nil || !strings.HasPrefix(last, "ou-") {
		return unit{}, err
	}
	return unit{last, path}, nil
}

// of is a member's value by the name of a filter or an attribute; empty when
// nothing is known.
func (m member) of(name string) string {
	switch name {
	case "ManagedStatus":
		return string(types.ManagedStatusManaged)
	case "Region":
		return m.scope.Region
	case "AccountId":
		return m.scope.Account
	case "OrganizationalUnitId":
		return m.unit.id
	case "OrganizationalUnitPath":
		return m.unit.path
	}
	return m.facts[name]
}

// enumerated are the filters whose values AWS lists (Systems Manager API
// Reference, NodeFilter and InstanceInfo).
var enumerated = map[types.NodeFilterKey][]string{
	types.NodeFilterKeyManagedStatus: {"All", "Managed", "Unmanaged"},
	types.NodeFilterKeyPlatformType:  {"Windows", "Linux", "MacOS"},
	types.NodeFilterKeyResourceType:  {"EC2Instance", "ManagedInstance"},
}

// memberFilters reads filters of nodes. A node that is not managed is none
// here: All is Managed.
func memberFilters(given []types.NodeFilter) ([]filter, error) {
	var out []filter
	for _, g := range given {
		f := filter{key: string(g.Key), operator: types.InstancePropertyFilterOperator(g.Type), values: slices.Clone(g.Values)}
		if g.Type != types.NodeFilterOperatorTypeBeginWith {
			if wrong, found := f.unknown(enumerated[g.Key]); found {
				return nil, &types.InvalidFilter{Message: text("The value " + wrong + " of the filter " + f.key + " isn't valid.")}
			}
		}
		if g.Key == types.NodeFilterKeyManagedStatus && slices.Contains(f.values, "All") {
			f.values = append(f.values, "Managed")
		}
		out = append(out, f)
	}
	return out, nil
}

// admits tells whether a filter lets a member through.
func (f filter) admits(m member) bool {
	have := m.of(f.key)
	found := have != "" && slices.ContainsFunc(f.values, func(want string) bool { return f.holds(have, want) })
	if f.operator == types.InstancePropertyFilterOperatorNotEqual {
		return !found
	}
	return found
}

// members shows the members of a caller's fleet, whose unit is given, that pass
// all filters, by Region and id, until show returns false.
func (s *Service) members(tx *store.Tx, scope store.Scope, own unit, sync *string, after string, filters []filter, show func(member) bool) (more bool, err error) {
	regions := []string{scope.Region}
	if sync != nil {
		if regions, err = s.regions(tx, scope, *sync); err != nil {
			return false, err
		}
	}
	from, id, _ := strings.Cut(after, "/")
	for _, region := range regions {
		if region < from {
			continue
		}
		if region != from {
			id = ""
		}
		there := store.In(scope.Account, region)
		more, err = scan(tx, &managedNodes, there, id, func(n *managedNode) bool {
			m := member{n, there, s.machine(n).Facts, own}
			if n.LastPing.IsZero() || slices.ContainsFunc(filters, func(f filter) bool { return !f.admits(m) }) {
				return true
			}
			return show(m)
		})
		if more || err != nil {
			return more, err
		}
	}
	return false, nil
}

// regions are the Regions of a resource data sync, in order.
func (s *Service) regions(tx *store.Tx, scope store.Scope, sync string) ([]string, error) {
	var found []string
	ok := s.ports.Sources != nil
	if ok {
		var err error
		if found, ok, err = s.ports.Sources.Regions(tx, scope, sync); err != nil {
			return nil, err
		}
	}
	if !ok {
		return nil, &types.ResourceDataSyncNotFoundException{
			SyncName: &sync, SyncType: aws.String("SyncFromSource"), Message: text("The specified sync name wasn't found: " + sync + "."),
		}
	}
	return slices.Sorted(slices.Values(found)), nil
}
