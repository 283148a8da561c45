package organizations

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store"
)

// unit is an organizational unit: a place in the tree for accounts and units.
type unit struct {
	ID           string // ou-<root>-...
	Organization string
	Parent       string // a root or a unit
	Name         string
	Tags         map[string]string
}

var units = store.Table[unit]{
	Name:  "organizations.units",
	Reach: store.Plane,
	Key:   func(u *unit) string { return u.Organization + "/" + u.ID },
	Indexes: map[string]func(*unit) string{
		"parent":       func(u *unit) string { return u.Organization + "/" + u.Parent },
		"organization": func(u *unit) string { return u.Organization },
	},
}

// maxDepth is how many units may lie above one another. Source: Organizations
// User Guide, "Quotas for AWS Organizations".
const (
	maxDepth = 5
	maxUnits = 2000
)

func (u *unit) shown(o *organization) *types.OrganizationalUnit {
	return &types.OrganizationalUnit{Id: aws.String(u.ID), Arn: aws.String(o.arn("ou", u.ID)), Name: aws.String(u.Name)}
}

// unitOf returns a unit of the organization, or nil.
func unitOf(tx *store.Tx, o *organization, id string) (*unit, error) {
	u, err := units.Get(tx, store.Scope{}, o.ID+"/"+id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return u, err
}

// wantUnit is unitOf with the error of operations on units.
func wantUnit(tx *store.Tx, o *organization, id string) (*unit, error) {
	u, err := unitOf(tx, o, id)
	if err == nil && u == nil {
		err = &types.OrganizationalUnitNotFoundException{Message: aws.String("You specified an organizational unit that doesn't exist.")}
	}
	return u, err
}

// isParent tells whether an id is the root or a unit of the organization.
func isParent(tx *store.Tx, o *organization, id string) (bool, error) {
	if id == o.Root {
		return true, nil
	}
	u, err := unitOf(tx, o, id)
	return u != nil, err
}

// wantParent fails where an id is neither.
func wantParent(tx *store.Tx, o *organization, id string) error {
	is, err := isParent(tx, o, id)
	if err == nil && !is {
		err = &types.ParentNotFoundException{Message: aws.String("You specified parent that doesn't exist.")}
	}
	return err
}

// unitsIn lists the units right below a parent in the order of their ids.
func unitsIn(tx *store.Tx, o *organization, parent string) ([]*unit, error) {
	return units.By(tx, store.Scope{}, "parent", o.ID+"/"+parent, store.Page{})
}

// membersIn lists the accounts right below a parent in the order of their
// numbers.
func membersIn(tx *store.Tx, o *organization, parent string) ([]*member, error) {
	all, err := of(tx, o)
	return slices.DeleteFunc(all, func(m *member) bool { return m.parent(o) != parent }), err
}

// above lists the parents of a root, unit or account from the root down, itself
// the last; nil for what is not of the organization.
func above(tx *store.Tx, o *organization, id string) ([]string, error) {
	var path []string
	for id != o.Root {
		path = append(path, id)
		if !strings.HasPrefix(id, "ou-") {
			m, err := memberOf(tx, o, id)
			if err != nil || m == nil {
				return nil, err
			}
			id = m.parent(o)
			continue
		}
		u, err := unitOf(tx, o, id)
		if err != nil || u == nil {
			return nil, err
		}
		id = u.Parent
	}
	path = append(path, o.Root)
	slices.Reverse(path)
	return path, nil
}

// freeName fails where a parent has another unit of the name.
func freeName(tx *store.Tx, o *organization, parent, name, id string) error {
	beside, err := unitsIn(tx, o, parent)
	for _, b := range beside {
		if b.Name == name && b.ID != id {
			return &types.DuplicateOrganizationalUnitException{Message: aws.String("An OU with the same name already exists.")}
		}
	}
	return err
}

// below is one page of what stands right below a parent.
func below[R, T any](ctx context.Context, s *Service, p parent, in func(tx *store.Tx, o *organization, parent string) ([]*R, error), key func(*R) string, show func(r *R, o *organization) *T) (out []T, next *string, err error) {
	err = s.view(ctx, func(tx *store.Tx, o *organization) error {
		if err := wantParent(tx, o, p.id); err != nil {
			return err
		}
		all, err := in(tx, o, p.id)
		if err != nil {
			return err
		}
		out = nil
		shown, token, err := page(p.operation, p.token, p.most, all, key)
		for _, r := range shown {
			out = append(out, *show(r, o))
		}
		next = token
		return err
	})
	return out, next, err
}

// parent is a place of which a page is asked for.
type parent struct {
	operation, id string
	token         *string
	most          *int32
}
