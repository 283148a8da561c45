package iam

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// group is a set of users who share policies.
type group struct {
	ID      string // AGPA...
	Name    string
	Path    string
	Created time.Time
}

var groups = store.Table[group]{
	Name:    "iam.groups",
	Reach:   store.Account,
	Key:     func(g *group) string { return strings.ToLower(g.Name) },
	Indexes: map[string]func(*group) string{"id": func(g *group) string { return g.ID }},
}

// membership says that a user is in a group; both are named by their ids.
type membership struct{ User, Group string }

var memberships = store.Table[membership]{
	Name:  "iam.memberships",
	Reach: store.Account,
	Key:   func(m *membership) string { return m.User + "/" + m.Group },
	Indexes: map[string]func(*membership) string{
		"user":  func(m *membership) string { return m.User },
		"group": func(m *membership) string { return m.Group },
	},
}

// The quotas of groups (IAM User Guide, "IAM and AWS STS quotas").
const (
	maxGroups        = 300
	maxGroupsPerUser = 10
)

// findGroup finds a group by name in any case, or answers NoSuchEntity.
func findGroup(tx *store.Tx, sc store.Scope, name string) (*group, error) {
	g, err := groups.Get(tx, sc, strings.ToLower(name))
	return g, orNoSuch(err, "The group with name %s cannot be found.", name)
}

// groupByID finds a group by the unique id, or gives store.ErrNotFound.
func groupByID(tx *store.Tx, sc store.Scope, id string) (*group, error) {
	return groups.First(tx, sc, "id", id)
}

func membershipsOf(tx *store.Tx, sc store.Scope, userID string) ([]*membership, error) {
	return memberships.By(tx, sc, "user", userID, store.Page{})
}

// groupsOf lists the groups that a user is in.
func groupsOf(tx *store.Tx, sc store.Scope, userID string) ([]*group, error) {
	in, err := membershipsOf(tx, sc, userID)
	if err != nil {
		return nil, err
	}
	out := make([]*group, len(in))
	for i, m := range in {
		if out[i], err = groupByID(tx, sc, m.Group); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// membersOf lists the users of a group.
func membersOf(tx *store.Tx, sc store.Scope, groupID string) ([]*user, error) {
	in, err := memberships.By(tx, sc, "group", groupID, store.Page{})
	if err != nil {
		return nil, err
	}
	out := make([]*user, len(in))
	for i, m := range in {
		if out[i], err = userByID(tx, sc, m.User); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (g *group) arn(account string) string { return entityARN(account, "group", g.Path, g.Name) }

func (g *group) shown(account string) *types.Group {
	return &types.Group{
		Arn: new(g.arn(account)), CreateDate: &g.Created, GroupId: &g.ID, GroupName: &g.Name, Path: &g.Path,
	}
}

// checksOfGroup are the checks of an operation on one group: the one that is
// there, else the name's ARN. Groups have no tags.
func (s *Service) checksOfGroup(ctx context.Context, action, name string) ([]api.Check, error) {
	c, err := checkNamed(ctx, s, &groups, action, ofGroup, name, func(c *api.Check, g *group, account string) { c.Resource = g.arn(account) })
	return []api.Check{c}, err
}

// freeGroupName refuses a name that a group has, in any case.
func freeGroupName(tx *store.Tx, sc store.Scope, name string) error {
	_, err := groups.Get(tx, sc, strings.ToLower(name))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return alreadyExists("Group with name %s already exists.", name)
}
