package managednodes

import (
	"slices"
	"strings"

	"tamachi/internal/store"
)

// nodeType is what a managed node is in the words of resource groups.
const nodeType = "AWS::SSM::ManagedInstance"

// group tells whether a target is about resource groups.
func (t Target) group() bool { return t.Key == targetGroupName || t.Key == targetGroupTypes }

// tests returns what tells whether a node with some tags fits all targets but
// its id. Source: Systems Manager API Reference, "Target".
func (s *Service) tests(tx *store.Tx, scope store.Scope, targets []Target) (func(tags map[string]string) bool, error) {
	all := []func(tags map[string]string) bool{}
	for _, t := range targets {
		switch t.Key {
		case targetGroupName:
			held, err := s.groups(tx, scope, t.Values)
			if err != nil {
				return nil, err
			}
			all = append(all, held)
		case targetGroupTypes:
			nodes := slices.ContainsFunc(t.Values, func(v string) bool { return strings.EqualFold(v, nodeType) })
			all = append(all, func(map[string]string) bool { return nodes })
		default:
			all = append(all, t.fits)
		}
	}
	return func(tags map[string]string) bool {
		return !slices.ContainsFunc(all, func(fits func(map[string]string) bool) bool { return !fits(tags) })
	}, nil
}

// groups returns what tells whether one of some groups holds a node with some
// tags. A group that does not exist holds none; none holds what has no tags.
func (s *Service) groups(tx *store.Tx, scope store.Scope, names []string) (func(tags map[string]string) bool, error) {
	var all []func(kind string, tags map[string]string) bool
	for _, name := range names {
		held, err := s.ports.Groups.Group(tx, scope, name)
		if err != nil {
			return nil, err
		}
		if held != nil {
			all = append(all, held)
		}
	}
	return func(tags map[string]string) bool {
		return len(tags) > 0 && slices.ContainsFunc(all, func(held func(string, map[string]string) bool) bool { return held(nodeType, tags) })
	}, nil
}
