package iam

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// user is a person or program of an account. Everything that belongs to it
// points at it by ID.
type user struct {
	ID       string // AIDA...
	Name     string
	Path     string
	Created  time.Time
	Boundary string // ARN of the permissions boundary; empty for none
	Tags     map[string]string
}

var users = store.Table[user]{
	Name:  "iam.users",
	Reach: store.Account,
	Key:   func(u *user) string { return strings.ToLower(u.Name) },
	Indexes: map[string]func(*user) string{
		"id":       func(u *user) string { return u.ID },
		"boundary": func(u *user) string { return u.Boundary },
	},
}

// maxUsers is the quota of users in an account (IAM User Guide, "IAM and AWS
// STS quotas").
const maxUsers = 5000

// findUser finds a user by name in any case, or answers NoSuchEntity.
func findUser(tx *store.Tx, sc store.Scope, name string) (*user, error) {
	u, err := users.Get(tx, sc, strings.ToLower(name))
	return u, orNoSuch(err, "The user with name %s cannot be found.", name)
}

// userByID finds a user by the unique id, or gives store.ErrNotFound.
func userByID(tx *store.Tx, sc store.Scope, id string) (*user, error) {
	return users.First(tx, sc, "id", id)
}

func (u *user) arn(account string) string { return entityARN(account, "user", u.Path, u.Name) }

// shown is the user as answers have it; the lists leave out tags and boundary.
func (u *user) shown(account string) *types.User {
	return &types.User{
		Arn: new(u.arn(account)), CreateDate: &u.Created, Path: &u.Path, UserId: &u.ID, UserName: &u.Name,
	}
}

// shownWhole is the user with tags and boundary.
func (u *user) shownWhole(account string) *types.User {
	out := u.shown(account)
	if len(u.Tags) > 0 {
		out.Tags = tagList(u.Tags)
	}
	out.PermissionsBoundary = boundaryOf(u.Boundary)
	return out
}

// boundaryOf shows a permissions boundary; nil for none.
func boundaryOf(policyARN string) *types.AttachedPermissionsBoundary {
	if policyARN == "" {
		return nil
	}
	return &types.AttachedPermissionsBoundary{
		PermissionsBoundaryArn: &policyARN, PermissionsBoundaryType: types.PermissionsBoundaryAttachmentTypePolicy,
	}
}

// entityARN is the ARN of a user, group, role, policy or instance profile.
func entityARN(account, kind, path, name string) string {
	return arn.New("iam", "", account, kind+path+name).String()
}

// pathOr is the path of a request: "/" when none was given.
func pathOr(path *string) string {
	if aws.ToString(path) == "" {
		return "/"
	}
	return *path
}

// moment is the call's time as IAM shows times: whole seconds.
func moment(c *api.Call) time.Time { return c.Time.UTC().Truncate(time.Second) }

// checkUser is a check on a user: the one that is there, else the name's ARN.
func (s *Service) checkUser(ctx context.Context, action, name string) (api.Check, error) {
	return checkNamed(ctx, s, &users, action, ofUser, name, func(c *api.Check, u *user, account string) {
		c.Resource = u.arn(account)
		*c = withTags(*c, u.Tags)
	})
}

// checksOfUser are the checks of an operation on one user.
func (s *Service) checksOfUser(ctx context.Context, action string, name *string) ([]api.Check, error) {
	c, err := s.checkUser(ctx, action, userNamed(ctx, name))
	return []api.Check{c}, err
}

// userNamed is the user an operation is about: the caller when no name is
// given.
func userNamed(ctx context.Context, name *string) string {
	if name != nil {
		return *name
	}
	return api.CallFrom(ctx).Caller.Name
}
