package iam

import (
	"context"
	"errors"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// What the Tag Editor may see and change. AWS's knows this service's policies,
// instance profiles and devices only; this one knows users and roles too.

// tagActions are the IAM actions that change tags, by kind of resource.
var tagActions = map[string][2]string{
	"user":             {"iam:TagUser", "iam:UntagUser"},
	"role":             {"iam:TagRole", "iam:UntagRole"},
	"policy":           {"iam:TagPolicy", "iam:UntagPolicy"},
	"instance-profile": {"iam:TagInstanceProfile", "iam:UntagInstanceProfile"},
	"mfa":              {"iam:TagMFADevice", "iam:UntagMFADevice"},
}

// homeRegion is where a global service's resources are listed.
const homeRegion = "us-east-1"

// Tagged lists what can have tags in an account, in us-east-1.
func (s *Service) Tagged(ctx context.Context, account, region string) (out []api.Tagged, err error) {
	if region != homeRegion {
		return nil, nil
	}
	sc := store.Scope{Account: account}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		return errors.Join(
			showTagged(tx, sc, &out, &users, func(u *user) api.Tagged { return api.Tagged{ARN: u.arn(account), Type: "iam:user", Tags: u.Tags} }),
			showTagged(tx, sc, &out, &roles, func(r *role) api.Tagged { return api.Tagged{ARN: r.arn(account), Type: "iam:role", Tags: r.Tags} }),
			showTagged(tx, sc, &out, &policies, func(m *managed) api.Tagged {
				return api.Tagged{ARN: m.arn(account), Type: "iam:policy", Tags: m.Tags}
			}),
			showTagged(tx, sc, &out, &profiles, func(p *profile) api.Tagged {
				return api.Tagged{ARN: p.arn(account), Type: "iam:instance-profile", Tags: p.Tags}
			}),
			showTagged(tx, sc, &out, &devices, func(d *device) api.Tagged {
				return api.Tagged{ARN: d.serial(account), Type: "iam:mfa", Tags: d.Tags}
			}),
		)
	})
	return out, err
}

func showTagged[R any](tx *store.Tx, sc store.Scope, out *[]api.Tagged, t *store.Table[R], show func(*R) api.Tagged) error {
	all, err := t.List(tx, sc, store.Page{})
	for _, r := range all {
		*out = append(*out, show(r))
	}
	return err
}

// TagActions are the IAM actions that change the tags of a resource; ok tells
// whether an ARN is one of this room.
func (s *Service) TagActions(resource string) (tag, untag string, ok bool) {
	_, kind, _ := parseEntity(resource)
	actions, ok := tagActions[kind]
	return actions[0], actions[1], ok
}

// parseEntity reads the ARN of a resource of this room: its account, its kind
// and its name without the path. The kind is empty for anything else.
func parseEntity(resource string) (account, kind, name string) {
	a, err := arn.Parse(resource)
	if err != nil || a.Partition != "aws" || a.Service != "iam" || a.Region != "" || a.Account == "" {
		return "", "", ""
	}
	kind, rest, _ := strings.Cut(a.Resource, "/")
	name = rest[strings.LastIndexByte(rest, '/')+1:]
	if name == "" {
		return "", "", ""
	}
	return a.Account, kind, name
}
