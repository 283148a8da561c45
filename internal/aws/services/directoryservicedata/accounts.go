package directoryservicedata

import (
	"context"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

var _ directory.Accounts = (*Service)(nil)

// locate returns a directory of the plane and where it is.
func (s *Service) locate(ctx context.Context, directoryID string, with func(tx *store.Tx, sc store.Scope, d directory.Domain) error) error {
	return s.st.View(ctx, func(tx *store.Tx) error {
		sc, d, err := s.ports.Directories.Locate(tx, directoryID)
		if err != nil {
			return err
		}
		return with(tx, sc, d)
	})
}

// Directory returns the names of a directory, for the directory server.
func (s *Service) Directory(ctx context.Context, directoryID string) (directory.Domain, error) {
	var found directory.Domain
	err := s.locate(ctx, directoryID, func(_ *store.Tx, _ store.Scope, d directory.Domain) error {
		found = d
		return nil
	})
	return found, err
}

// Lookup returns one account, for the directory server.
func (s *Service) Lookup(ctx context.Context, directoryID, userName string) (directory.Account, error) {
	var found directory.Account
	err := s.locate(ctx, directoryID, func(tx *store.Tx, sc store.Scope, d directory.Domain) error {
		u, err := find(tx, sc, directoryID, userName)
		if err != nil {
			return err
		}
		found, err = s.whole(tx, sc, d, u)
		return err
	})
	return found, err
}

// List returns accounts by name, for the directory server.
func (s *Service) List(ctx context.Context, directoryID, after string, limit int) ([]directory.Account, error) {
	var out []directory.Account
	err := s.locate(ctx, directoryID, func(tx *store.Tx, sc store.Scope, d directory.Domain) error {
		page := store.Page{Limit: limit}
		if after != "" {
			if !plain(after) {
				return nil // a forged position: there is nothing behind it
			}
			page.After = userKey(directoryID, after)
		}
		found, err := users.By(tx, sc, "directory", directoryID, page)
		out = make([]directory.Account, 0, len(found)) // the function may run again
		for _, u := range found {
			a, err := s.whole(tx, sc, d, u)
			if err != nil {
				return err
			}
			out = append(out, a)
		}
		return err
	})
	return out, err
}

// whole is a user with what only the directory server shows: its groups, and
// whether it is locked.
func (s *Service) whole(tx *store.Tx, sc store.Scope, d directory.Domain, u *user) (directory.Account, error) {
	a := u.account(d)
	var err error
	if a.MemberOf, err = namesOf(tx, sc, d, u.Name); err != nil {
		return a, err
	}
	t, err := triesOf(tx, sc, d.ID, u.Name)
	if err != nil {
		return a, err
	}
	a.Locked = t.locked(s.clk.Now())
	return a, nil
}

// namesOf are the names of the groups that one is in.
func namesOf(tx *store.Tx, sc store.Scope, d directory.Domain, member string) ([]string, error) {
	in, err := groupsOf(tx, sc, d.ID, member, "", 0)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range in {
		g, err := findGroup(tx, sc, d.ID, m.Group)
		if err != nil {
			return nil, err
		}
		out = append(out, g.Name)
	}
	return out, nil
}

// wholeGroup is a group with its members and the groups that it is in.
func wholeGroup(tx *store.Tx, sc store.Scope, d directory.Domain, g *group) (directory.Group, error) {
	out := g.shown(d)
	var err error
	if out.MemberOf, err = namesOf(tx, sc, d, g.Name); err != nil {
		return out, err
	}
	in, err := membersOf(tx, sc, d.ID, g.Name, "", 0)
	if err != nil {
		return out, err
	}
	for _, m := range in {
		who, err := belonging(tx, sc, d, m.Member)
		if err != nil {
			return out, err
		}
		out.Members = append(out.Members, who.SAMAccountName)
	}
	return out, nil
}

// LookupGroup returns one group, for the directory server.
func (s *Service) LookupGroup(ctx context.Context, directoryID, groupName string) (directory.Group, error) {
	var found directory.Group
	err := s.locate(ctx, directoryID, func(tx *store.Tx, sc store.Scope, d directory.Domain) error {
		g, err := findGroup(tx, sc, directoryID, groupName)
		if err != nil {
			return err
		}
		found, err = wholeGroup(tx, sc, d, g)
		return err
	})
	return found, err
}

// Groups returns groups by name, for the directory server.
func (s *Service) Groups(ctx context.Context, directoryID, after string, limit int) ([]directory.Group, error) {
	if after != "" && !plainGroup(after) {
		return nil, nil // a forged position: there is nothing behind it
	}
	var out []directory.Group
	err := s.locate(ctx, directoryID, func(tx *store.Tx, sc store.Scope, d directory.Domain) error {
		out = nil // the function may run again
		page := store.Page{Limit: limit}
		if after != "" {
			page.After = userKey(directoryID, after)
		}
		found, err := groups.By(tx, sc, "directory", directoryID, page)
		if err != nil {
			return err
		}
		for _, g := range found {
			one, err := wholeGroup(tx, sc, d, g)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}
