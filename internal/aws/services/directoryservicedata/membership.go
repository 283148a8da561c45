package directoryservicedata

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// membership says that a user or a group belongs to a group. Names are folded:
// those that people see are in the records of the two.
type membership struct {
	DirectoryID string    `json:"directoryId"`
	Group       string    `json:"group"`
	Member      string    `json:"member"`
	Kind        string    `json:"kind"` // USER or GROUP
	Since       time.Time `json:"since"`
}

var memberships = store.Table[membership]{
	Name:  "directoryservicedata.memberships",
	Reach: store.Regional,
	Key:   func(m *membership) string { return membershipKey(m.DirectoryID, m.Group, m.Member) },
	Indexes: map[string]func(*membership) string{
		"member":    func(m *membership) string { return userKey(m.DirectoryID, m.Member) },
		"directory": func(m *membership) string { return m.DirectoryID },
	},
}

func membershipKey(directoryID, group, member string) string {
	return userKey(directoryID, group) + "/" + strings.ToLower(member)
}

// belonging finds the member that a name means, a user or a group.
func belonging(tx *store.Tx, sc store.Scope, d directory.Domain, name string) (directory.Member, error) {
	u, err := find(tx, sc, d.ID, name)
	if err == nil {
		return directory.Member{SAMAccountName: u.Name, SID: u.SID, Kind: directory.UserMember}, nil
	}
	if !errors.Is(err, directory.ErrNoUser) {
		return directory.Member{}, err
	}
	g, err := findGroup(tx, sc, d.ID, name)
	if errors.Is(err, directory.ErrNoGroup) {
		return directory.Member{}, fmt.Errorf("member %q of %s: %w", name, d.ID, directory.ErrNoMember)
	}
	if err != nil {
		return directory.Member{}, err
	}
	return directory.Member{SAMAccountName: g.Name, SID: g.SID, Kind: directory.GroupMember}, nil
}

// membersOf returns memberships of a group after a member.
func membersOf(tx *store.Tx, sc store.Scope, directoryID, group, after string, limit int) ([]*membership, error) {
	key := userKey(directoryID, group)
	p := store.Page{Min: key + "/", Max: key + "0", Limit: limit} // 0 is what comes after the slash
	if after != "" {
		p.After = membershipKey(directoryID, group, after)
	}
	return memberships.List(tx, sc, p)
}

// groupsOf returns memberships of a member after a group.
func groupsOf(tx *store.Tx, sc store.Scope, directoryID, member, after string, limit int) ([]*membership, error) {
	p := store.Page{Limit: limit}
	if after != "" {
		p.After = membershipKey(directoryID, after, member)
	}
	return memberships.By(tx, sc, "member", userKey(directoryID, member), p)
}

// leave ends all memberships of one who is removed, and those in it.
func leave(tx *store.Tx, sc store.Scope, directoryID, name string) error {
	of, err := groupsOf(tx, sc, directoryID, name, "", 0)
	if err != nil {
		return err
	}
	in, err := membersOf(tx, sc, directoryID, name, "", 0)
	if err != nil {
		return err
	}
	for _, m := range append(of, in...) {
		if err := memberships.Delete(tx, sc, memberships.Key(m)); err != nil {
			return err
		}
	}
	return nil
}
