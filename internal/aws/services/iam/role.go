package iam

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// role is what somebody may become who is named in its trust policy.
// Everything that belongs to it points at it by ID.
type role struct {
	ID          string // AROA...
	Name        string
	Path        string
	Description string
	Trust       string // the trust policy as it was given
	MaxSession  int32  // seconds
	Boundary    string // ARN of the permissions boundary; empty for none
	Tags        map[string]string
	Created     time.Time
	// Service is the host name of the service that the role is linked to; empty
	// for a role of the account's own.
	Service string
}

var roles = store.Table[role]{
	Name:  "iam.roles",
	Reach: store.Account,
	Key:   func(r *role) string { return strings.ToLower(r.Name) },
	Indexes: map[string]func(*role) string{
		"id":       func(r *role) string { return r.ID },
		"boundary": func(r *role) string { return r.Boundary },
	},
}

const (
	// maxRoles is the quota of roles in an account (IAM User Guide, "IAM and
	// AWS STS quotas").
	maxRoles = 1000
	// hour is how long a session may last when MaxSessionDuration was not given
	// (IAM API Reference, CreateRole).
	hour = 3600
)

// findRole finds a role by name in any case, or answers NoSuchEntity.
func findRole(tx *store.Tx, sc store.Scope, name string) (*role, error) {
	r, err := roles.Get(tx, sc, strings.ToLower(name))
	return r, orNoSuch(err, "The role with name %s cannot be found.", name)
}

// findOwnRole finds a role that the account may change: one that is linked to
// a service belongs to the service.
func findOwnRole(tx *store.Tx, sc store.Scope, name string) (*role, error) {
	r, err := findRole(tx, sc, name)
	if err == nil && r.Service != "" {
		return nil, &types.UnmodifiableEntityException{Message: new(
			"Cannot perform the operation on the protected role '" + r.Name + "' - this role is only modifiable by AWS",
		)}
	}
	return r, err
}

func (r *role) arn(account string) string { return entityARN(account, "role", r.Path, r.Name) }

// shown is the role as lists and other answers have it: without tags, boundary
// and last use.
func (r *role) shown(account string) *types.Role {
	out := &types.Role{
		Arn: new(r.arn(account)), CreateDate: &r.Created, Path: &r.Path, RoleId: &r.ID, RoleName: &r.Name,
		AssumeRolePolicyDocument: new(escaped(r.Trust)), MaxSessionDuration: &r.MaxSession,
	}
	if r.Description != "" {
		out.Description = &r.Description
	}
	return out
}

// shownWhole is the role with tags and boundary.
func (r *role) shownWhole(account string) *types.Role {
	out := r.shown(account)
	if len(r.Tags) > 0 {
		out.Tags = tagList(r.Tags)
	}
	out.PermissionsBoundary = boundaryOf(r.Boundary)
	return out
}

// escaped is a document as answers have it: percent-encoded (RFC 3986).
func escaped(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}

// changeRole changes a role of the account's own.
func (s *Service) changeRole(ctx context.Context, name string, change func(*store.Tx, store.Scope, *role) error) error {
	return alter(ctx, s, &roles, findOwnRole, name, change)
}

// checkRole is a check on a role: the one that is there, else the name's ARN.
func (s *Service) checkRole(ctx context.Context, action, name string) (api.Check, error) {
	return s.checkHolder(ctx, action, ofRole, name)
}

// checksOfRole are the checks of an operation on one role.
func (s *Service) checksOfRole(ctx context.Context, action string, name *string) ([]api.Check, error) {
	c, err := s.checkRole(ctx, action, *name)
	return []api.Check{c}, err
}

// roleByID finds a role by the unique id, or gives store.ErrNotFound.
func roleByID(tx *store.Tx, sc store.Scope, id string) (*role, error) {
	return roles.First(tx, sc, "id", id)
}
