package iam

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// attachment is a managed policy that belongs to a user, group or role.
type attachment struct {
	Holder string // the holder's unique id
	Policy string // ARN
}

var attachments = store.Table[attachment]{
	Name:  "iam.attachments",
	Reach: store.Account,
	Key:   func(a *attachment) string { return a.Holder + "/" + a.Policy },
	Indexes: map[string]func(*attachment) string{
		"holder": func(a *attachment) string { return a.Holder },
		"policy": func(a *attachment) string { return a.Policy },
	},
}

// maxAttached is how many managed policies a user, group or role may have (IAM
// User Guide, "IAM and AWS STS quotas").
const maxAttached = 10

// usage counts what managed policies are used for in an account.
type usage struct {
	attached map[string]int32 // by ARN: users, groups and roles that have it
	bounding map[string]int32 // by ARN: users and roles that it bounds
}

// usageOf counts all policies of an account.
func usageOf(tx *store.Tx, sc store.Scope) (usage, error) {
	u := usage{attached: make(map[string]int32), bounding: make(map[string]int32)}
	all, err := attachments.List(tx, sc, store.Page{})
	if err != nil {
		return u, err
	}
	for _, a := range all {
		u.attached[a.Policy]++
	}
	people, err := users.List(tx, sc, store.Page{})
	if err != nil {
		return u, err
	}
	for _, p := range people {
		u.bounding[p.Boundary]++
	}
	parts, err := roles.List(tx, sc, store.Page{})
	for _, r := range parts {
		u.bounding[r.Boundary]++
	}
	return u, err
}

// usageOfOne counts one policy.
func usageOfOne(tx *store.Tx, sc store.Scope, policyARN string) (usage, error) {
	a, err := attachments.By(tx, sc, "policy", policyARN, store.Page{})
	if err != nil {
		return usage{}, err
	}
	p, err := users.By(tx, sc, "boundary", policyARN, store.Page{})
	if err != nil {
		return usage{}, err
	}
	r, err := roles.By(tx, sc, "boundary", policyARN, store.Page{})
	return usage{
		attached: map[string]int32{policyARN: int32(len(a))}, bounding: map[string]int32{policyARN: int32(len(p) + len(r))},
	}, err
}

// attachedTo lists the managed policies of a holder in the order of their ARNs.
func attachedTo(tx *store.Tx, sc store.Scope, holder string) ([]*attachment, error) {
	return attachments.By(tx, sc, "holder", holder, store.Page{})
}

func (a *attachment) shown() types.AttachedPolicy {
	return types.AttachedPolicy{PolicyArn: &a.Policy, PolicyName: new(a.Policy[strings.LastIndex(a.Policy, "/")+1:])}
}

// attach gives a managed policy to a user, group or role; one that it has
// already is no error.
func (s *Service) attach(ctx context.Context, kind, name, policyARN string) error {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		h, err := changeableHolder(tx, sc, kind, name)
		if err != nil {
			return err
		}
		if _, err := attachable(tx, sc, policyARN); err != nil {
			return err
		}
		have, err := attachedTo(tx, sc, h.id)
		if err != nil || slices.ContainsFunc(have, func(a *attachment) bool { return a.Policy == policyARN }) {
			return err
		}
		if len(have) >= maxAttached {
			return overQuota("PoliciesPer"+strings.ToUpper(kind[:1])+kind[1:], maxAttached)
		}
		return attachManaged(tx, sc, h.id, policyARN)
	})
}

// detach takes a managed policy from a user, group or role that has it.
func (s *Service) detach(ctx context.Context, kind, name, policyARN string) error {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		h, err := changeableHolder(tx, sc, kind, name)
		if err != nil {
			return err
		}
		if !isPolicyARN(policyARN) {
			return invalidInput("ARN %s is not valid.", policyARN)
		}
		err = attachments.Delete(tx, sc, attachments.Key(&attachment{h.id, policyARN}))
		return orNoSuch(err, "Policy %s was not found.", policyARN)
	})
}

// listAttached lists the managed policies of a user, group or role under a path.
func (s *Service) listAttached(ctx context.Context, kind, name string, prefix *string, a asked) (out []types.AttachedPolicy, page shown, err error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		h, err := findHolder(tx, sc, kind, name)
		if err != nil {
			return err
		}
		all, err := attachedTo(tx, sc, h.id)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(x *attachment) bool { return !strings.HasPrefix(pathOf(x.Policy), pathOr(prefix)) })
		all, page, err = pageFrom(all, a, attachments.Key)
		for _, x := range all {
			out = append(out, x.shown())
		}
		return err
	})
	return out, page, err
}

// pathOf is the path in a policy's ARN.
func pathOf(policyARN string) string {
	_, path, _ := strings.Cut(policyARN, ":policy")
	return path[:strings.LastIndex(path, "/")+1]
}
