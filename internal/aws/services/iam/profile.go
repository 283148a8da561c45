package iam

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// profile is an instance profile: what hands one role to an instance.
type profile struct {
	ID      string // AIPA...
	Name    string
	Path    string
	Role    string // the role's name; empty for none
	Tags    map[string]string
	Created time.Time
}

var profiles = store.Table[profile]{
	Name:  "iam.instanceprofiles",
	Reach: store.Account,
	Key:   func(p *profile) string { return strings.ToLower(p.Name) },
	// A role's name never changes.
	Indexes: map[string]func(*profile) string{"role": func(p *profile) string { return strings.ToLower(p.Role) }},
}

// maxProfiles is the quota of instance profiles in an account (IAM User Guide,
// "IAM and AWS STS quotas").
const maxProfiles = 1000

// findProfile finds an instance profile by name in any case, or answers
// NoSuchEntity.
func findProfile(tx *store.Tx, sc store.Scope, name string) (*profile, error) {
	p, err := profiles.Get(tx, sc, strings.ToLower(name))
	return p, orNoSuch(err, "Instance Profile %s cannot be found.", name)
}

func (p *profile) arn(account string) string {
	return entityARN(account, "instance-profile", p.Path, p.Name)
}

// shown is the profile with its role, as lists have it: without tags.
func (p *profile) shown(tx *store.Tx, sc store.Scope) (*types.InstanceProfile, error) {
	out := &types.InstanceProfile{
		Arn: new(p.arn(sc.Account)), CreateDate: &p.Created, InstanceProfileId: &p.ID, InstanceProfileName: &p.Name, Path: &p.Path,
		Roles: []types.Role{},
	}
	if p.Role == "" {
		return out, nil
	}
	r, err := findRole(tx, sc, p.Role)
	if err != nil {
		return nil, err
	}
	out.Roles = append(out.Roles, *r.shown(sc.Account))
	return out, nil
}

// changeProfile changes an instance profile.
func (s *Service) changeProfile(ctx context.Context, name string, change func(*store.Tx, store.Scope, *profile) error) error {
	return alter(ctx, s, &profiles, findProfile, name, change)
}

// checkProfile is a check on an instance profile: the one that is there, else
// the name's ARN.
func (s *Service) checkProfile(ctx context.Context, action, name string) (api.Check, error) {
	return checkNamed(ctx, s, &profiles, action, "instance-profile", name, func(c *api.Check, p *profile, account string) {
		c.Resource = p.arn(account)
		*c = withTags(*c, p.Tags)
	})
}

// checksOfProfile are the checks of an operation on one instance profile.
func (s *Service) checksOfProfile(ctx context.Context, action string, name *string) ([]api.Check, error) {
	c, err := s.checkProfile(ctx, action, *name)
	return []api.Check{c}, err
}
