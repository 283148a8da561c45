package workspaces

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Alias is a connection alias: a name that people write in place of the
// registration code of the directory that it is associated with, in each Region
// another one. It is its owner's; an account that it is shared with may
// associate it too, but only one account has it at a time (WorkSpaces
// Administration Guide, "Cross-Region redirection for WorkSpaces Personal").
type Alias struct {
	ID         string
	String     string            // desktop.example.com
	Shares     []string          `json:",omitempty"` // accounts that may associate it, sorted
	Account    string            `json:",omitempty"` // that associated it
	Directory  string            `json:",omitempty"` // of that account; empty is not associated
	Connection string            `json:",omitempty"` // identifier of the association
	Since      time.Time         `json:",omitzero"`  // of the association
	Tags       map[string]string `json:",omitempty"`
}

var aliases = store.Table[Alias]{
	Name: "workspaces.aliases", Reach: store.Regional,
	Key: func(a *Alias) string { return a.ID },
	Indexes: map[string]func(*Alias) string{
		"string": func(a *Alias) string { return strings.ToLower(a.String) },
		"directory": func(a *Alias) string {
			if a.Directory == "" {
				return ""
			}
			return a.Account + "/" + a.Directory
		},
		"shared": func(a *Alias) string {
			if len(a.Shares) == 0 {
				return ""
			}
			return "yes"
		},
	},
}

// claim is a connection string that an account has made once: no other account
// can ever have it (API reference, CreateConnectionAlias, ConnectionString).
type claim struct {
	String  string // in lower case
	Account string
}

var claims = store.Table[claim]{
	Name: "workspaces.connectionstrings", Reach: store.Plane,
	Key: func(c *claim) string { return c.String },
}

// maxAliases is the quota of an account in a Region (WorkSpaces Administration
// Guide, "Amazon WorkSpaces quotas").
const maxAliases = 20

func aliasARN(c *api.Call, owner, id string) arn.ARN {
	return arn.New("workspaces", c.Region, owner, "connectionalias/"+id)
}

// domainName tells whether a connection string is a fully qualified domain name
// (RFC 1035, section 2.3.1).
func domainName(s string) bool {
	labels := strings.Split(s, ".")
	return len(labels) > 1 && !slices.ContainsFunc(labels, func(l string) bool {
		return l == "" || len(l) > 63 || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-")
	})
}

func noAlias(id string) error {
	return &types.ResourceNotFoundException{Message: new("The specified connection alias could not be found."), ResourceId: &id}
}

// ownAlias returns an alias of the scope.
func ownAlias(tx *store.Tx, sc store.Scope, id string) (*Alias, error) {
	a, err := aliases.Get(tx, sc, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noAlias(id)
	}
	return a, err
}

// knownAlias returns an alias of the scope, or one that is shared with it, and
// whose it is.
func knownAlias(tx *store.Tx, sc store.Scope, id string) (*Alias, store.Scope, error) {
	a, err := aliases.Get(tx, sc, id)
	if !errors.Is(err, store.ErrNotFound) {
		return a, sc, err
	}
	shared, err := sharedAliases(tx, sc)
	if err != nil {
		return nil, sc, err
	}
	for _, r := range shared {
		if r.Record.ID == id {
			return r.Record, r.Scope, nil
		}
	}
	return nil, sc, noAlias(id)
}

// sharedAliases are those that other accounts share with the scope's.
func sharedAliases(tx *store.Tx, sc store.Scope) ([]store.Row[Alias], error) {
	all, err := aliases.Everywhere(tx, "shared", "yes")
	return slices.DeleteFunc(all, func(r store.Row[Alias]) bool {
		return r.Scope.Region != sc.Region || !slices.Contains(r.Record.Shares, sc.Account)
	}), err
}

// changeAlias changes an alias that the caller owns, or one that is shared with
// it too, in one transaction.
func (s *Service) changeAlias(ctx context.Context, id *string, change func(tx *store.Tx, a *Alias) error) error {
	sc := store.In(api.CallFrom(ctx).Place())
	return s.store.Update(ctx, func(tx *store.Tx) error {
		a, owner, err := knownAlias(tx, sc, text(id))
		if err != nil {
			return err
		}
		if err := change(tx, a); err != nil {
			return err
		}
		return aliases.Put(tx, owner, a)
	})
}

func (a *Alias) part() { a.Account, a.Directory, a.Connection, a.Since = "", "", "", time.Time{} }

func (a *Alias) describe(owner string) types.ConnectionAlias {
	with := types.ConnectionAliasAssociation{AssociationStatus: types.AssociationStatusNotAssociated}
	if a.Directory != "" {
		with = types.ConnectionAliasAssociation{
			AssociationStatus: types.AssociationStatusAssociatedWithOwnerAccount, AssociatedAccountId: &a.Account,
			ResourceId: &a.Directory, ConnectionIdentifier: &a.Connection,
		}
		if a.Account != owner {
			with.AssociationStatus = types.AssociationStatusAssociatedWithSharedAccount
		}
	}
	return types.ConnectionAlias{
		AliasId: &a.ID, ConnectionString: &a.String, State: types.ConnectionAliasStateCreated, OwnerAccountId: &owner,
		Associations: []types.ConnectionAliasAssociation{with},
	}
}

// onAlias is the check of an action on an alias, with its tags.
func (s *Service) onAlias(ctx context.Context, action string, id *string) ([]api.Check, error) {
	own := func(call *api.Call, id string) arn.ARN { return aliasARN(call, call.Account, id) }
	return checksOn(ctx, s, &aliases, func(a *Alias) map[string]string { return a.Tags }, action, own, text(id))
}

// aliased finds the directory that a connection string leads to: the one that is
// associated longest, where there are several Regions. AWS leaves the choice to
// the TXT record of the name, which this plane does not ask for.
func aliased(tx *store.Tx, name string) (sc store.Scope, directoryID string, err error) {
	rows, err := aliases.Everywhere(tx, "string", strings.ToLower(name))
	var first *Alias
	for _, r := range rows {
		if a := r.Record; a.Directory != "" && (first == nil || a.Since.Before(first.Since)) {
			first = a
			sc, directoryID = store.In(a.Account, r.Scope.Region), a.Directory
		}
	}
	return sc, directoryID, err
}

// partFrom ends the associations of a directory that is registered no more.
func partFrom(tx *store.Tx, sc store.Scope, directoryID string) error {
	rows, err := aliases.Everywhere(tx, "directory", sc.Account+"/"+directoryID)
	for _, r := range rows {
		if r.Scope.Region != sc.Region {
			continue
		}
		r.Record.part()
		err = errors.Join(err, aliases.Put(tx, r.Scope, r.Record))
	}
	return err
}
