package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// The bits of groupType. Source: Microsoft, MS-ADTS 2.2.12 "Group Type Flags".
const (
	bitBuiltin     = 0x1
	bitGlobal      = 0x2
	bitDomainLocal = 0x4
	bitUniversal   = 0x8
	bitSecurity    = -0x80000000
)

// GroupType is the value of groupType of a group of that scope and kind.
func GroupType(scope GroupScope, kind GroupKind) int32 {
	bits := map[GroupScope]int32{
		BuiltinLocal: bitBuiltin | bitDomainLocal, Global: bitGlobal, DomainLocal: bitDomainLocal, Universal: bitUniversal,
	}[scope]
	if kind == Security {
		bits |= bitSecurity
	}
	return bits
}

// ReadGroupType is the scope and kind that a value of groupType means.
func ReadGroupType(bits int32) (GroupScope, GroupKind) {
	kind, scope := Distribution, Universal
	if bits&bitSecurity != 0 {
		kind = Security
	}
	switch {
	case bits&bitBuiltin != 0:
		scope = BuiltinLocal
	case bits&bitGlobal != 0:
		scope = Global
	case bits&bitDomainLocal != 0:
		scope = DomainLocal
	}
	return scope, kind
}

// rescope tells whether a group may go from one scope to another: only by way
// of Universal, and never into or out of the built-in ones. Source: Microsoft,
// "Active Directory security groups", group scope.
func rescope(from, to GroupScope) bool {
	switch {
	case from == to:
		return true
	case from == BuiltinLocal || to == BuiltinLocal:
		return false
	}
	return from == Universal || to == Universal
}

// GroupDN is the distinguished name of a group of the embedded directory.
func GroupDN(groupName, domain string) string { return UserDN(groupName, domain) }

// Alter makes changes of the attributes of a user or group; single tells which
// may have one value only.
func Alter(of attributed, changes []Change, single func(attribute string) bool) error {
	for _, c := range changes {
		values, err := apply(of.Values(c.Attribute), c, single(c.Attribute))
		if err != nil {
			return fmt.Errorf("attribute %s: %w", c.Attribute, err)
		}
		of.Set(c.Attribute, values)
	}
	return nil
}

// attributed is an Account or a Group.
type attributed interface {
	Values(name string) []string
	Set(name string, values []string)
}

func apply(values []string, c Change, single bool) ([]string, error) {
	switch c.Kind {
	case Add:
		if single && len(values) > 0 {
			return nil, ErrHasValue
		}
		for _, v := range c.Values {
			if index(values, v) >= 0 {
				return nil, ErrHasValue
			}
		}
		return append(slices.Clone(values), c.Values...), nil
	case Remove:
		if len(values) == 0 {
			return nil, ErrNoValue
		}
		if single || len(c.Values) == 0 {
			return nil, nil
		}
		left := slices.Clone(values)
		for _, v := range c.Values {
			i := index(left, v)
			if i < 0 {
				return nil, ErrNoValue
			}
			left = slices.Delete(left, i, i+1)
		}
		return left, nil
	}
	return slices.Clone(c.Values), nil
}

func index(values []string, v string) int {
	return slices.IndexFunc(values, func(s string) bool { return strings.EqualFold(s, v) })
}

// Become gives a group a scope and a kind, each unless it is empty;
// ErrProtected for a change that Rescope does not allow.
func (g *Group) Become(scope GroupScope, kind GroupKind) error {
	if scope != "" {
		if !rescope(g.Scope, scope) {
			return fmt.Errorf("from %s to %s: %w", g.Scope, scope, ErrProtected)
		}
		g.Scope = scope
	}
	if kind != "" {
		g.Kind = kind
	}
	return nil
}

// Set gives an attribute values; none clear it.
func (g *Group) Set(name string, values []string) { g.Attributes = set(g.Attributes, name, values) }

// Set gives an attribute values, by its name as the schema spells it; none
// clear it. The account's own name stays.
func (a *Account) Set(name string, values []string) {
	first := ""
	if len(values) > 0 {
		first = values[0]
	}
	switch name {
	case "sAMAccountName":
	case "givenName":
		a.GivenName = first
	case "sn":
		a.Surname = first
	case "mail":
		a.Email = first
	default:
		a.Attributes = set(a.Attributes, name, values)
	}
}

func set(attributes map[string][]string, name string, values []string) map[string][]string {
	if len(values) == 0 {
		delete(attributes, name)
		return attributes
	}
	if attributes == nil {
		attributes = map[string][]string{}
	}
	attributes[name] = values
	return attributes
}

// manyGroups is how many groups are asked for at once.
const manyGroups = 250

// GroupsWithin returns the names of all groups that a user or a group is in,
// those of its groups included, each once, the nearest first.
func GroupsWithin(ctx context.Context, m Memberships, member string) ([]string, error) {
	var out []string
	seen := map[string]bool{strings.ToLower(member): true}
	for next := []string{member}; len(next) > 0; next = next[1:] {
		for after := ""; ; {
			found, err := m.GroupsOf(ctx, next[0], after, manyGroups)
			if err != nil {
				return nil, err
			}
			for _, g := range found {
				after = g.SAMAccountName
				if f := strings.ToLower(after); !seen[f] {
					seen[f] = true
					out, next = append(out, after), append(next, after)
				}
			}
			if len(found) < manyGroups {
				break
			}
		}
	}
	return out, nil
}
