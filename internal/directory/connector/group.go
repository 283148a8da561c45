package connector

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	wire "github.com/go-ldap/ldap/v3"

	"tamachi/internal/directory"
)

// ListGroups returns one page of groups.
func (r *Remote) ListGroups(ctx context.Context, q directory.Query) ([]directory.Group, error) {
	return r.groups(ctx, aGroup+wanted(q), q.After, q.Limit)
}

func (r *Remote) groups(ctx context.Context, filter, after string, limit int) ([]directory.Group, error) {
	found, err := r.page(ctx, filter, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]directory.Group, len(found))
	for i, e := range found {
		if out[i], err = group(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Group returns one group.
func (r *Remote) Group(ctx context.Context, name string) (g directory.Group, err error) {
	err = r.with(ctx, func(conn *wire.Conn) error {
		e, err := r.named(conn, aGroup, name, directory.ErrNoGroup, "*")
		if err == nil {
			g, err = group(e)
		}
		return err
	})
	return g, err
}

// AddGroup makes a group.
func (r *Remote) AddGroup(ctx context.Context, g directory.Group) (made directory.Group, err error) {
	defer r.listings.forget()
	err = r.with(ctx, func(conn *wire.Conn) error {
		add := wire.NewAddRequest(directory.GroupDN(g.SAMAccountName, r.c.Name), nil)
		add.Attribute("objectClass", []string{"top", "group"})
		add.Attribute("sAMAccountName", []string{g.SAMAccountName})
		add.Attribute("groupType", []string{groupType(g.Scope, g.Kind)})
		further(add, g.Attributes)
		if err := create(conn, add); err != nil {
			return err
		}
		e, err := r.named(conn, aGroup, g.SAMAccountName, directory.ErrNoGroup, "*")
		if err == nil {
			made, err = group(e)
		}
		return err
	})
	return made, err
}

func groupType(scope directory.GroupScope, kind directory.GroupKind) string {
	return strconv.Itoa(int(directory.GroupType(scope, kind)))
}

// ChangeGroup changes scope and type, each unless it is empty, and attributes,
// all or none.
func (r *Remote) ChangeGroup(ctx context.Context, name string, scope directory.GroupScope, kind directory.GroupKind, changes []directory.Change) error {
	defer r.listings.forget()
	return r.with(ctx, func(conn *wire.Conn) error {
		e, err := r.named(conn, aGroup, name, directory.ErrNoGroup, "*")
		if err != nil {
			return err
		}
		g, err := group(e)
		if err != nil {
			return err
		}
		before := g
		if err := g.Become(scope, kind); err != nil {
			return err
		}
		more := map[string]string{}
		if before.Scope != g.Scope || before.Kind != g.Kind {
			more["groupType"] = groupType(g.Scope, g.Kind)
		}
		err = modify(conn, e, changes, more)
		if is(err, wire.LDAPResultUnwillingToPerform) {
			return fmt.Errorf("change %s: %w", e.DN, directory.ErrProtected)
		}
		return err
	})
}

// RemoveGroup removes a group and every membership in it.
func (r *Remote) RemoveGroup(ctx context.Context, name string) error {
	return r.remove(ctx, aGroup, name, directory.ErrNoGroup)
}

// AddMember makes a user or a group member of a group.
func (r *Remote) AddMember(ctx context.Context, group, member string) error {
	defer r.listings.forget()
	return r.membership(ctx, group, member, func(conn *wire.Conn, g, m *wire.Entry) error {
		if g.DN == m.DN {
			return fmt.Errorf("add %s to itself: %w", g.DN, directory.ErrProtected)
		}
		change := wire.NewModifyRequest(g.DN, nil)
		change.Add("member", []string{m.DN})
		err := conn.Modify(change)
		switch {
		case is(err, wire.LDAPResultAttributeOrValueExists, wire.LDAPResultEntryAlreadyExists):
			return fmt.Errorf("add to %s: %w", g.DN, directory.ErrIsMember)
		case is(err, wire.LDAPResultUnwillingToPerform):
			return fmt.Errorf("add to %s: %w", g.DN, directory.ErrProtected)
		}
		return err
	})
}

// RemoveMember ends a membership.
func (r *Remote) RemoveMember(ctx context.Context, group, member string) error {
	defer r.listings.forget()
	return r.membership(ctx, group, member, func(conn *wire.Conn, g, m *wire.Entry) error {
		change := wire.NewModifyRequest(g.DN, nil)
		change.Delete("member", []string{m.DN})
		err := conn.Modify(change)
		if is(err, wire.LDAPResultNoSuchAttribute, wire.LDAPResultUnwillingToPerform) {
			return fmt.Errorf("take out of %s: %w", g.DN, directory.ErrNotMember)
		}
		return err
	})
}

// membership looks up who is meant, and does something about both.
func (r *Remote) membership(ctx context.Context, group, member string, do func(conn *wire.Conn, g, m *wire.Entry) error) error {
	return r.with(ctx, func(conn *wire.Conn) error {
		g, err := r.named(conn, aGroup, group, directory.ErrNoGroup, "sAMAccountName")
		if err != nil {
			return err
		}
		m, err := r.named(conn, either, member, directory.ErrNoMember, "sAMAccountName")
		if err != nil {
			return err
		}
		return do(conn, g, m)
	})
}

// Members returns up to limit members of a group after a name.
func (r *Remote) Members(ctx context.Context, group, after string, limit int) ([]directory.Member, error) {
	dn, err := r.place(ctx, aGroup, group, directory.ErrNoGroup)
	if err != nil {
		return nil, err
	}
	found, err := r.page(ctx, either+equals("memberOf", dn), after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]directory.Member, len(found))
	for i, e := range found {
		sid, err := directory.SIDText(e.GetRawAttributeValue("objectSid"))
		if err != nil {
			return nil, fmt.Errorf("read objectSid of %q: %w", e.DN, err)
		}
		out[i] = directory.Member{SAMAccountName: e.GetAttributeValue("sAMAccountName"), SID: sid, Kind: kindOf(e)}
	}
	return out, nil
}

func kindOf(e *wire.Entry) directory.MemberKind {
	classes := e.GetAttributeValues("objectClass")
	switch {
	case slices.Contains(classes, "computer"):
		return directory.ComputerMember
	case slices.Contains(classes, "group"):
		return directory.GroupMember
	}
	return directory.UserMember
}

// GroupsOf returns up to limit groups of a user or group after a name.
func (r *Remote) GroupsOf(ctx context.Context, member, after string, limit int) ([]directory.Group, error) {
	dn, err := r.place(ctx, either, member, directory.ErrNoMember)
	if err != nil {
		return nil, err
	}
	return r.groups(ctx, aGroup+equals("member", dn), after, limit)
}

// place is the distinguished name of a user or group.
func (r *Remote) place(ctx context.Context, sort, name string, none error) (dn string, err error) {
	err = r.with(ctx, func(conn *wire.Conn) error {
		e, err := r.named(conn, sort, name, none, "sAMAccountName")
		if err == nil {
			dn = e.DN
		}
		return err
	})
	return dn, err
}
