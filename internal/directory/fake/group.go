package fake

import (
	"context"
	"maps"
	"slices"
	"strings"

	"tamachi/internal/directory"
)

// ListGroups returns one page of groups.
func (r *Roster) ListGroups(_ context.Context, q directory.Query) ([]directory.Group, error) {
	return do(r, func() ([]directory.Group, error) {
		return page(r.groups, q, func(g *directory.Group) func(string) []string { return g.Values }), nil
	})
}

// Group returns one group.
func (r *Roster) Group(_ context.Context, name string) (directory.Group, error) {
	return do(r, func() (directory.Group, error) {
		g := r.groups[strings.ToLower(name)]
		if g == nil {
			return directory.Group{}, directory.ErrNoGroup
		}
		return *g, nil
	})
}

// AddGroup makes a group.
func (r *Roster) AddGroup(_ context.Context, g directory.Group) (directory.Group, error) {
	return do(r, func() (_ directory.Group, err error) {
		if g.SID, err = r.number(g.SAMAccountName); err != nil {
			return g, err
		}
		g.DN, g.Attributes = directory.GroupDN(g.SAMAccountName, r.domain.Name), maps.Clone(g.Attributes)
		r.groups[strings.ToLower(g.SAMAccountName)] = &g
		return g, nil
	})
}

// ChangeGroup changes scope, kind and attributes.
func (r *Roster) ChangeGroup(_ context.Context, name string, scope directory.GroupScope, kind directory.GroupKind, changes []directory.Change) error {
	return r.change(func() error {
		g := r.groups[strings.ToLower(name)]
		if g == nil {
			return directory.ErrNoGroup
		}
		next := *g
		next.Attributes = maps.Clone(g.Attributes)
		if err := next.Become(scope, kind); err != nil {
			return err
		}
		if err := directory.Alter(&next, changes, r.single); err != nil {
			return err
		}
		*g = next
		return nil
	})
}

// RemoveGroup removes a group.
func (r *Roster) RemoveGroup(_ context.Context, name string) error {
	return r.change(func() error {
		f := strings.ToLower(name)
		if r.groups[f] == nil {
			return directory.ErrNoGroup
		}
		delete(r.groups, f)
		delete(r.members, f)
		r.forget(f)
		return nil
	})
}

// AddMember makes a user or a group member of a group.
func (r *Roster) AddMember(_ context.Context, group, member string) error {
	return r.change(func() error {
		g, m := strings.ToLower(group), strings.ToLower(member)
		switch {
		case r.groups[g] == nil:
			return directory.ErrNoGroup
		case r.users[m] == nil && r.groups[m] == nil:
			return directory.ErrNoMember
		case g == m:
			return directory.ErrProtected
		case r.members[g][m]:
			return directory.ErrIsMember
		case r.members[g] == nil:
			r.members[g] = map[string]bool{}
		}
		r.members[g][m] = true
		return nil
	})
}

// RemoveMember ends a membership.
func (r *Roster) RemoveMember(_ context.Context, group, member string) error {
	return r.change(func() error {
		g, m := strings.ToLower(group), strings.ToLower(member)
		switch {
		case r.groups[g] == nil:
			return directory.ErrNoGroup
		case r.users[m] == nil && r.groups[m] == nil:
			return directory.ErrNoMember
		case !r.members[g][m]:
			return directory.ErrNotMember
		}
		delete(r.members[g], m)
		return nil
	})
}

// Members returns members of a group by name.
func (r *Roster) Members(_ context.Context, group, after string, limit int) ([]directory.Member, error) {
	return do(r, func() ([]directory.Member, error) {
		g := strings.ToLower(group)
		if r.groups[g] == nil {
			return nil, directory.ErrNoGroup
		}
		var out []directory.Member
		for _, name := range slices.Sorted(maps.Keys(r.members[g])) {
			if len(out) >= limit || name <= strings.ToLower(after) {
				continue
			}
			if u := r.users[name]; u != nil {
				out = append(out, directory.Member{SAMAccountName: u.SAMAccountName, SID: u.SID, Kind: directory.UserMember})
				continue
			}
			m := r.groups[name]
			out = append(out, directory.Member{SAMAccountName: m.SAMAccountName, SID: m.SID, Kind: directory.GroupMember})
		}
		return out, nil
	})
}

// GroupsOf returns the groups of a user or group by name.
func (r *Roster) GroupsOf(_ context.Context, member, after string, limit int) ([]directory.Group, error) {
	return do(r, func() ([]directory.Group, error) {
		m := strings.ToLower(member)
		if r.users[m] == nil && r.groups[m] == nil {
			return nil, directory.ErrNoMember
		}
		var out []directory.Group
		for _, name := range slices.Sorted(maps.Keys(r.groups)) {
			if len(out) < limit && name > strings.ToLower(after) && r.members[name][m] {
				out = append(out, *r.groups[name])
			}
		}
		return out, nil
	})
}
