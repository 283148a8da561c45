package iam

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// The kinds of holders.
const (
	ofUser  = "user"
	ofGroup = "group"
	ofRole  = "role"
)

// holder is a user, group or role as what policies belong to.
type holder struct {
	kind, id, name, path string
	linked               bool // a role that belongs to a service
	tags                 map[string]string
	boundary             string
}

func (h holder) arn(account string) string { return entityARN(account, h.kind, h.path, h.name) }

// findHolder finds a user, group or role by name, or answers NoSuchEntity.
func findHolder(tx *store.Tx, sc store.Scope, kind, name string) (holder, error) {
	switch kind {
	case ofUser:
		u, err := findUser(tx, sc, name)
		if err != nil {
			return holder{}, err
		}
		return u.holder(), nil
	case ofRole:
		r, err := findRole(tx, sc, name)
		if err != nil {
			return holder{}, err
		}
		return r.holder(), nil
	}
	g, err := findGroup(tx, sc, name)
	if err != nil {
		return holder{}, err
	}
	return g.holder(), nil
}

// changeableHolder finds a holder whose policies the account may change.
func changeableHolder(tx *store.Tx, sc store.Scope, kind, name string) (holder, error) {
	if kind == ofRole {
		if _, err := findOwnRole(tx, sc, name); err != nil {
			return holder{}, err
		}
	}
	return findHolder(tx, sc, kind, name)
}

func (u *user) holder() holder {
	return holder{kind: ofUser, id: u.ID, name: u.Name, path: u.Path, tags: u.Tags, boundary: u.Boundary}
}

func (r *role) holder() holder {
	return holder{kind: ofRole, id: r.ID, name: r.Name, path: r.Path, tags: r.Tags, boundary: r.Boundary, linked: r.Service != ""}
}

func (g *group) holder() holder {
	return holder{kind: ofGroup, id: g.ID, name: g.Name, path: g.Path}
}

// kindOf tells the kind of a holder from its unique id (IAM User Guide, "IAM
// identifiers").
func kindOf(id string) string {
	switch {
	case strings.HasPrefix(id, "AIDA"):
		return ofUser
	case strings.HasPrefix(id, "AGPA"):
		return ofGroup
	}
	return ofRole
}

// holderByID finds a holder by its unique id, or gives store.ErrNotFound.
func holderByID(tx *store.Tx, sc store.Scope, id string) (holder, error) {
	switch kindOf(id) {
	case ofUser:
		u, err := userByID(tx, sc, id)
		if err != nil {
			return holder{}, err
		}
		return u.holder(), nil
	case ofGroup:
		g, err := groupByID(tx, sc, id)
		if err != nil {
			return holder{}, err
		}
		return g.holder(), nil
	}
	r, err := roleByID(tx, sc, id)
	if err != nil {
		return holder{}, err
	}
	return r.holder(), nil
}

// checkHolder is a check on a holder: the one that is there, else the name's
// ARN.
func (s *Service) checkHolder(ctx context.Context, action, kind, name string) (api.Check, error) {
	call := api.CallFrom(ctx)
	c := api.Check{Action: action, Resource: entityARN(call.Account, kind, "/", name)}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		h, err := findHolder(tx, store.Scope{Account: call.Account}, kind, name)
		var none *types.NoSuchEntityException
		if errors.As(err, &none) {
			return nil
		}
		if err != nil {
			return err
		}
		c.Resource = h.arn(call.Account)
		c = withTags(c, h.tags)
		if h.boundary != "" {
			c = withKey(c, "iam:PermissionsBoundary", h.boundary)
		}
		return nil
	})
	return c, err
}

// checksOfHolder are the checks of an operation on the policies of a holder;
// policyARN is the managed policy that it is about, or empty.
func (s *Service) checksOfHolder(ctx context.Context, action, kind, name, policyARN string) ([]api.Check, error) {
	c, err := s.checkHolder(ctx, action, kind, name)
	if policyARN != "" {
		c = withKey(c, "iam:PolicyARN", policyARN)
	}
	return []api.Check{c}, err
}
