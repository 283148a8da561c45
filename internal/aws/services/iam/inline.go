package iam

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// inlinePolicy is a policy that belongs to one user, group or role only.
type inlinePolicy struct {
	Holder   string // the holder's unique id
	Name     string
	Document string // as it was given
}

var inlinePolicies = store.Table[inlinePolicy]{
	Name:    "iam.inlinepolicies",
	Reach:   store.Account,
	Key:     func(p *inlinePolicy) string { return p.Holder + "/" + p.Name },
	Indexes: map[string]func(*inlinePolicy) string{"holder": func(p *inlinePolicy) string { return p.Holder }},
}

// maxInline is how much all inline policies of a holder may hold, in characters
// that are no white space (IAM User Guide, "IAM and AWS STS quotas").
var maxInline = map[string]int{ofUser: 2048, ofGroup: 5120, ofRole: 10240}

// inlineOf lists the inline policies of a holder in the order of their names.
func inlineOf(tx *store.Tx, sc store.Scope, holder string) ([]*inlinePolicy, error) {
	return inlinePolicies.By(tx, sc, "holder", holder, store.Page{})
}

// putInline gives a user, group or role an inline policy, or replaces the one
// of that name.
func (s *Service) putInline(ctx context.Context, kind, name, policyName, document string) error {
	if err := checkIdentityPolicy(document); err != nil {
		return err
	}
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		h, err := changeableHolder(tx, sc, kind, name)
		if err != nil {
			return err
		}
		have, err := inlineOf(tx, sc, h.id)
		if err != nil {
			return err
		}
		size := policy.Size(document)
		for _, p := range have {
			if p.Name != policyName {
				size += policy.Size(p.Document)
			}
		}
		if size > maxInline[kind] {
			return &types.LimitExceededException{Message: new(fmt.Sprintf("Maximum policy size of %d bytes exceeded for %s %s", maxInline[kind], kind, h.name))}
		}
		return inlinePolicies.Put(tx, sc, &inlinePolicy{Holder: h.id, Name: policyName, Document: document})
	})
}

// getInline finds an inline policy of a user, group or role.
func (s *Service) getInline(ctx context.Context, kind, name, policyName string) (h holder, p *inlinePolicy, err error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if h, err = findHolder(tx, sc, kind, name); err != nil {
			return err
		}
		p, err = inlinePolicies.Get(tx, sc, h.id+"/"+policyName)
		return orNoSuch(err, "The %s policy with name %s cannot be found.", kind, policyName)
	})
	return h, p, err
}

// deleteInline takes an inline policy from a user, group or role.
func (s *Service) deleteInline(ctx context.Context, kind, name, policyName string) error {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		h, err := changeableHolder(tx, sc, kind, name)
		if err != nil {
			return err
		}
		err = inlinePolicies.Delete(tx, sc, h.id+"/"+policyName)
		return orNoSuch(err, "The %s policy with name %s cannot be found.", kind, policyName)
	})
}

// listInline lists the names of a holder's inline policies.
func (s *Service) listInline(ctx context.Context, kind, name string, a asked) (names []string, page shown, err error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	names = []string{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		h, err := findHolder(tx, sc, kind, name)
		if err != nil {
			return err
		}
		all, err := inlineOf(tx, sc, h.id)
		if err != nil {
			return err
		}
		all, page, err = pageFrom(all, a, inlinePolicies.Key)
		for _, p := range all {
			names = append(names, p.Name)
		}
		return err
	})
	return names, page, err
}
