package directoryservicedata

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// group is a group of a directory.
type group struct {
	DirectoryID string               `json:"directoryId"`
	Name        string               `json:"name"` // sAMAccountName, in the case it was created with
	SID         string               `json:"sid"`
	Scope       string               `json:"scope"`
	Kind        string               `json:"kind"`
	Attributes  map[string]attribute `json:"attributes,omitempty"`
	Created     time.Time            `json:"created"`
}

// groups are found by name without regard to case, as Active Directory has it.
var groups = store.Table[group]{
	Name:  "directoryservicedata.groups",
	Reach: store.Regional,
	Key:   func(g *group) string { return userKey(g.DirectoryID, g.Name) },
	Indexes: map[string]func(*group) string{
		"directory": func(g *group) string { return g.DirectoryID },
	},
}

// findGroup returns a group, directory.ErrNoGroup if there is none of that name.
func findGroup(tx *store.Tx, sc store.Scope, directoryID, name string) (*group, error) {
	if !plainGroup(name) {
		return nil, fmt.Errorf("group %q of %s: %w", name, directoryID, directory.ErrNoGroup)
	}
	g, err := groups.Get(tx, sc, userKey(directoryID, name))
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("group %q of %s: %w", name, directoryID, directory.ErrNoGroup)
	}
	return g, err
}

// plainGroup tells whether a name may be a group's: blanks and letters of any
// script, but no slash, which parts keys, and nothing that cannot be seen.
func plainGroup(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r == '/' || unicode.IsControl(r)
	})
}

// shown is a group as others see it.
func (g *group) shown(d directory.Domain) directory.Group {
	return directory.Group{
		SAMAccountName: g.Name, SID: g.SID, DN: directory.GroupDN(g.Name, d.Name),
		Scope: directory.GroupScope(g.Scope), Kind: directory.GroupKind(g.Kind), Attributes: shown(g.Attributes),
	}
}

// take gives a group what may change of it.
func (g *group) take(from directory.Group) {
	g.Scope, g.Kind, g.Attributes = string(from.Scope), string(from.Kind), ofGroups.stored(from.Attributes)
}
