package directoryservicedata

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// ListGroups returns one page of groups.
func (b *shelf) ListGroups(ctx context.Context, q directory.Query) ([]directory.Group, error) {
	if q.After != "" && !plainGroup(q.After) {
		return nil, nil // a forged position: there is nothing behind it
	}
	return search(ctx, b, &groups, q, (*group).shown)
}

// Group returns one group.
func (b *shelf) Group(ctx context.Context, name string) (directory.Group, error) {
	var out directory.Group
	err := b.view(ctx, func(tx *store.Tx) error {
		g, err := findGroup(tx, b.sc, b.d.ID, name)
		if err == nil {
			out = g.shown(b.d)
		}
		return err
	})
	return out, err
}

// AddGroup makes a group.
func (b *shelf) AddGroup(ctx context.Context, given directory.Group) (directory.Group, error) {
	g := &group{DirectoryID: b.d.ID, Name: given.SAMAccountName, Created: b.s.clk.Now()}
	g.take(given)
	err := b.update(ctx, func(tx *store.Tx) error {
		if directory.Builtin(g.Name) {
			return taken(b.d.ID, g.Name)
		}
		if err := free(tx, b.sc, b.d.ID, g.Name); err != nil {
			return err
		}
		rid, err := draw(tx, b.sc, b.d.ID)
		if err != nil {
			return err
		}
		g.SID = fmt.Sprintf("%s-%d", b.d.SID, rid)
		return groups.Put(tx, b.sc, g)
	})
	return g.shown(b.d), err
}

// free checks that neither a user nor a group has a name: they share one space.
func free(tx *store.Tx, sc store.Scope, directoryID, name string) error {
	_, err := find(tx, sc, directoryID, name)
	if errors.Is(err, directory.ErrNoUser) {
		_, err = findGroup(tx, sc, directoryID, name)
	}
	switch {
	case err == nil:
		return taken(directoryID, name)
	case errors.Is(err, directory.ErrNoGroup):
		return nil
	}
	return err
}

func taken(directoryID, name string) error {
	return fmt.Errorf("%q in %s: %w", name, directoryID, directory.ErrNameTaken)
}

// ChangeGroup changes scope, kind and attributes.
func (b *shelf) ChangeGroup(ctx context.Context, name string, scope directory.GroupScope, kind directory.GroupKind, changes []directory.Change) error {
	return b.update(ctx, func(tx *store.Tx) error {
		g, err := findGroup(tx, b.sc, b.d.ID, name)
		if err != nil {
			return err
		}
		next := g.shown(b.d)
		if err := next.Become(scope, kind); err != nil {
			return err
		}
		if err := directory.Alter(&next, changes, ofGroups.single); err != nil {
			return err
		}
		g.take(next)
		return groups.Put(tx, b.sc, g)
	})
}

// RemoveGroup removes a group and every membership in it and of it.
func (b *shelf) RemoveGroup(ctx context.Context, name string) error {
	return b.update(ctx, func(tx *store.Tx) error {
		g, err := findGroup(tx, b.sc, b.d.ID, name)
		if err != nil {
			return err
		}
		if err := leave(tx, b.sc, b.d.ID, name); err != nil {
			return err
		}
		return groups.Delete(tx, b.sc, groups.Key(g))
	})
}

// AddMember makes a user or a group member of a group.
func (b *shelf) AddMember(ctx context.Context, name, member string) error {
	return b.update(ctx, func(tx *store.Tx) error {
		m, err := b.membership(tx, name, member)
		switch {
		case err == nil:
			return fmt.Errorf("%q in %q: %w", member, name, directory.ErrIsMember)
		case !errors.Is(err, directory.ErrNotMember):
			return err
		case m.Group == m.Member:
			return fmt.Errorf("group %q in itself: %w", name, directory.ErrProtected)
		}
		m.Since = b.s.clk.Now()
		return memberships.Put(tx, b.sc, m)
	})
}

// RemoveMember ends a membership.
func (b *shelf) RemoveMember(ctx context.Context, name, member string) error {
	return b.update(ctx, func(tx *store.Tx) error {
		m, err := b.membership(tx, name, member)
		if err != nil {
			return err
		}
		return memberships.Delete(tx, b.sc, memberships.Key(m))
	})
}

// membership returns that of a member in a group, and the one that could be
// with directory.ErrNotMember if there is none.
func (b *shelf) membership(tx *store.Tx, name, member string) (*membership, error) {
	g, err := findGroup(tx, b.sc, b.d.ID, name)
	if err != nil {
		return nil, err
	}
	who, err := belonging(tx, b.sc, b.d, member)
	if err != nil {
		return nil, err
	}
	m := &membership{
		DirectoryID: b.d.ID, Group: strings.ToLower(g.Name), Member: strings.ToLower(who.SAMAccountName), Kind: string(who.Kind),
	}
	have, err := memberships.Get(tx, b.sc, memberships.Key(m))
	if errors.Is(err, store.ErrNotFound) {
		return m, fmt.Errorf("%q in %q: %w", member, name, directory.ErrNotMember)
	}
	return have, err
}

// Members returns members of a group by name.
func (b *shelf) Members(ctx context.Context, name, after string, limit int) ([]directory.Member, error) {
	var out []directory.Member
	err := b.view(ctx, func(tx *store.Tx) error {
		out = nil
		if _, err := findGroup(tx, b.sc, b.d.ID, name); err != nil {
			return err
		}
		found, err := membersOf(tx, b.sc, b.d.ID, name, after, limit)
		if err != nil {
			return err
		}
		for _, m := range found {
			who, err := belonging(tx, b.sc, b.d, m.Member)
			if err != nil {
				return err
			}
			out = append(out, who)
		}
		return nil
	})
	return out, err
}

// GroupsOf returns the groups of a user or group by name.
func (b *shelf) GroupsOf(ctx context.Context, member, after string, limit int) ([]directory.Group, error) {
	var out []directory.Group
	err := b.view(ctx, func(tx *store.Tx) error {
		out = nil
		if _, err := belonging(tx, b.sc, b.d, member); err != nil {
			return err
		}
		found, err := groupsOf(tx, b.sc, b.d.ID, member, after, limit)
		if err != nil {
			return err
		}
		for _, m := range found {
			g, err := findGroup(tx, b.sc, b.d.ID, m.Group)
			if err != nil {
				return err
			}
			out = append(out, g.shown(b.d))
		}
		return nil
	})
	return out, err
}
